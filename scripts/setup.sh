# Brings what a clone lacks. Sourced by ./facefusion and ./check with `root` set to the clone; POSIX sh.
# Says what it does on stderr and nothing when there is nothing to do. Exit codes are those of docs/errors.md.

cache="$root/.cache"
lock="$cache/setup.lock"
lock_held=

EXIT_BUG=1
EXIT_MODEL=5
EXIT_ENVIRONMENT=6

say() { printf 'facefusion: %s\n' "$*" >&2; }

fail() { # code message hint
  printf 'error[%s]: %s\nhint: %s\ndocs: docs/errors.md#%s\n' "$2" "$3" "$4" "$2" >&2
  exit "$1"
}

# True when any of the given files and folders (or anything inside them) is newer than the stamp.
is_newer() { # stamp path...
  stamp=$1
  shift
  [ ! -f "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" 2>/dev/null | head -n 1)" ]
}

# Runs a command with its output in a log file, which is kept and shown when the command fails.
run_logged() { # log-name exit-code error-code what command...
  log="$cache/logs/$1.log"
  code=$2
  name=$3
  what=$4
  shift 4
  mkdir -p "$cache/logs"
  say "$what …"
  if ! "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "$code" "$name" "The step failed: $what." "Read the whole log: $log"
  fi
}

# ---- one set-up at a time ---------------------------------------------------------------------------------------

unlock() {
  [ -z "$lock_held" ] || rm -rf "$lock"
  lock_held=
}

# A lock whose owner was killed is taken over; `takeover` lets only one of several waiting runs do so.
remove_dead_lock() {
  owner=$(cat "$lock/pid" 2>/dev/null) || return 0
  [ -n "$owner" ] || return 0
  kill -0 "$owner" 2>/dev/null && return 0
  mkdir "$cache/setup.takeover" 2>/dev/null || return 0
  [ "$(cat "$lock/pid" 2>/dev/null)" != "$owner" ] || rm -rf "$lock"
  rmdir "$cache/setup.takeover"
}

take_lock() {
  [ -z "$lock_held" ] || return 0
  mkdir -p "$cache"
  told=
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$cache" ] && [ -w "$cache" ] ||
      fail "$EXIT_ENVIRONMENT" SETUP_FAILED "Expected a folder that can be written: $cache" "Run once as a user who may write there."
    [ -n "$told" ] || say "another run is setting up; waiting"
    told=yes
    remove_dead_lock
    sleep 0.2
  done
  lock_held=yes
  echo $$ >"$lock/pid"
  trap unlock EXIT
  trap 'unlock; exit 130' INT
  trap 'unlock; exit 143' TERM HUP
}

# ---- Node -------------------------------------------------------------------------------------------------------

ensure_node() {
  version=$(node --version 2>/dev/null) ||
    fail "$EXIT_ENVIRONMENT" NODE_TOO_OLD "Node is not installed or not on the path." \
      "Install Node 20.19 or newer: https://nodejs.org/en/download"
  major=${version#v}
  minor=${major#*.}
  major=${major%%.*}
  minor=${minor%%.*}
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "$EXIT_ENVIRONMENT" NODE_TOO_OLD "Expected Node 20.19 or newer, found $version." \
      "Install a newer one: https://nodejs.org/en/download"
  fi
}

# ---- ffmpeg -----------------------------------------------------------------------------------------------------

# The variables that name another ffmpeg are those of src/media/find-ffmpeg.ts.
named_ffmpeg=${FACEFUSION_FFMPEG:-${FFMPEG_PATH:-}}

# A build from git has no number ("N-109468-g…"); those are taken as new.
ffmpeg_is_new_enough() { # program
  number=$("$1" -version 2>/dev/null | sed -n '1s/^[a-z]* version n\{0,1\}\([0-9]*\.[0-9]*\).*/\1/p')
  case $number in
    '') "$1" -version >/dev/null 2>&1 ;;
    *) [ "${number%%.*}" -gt 5 ] || { [ "${number%%.*}" -eq 5 ] && [ "${number#*.}" -ge 1 ]; } ;;
  esac
}

ffmpeg_is_fine() {
  ffmpeg=${named_ffmpeg:-$(command -v ffmpeg)} && command -v "$ffmpeg" >/dev/null 2>&1 || return 1
  [ -n "${FFPROBE_PATH:-}" ] || [ -n "$named_ffmpeg" ] || command -v ffprobe >/dev/null 2>&1 || return 1
  # Asking for the version costs up to seconds on a cold disk: asked once per binary.
  if [ -f "$cache/ffmpeg.stamp" ] && [ "$(cat "$cache/ffmpeg.stamp")" = "$ffmpeg" ] &&
    [ -z "$(find -L "$ffmpeg" -newer "$cache/ffmpeg.stamp" 2>/dev/null)" ]; then
    return 0
  fi
  ffmpeg_is_new_enough "$ffmpeg" || return 1
  mkdir -p "$cache" && echo "$ffmpeg" >"$cache/ffmpeg.stamp"
}

