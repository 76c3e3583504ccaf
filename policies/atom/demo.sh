#!/usr/bin/env bash
# The ATOM pack at work: checked, tested, decided on 1,200 real-shaped requests, one denial explained, all of it audited.
# LICTOR names the command; its neighbour example_atom_demo does the deciding.
set -euo pipefail
here="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
root="$(dirname "$(dirname "$here")")"
LICTOR="${LICTOR:-$root/build/release/bin/lictor}"
program="$(dirname "$LICTOR")/example_atom_demo"
for needed in "$LICTOR" "$program"; do
  [[ -x "$needed" ]] || { echo "demo: $needed is not built; ./dev build does it" >&2; exit 2; }
done
cd "$root"
mkdir -p build/demo
rm -f build/demo/atom.audit build/demo/atom.audit-wal build/demo/atom.audit-shm

dim='' plain=''
if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then dim=$'\033[2m' plain=$'\033[0m'; fi
run() {
  printf '%s$ lictor %s%s\n' "$dim" "$*" "$plain"
  "$LICTOR" "$@"
}
run check policies/atom
run test policies/atom
"$program" policies/atom policies/atom/requests.jsonl build/demo/atom.audit
