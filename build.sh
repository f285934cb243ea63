#!/usr/bin/env bash
# Builds the pipeline when what it is made of has changed, and runs it. What it can do: ./build.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

program=artifacts/bin/Build/release/ServeBench.Build
stamp=artifacts/build.stamp
log=artifacts/build.log

# True when the program is newer than everything it is made of. Folders count too: removing a file changes its folder's time.
# Catalogue files (YAML) do not: the program reads them at every start.
current() {
  [[ -x $program && -f $stamp ]] || return 1
  [[ -z $(find build src global.json Directory.Build.props Directory.Packages.props .editorconfig \
    -not -path 'src/stacks/*' \( -type d -o -not -name '*.md' \) -newer "$stamp" -print -quit) ]]
}

fail() {
  echo "$1" >&2
  exit 1
}

require_sdk() {
  local get="install it from https://dotnet.microsoft.com/download and run this again." found
  command -v dotnet >/dev/null || fail "The .NET SDK 10 is missing: $get"
  found=$(dotnet --version 2>/dev/null) || fail "The .NET SDK 10 is missing (there is: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')): $get"
  [[ $found =~ ^([0-9]+)\. ]] || fail "The .NET SDK here does not work (dotnet --version says '${found:0:80}'): $get"
  [[ ${BASH_REMATCH[1]} -ge 10 ]] || fail "The .NET SDK here is $found and 10 is needed: $get"
}

# Runs one step quietly; its output is shown only when it fails.
step() {
  local what=$1
  shift
  [[ -t 1 ]] && printf '%s...' "$what"
  if ! "$@" >"$log" 2>&1 9>&-; then
    [[ -t 1 ]] && printf '\r\033[K'
    tail -n 40 "$log" >&2
    fail "$what failed; the whole output is in $log."
  fi
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
}

# ONNX Runtime's native library would otherwise report its use over the network, from threads on measured cores.
export ORT_DISABLE_TELEMETRY=1

# True when the command measures: then the lock against a second measurement matters before anything is built, too.
measures() {
  local command=" $* "
  shopt -s nocasematch
  [[ $command =~ (--target[=\ ]|\ -t[=\ ])(Benchmark|Calibrate|Ceiling|Load|Verify)\  ]]
}

if ! current; then
  # Only asked for here: building is no measurement. The program takes it, and holds it (MachineLock.cs).
  lock=/tmp/servebench.lock
  if command -v flock >/dev/null && measures "$@" && [[ -r $lock ]] && ! flock --nonblock 8 8<"$lock"; then
    fail "another measurement is under way on this machine (process $(cat "$lock.owner" 2>/dev/null || echo unknown)), and building would disturb it. Wait until it has finished."
  fi
  require_sdk
  mkdir -p artifacts 2>/dev/null && [[ -w artifacts ]] || fail "$PWD/artifacts cannot be written to: make the checkout writable, or clone it to where it is."
  # The SDK keeps its own in the home folder; where nothing can be written there, it stays within the checkout.
  [[ -n ${DOTNET_CLI_HOME:-} || ( -n ${HOME:-} && -w $HOME ) ]] || export DOTNET_CLI_HOME=$PWD/artifacts/home
  # Two first starts at once would build into the same folders; the second waits, and then finds everything built.
  if command -v flock >/dev/null; then
    exec 9>artifacts/build.lock
    flock 9
  fi
fi
if ! current; then
  # Taken before the build: what changes meanwhile is built the next time.
  touch "$stamp.new"
  step "Building the pipeline" dotnet build build/Build.csproj --configuration Release -nologo -v quiet
  mv "$stamp.new" "$stamp"
fi
exec 9>&-

exec "$program" "$@"