install_ffmpeg() {
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  apt-get update && apt-get install -y --no-install-recommends ffmpeg
}

ensure_ffmpeg() {
  ffmpeg_is_fine && return 0
  line='sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg'
  [ "$(uname -s)" != Darwin ] || line='brew install ffmpeg'
  if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1 &&
    [ -z "$named_ffmpeg" ]; then
    take_lock
    ffmpeg_is_fine && return 0
    run_logged ffmpeg "$EXIT_ENVIRONMENT" FFMPEG_NOT_FOUND 'installing ffmpeg with apt-get' install_ffmpeg
    ffmpeg_is_fine && return 0
    line='see https://ffmpeg.org/download.html'
  fi
  fail "$EXIT_ENVIRONMENT" FFMPEG_NOT_FOUND 'Expected ffmpeg and ffprobe 5.1 or newer on the path.' "$line"
}

# ---- what only tests need ---------------------------------------------------------------------------------------

test_programs_are_fine() {
  command -v redis-server >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 &&
    command -v "${CHROMIUM_PATH:-chromium-headless-shell}" >/dev/null 2>&1
}

install_test_programs() {
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  # None is to run as a service: tests start their own on free ports.
  RUNLEVEL=1
  export RUNLEVEL
  # The font shows Chinese as readers of it see it.
  apt-get update && apt-get install -y --no-install-recommends redis-server prometheus chromium-headless-shell fonts-noto-cjk
}

ensure_test_programs() {
  test_programs_are_fine && return 0
  if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
    take_lock
    test_programs_are_fine && return 0
    run_logged test-programs "$EXIT_ENVIRONMENT" SETUP_FAILED 'installing Redis, promtool and Chromium with apt-get' install_test_programs
    test_programs_are_fine && return 0
  fi
  fail "$EXIT_ENVIRONMENT" SETUP_FAILED 'Expected redis-server, promtool and chromium-headless-shell on the path: tests need them.' \
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server prometheus chromium-headless-shell fonts-noto-cjk'
}

# ---- packages, models, code -------------------------------------------------------------------------------------

# npm writes its own lock last; where it is newer than ours, the folder was installed by hand and counts.
packages_are_fine() {
  stamp="$root/node_modules/.facefusion-lock.json"
  cmp -s "$root/package-lock.json" "$stamp" && return 0
  [ -f "$stamp" ] || [ ! -f "$root/node_modules/.package-lock.json" ] && return 1
  [ -z "$(find "$root/package-lock.json" -newer "$root/node_modules/.package-lock.json")" ] || return 1
  cp "$root/package-lock.json" "$stamp"
}

install_packages() { (cd "$root" && npm ci --include=dev --no-audit --no-fund --loglevel=error); }

ensure_packages() {
  packages_are_fine && return 0
  take_lock
  packages_are_fine && return 0
  run_logged packages "$EXIT_ENVIRONMENT" SETUP_FAILED 'installing packages (npm ci)' install_packages
  cp "$root/package-lock.json" "$root/node_modules/.facefusion-lock.json"
}

models_are_fine() {
  [ -f "$root/models/manifest.json" ] &&
    ! is_newer "$cache/models.stamp" "$root/models" "$root/scripts/build-models" "$root/package-lock.json"
}

build_models() { (cd "$root" && npm run --silent build:models); }

ensure_models() {
  models_are_fine && return 0
  take_lock
  models_are_fine && return 0
  run_logged models "$EXIT_MODEL" MODEL_NOT_FOUND 'building models' build_models
  touch "$cache/models.stamp"
}

code_is_fine() {
  [ -f "$root/dist/cli/main.js" ] &&
    ! is_newer "$cache/build.stamp" "$root/src" "$root/tsconfig.json" "$root/tsconfig.build.json" "$root/vite.config.ts" "$root/package.json"
}

# The stamp carries the time at which the compiler began, so that an edit during the build counts; the generated kernels
# are made before, so that they do not.
build_code() {
  (cd "$root" && npm run --silent build:kernels && touch "$cache/build.started" && npm run --silent build:code)
}

ensure_code() {
  code_is_fine && return 0
  take_lock
  code_is_fine && return 0
  run_logged build "$EXIT_BUG" INTERNAL 'building the code' build_code
  mv "$cache/build.started" "$cache/build.stamp"
}
