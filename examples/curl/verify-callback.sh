#!/bin/sh
# Checks the signature of a callback, as Standard Webhooks has it.
# usage: verify-callback.sh SECRET WEBHOOK-ID WEBHOOK-TIMESTAMP WEBHOOK-SIGNATURE BODY-FILE
# SECRET is `whsec_…` of GET /v1/callbacks/secret; the others are headers of the request, the body as it came.
set -eu

secret=${1#whsec_}
key=$(printf '%s' "$secret" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')

age=$(($(date +%s) - $3))
[ "${age#-}" -le 300 ] || { echo "too old: $age s" >&2; exit 1; }

expected=$( (printf '%s.%s.' "$2" "$3"; cat "$5") | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
for signature in $4; do
  [ "$signature" = "v1,$expected" ] && { echo ok; exit 0; }
done
echo 'the signature does not fit' >&2
exit 1
