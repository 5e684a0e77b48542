#!/bin/sh
# Swaps a face by the HTTP API: upload, job, events, output.
# usage: swap.sh FACE TARGET [OUTPUT-FOLDER]     CALLBACK_URL=… also has the end of the job told there
set -eu

face=$1
target=$2
folder=${3:-.}
url=${FACEFUSION_URL:-http://127.0.0.1:7861}

# A request, with the key where there is one.
request() {
  if [ -n "${FACEFUSION_KEY:-}" ]; then set -- -H "authorization: Bearer $FACEFUSION_KEY" "$@"; fi
  curl --silent --show-error --fail-with-body "$@"
}

# The same for an answer in JSON. A failure is told in the service's own words.
ask() {
  answer=$(request "$@") || { printf '%s\n' "$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# The first value of a name in JSON on standard input.
first() { tr ',{' '\n\n' | sed -n "s/^\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

upload() {
  asset=$(ask -F "file=@$1" "$url/v1/assets")
  printf '%s\n' "$asset" | first id
}

face_id=$(upload "$face")
target_id=$(upload "$target")
echo "uploaded $face_id and $target_id"

callback=
[ -z "${CALLBACK_URL:-}" ] || callback=",\"callback\":{\"url\":\"$CALLBACK_URL\"}"
created=$(ask -H 'content-type: application/json' -H "idempotency-key: swap-$$-$(date +%s)" \
  -d "{\"sources\":[\"$face_id\"],\"target\":\"$target_id\",\"options\":{\"preset\":\"fast\"}$callback}" \
  "$url/v1/jobs")
job=$(printf '%s\n' "$created" | first id)
echo "job $job"

# Ends when the job has.
request --no-buffer "$url/v1/jobs/$job/events" | sed -n 's/^data: //p'

outputs=$(ask "$url/v1/jobs/$job/outputs")
printf '%s\n' "$outputs" | tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)".*/\1/p' | while read -r name; do
  request --create-dirs --output "$folder/$name" "$url/v1/jobs/$job/outputs/$name"
  echo "saved $folder/$name"
done
