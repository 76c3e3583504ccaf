#!/bin/sh
# nvim_trial.sh LICTOR SCRIPT: a session of a real editor, Neovim's own client, with the server. Skipped (77) without nvim.
set -eu
if ! command -v nvim >/dev/null; then
  echo "skipped: nvim is not installed (./dev setup all installs it)"
  exit 77
fi
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cat >"$folder/lictor.toml" <<'TEXT'
name = "trial"
TEXT
cat >"$folder/types.lictor" <<'TEXT'
module trial.types

/// How much an agent may do.
enum Level { low < high }
entity Agent { level: Level }
TEXT
cat >"$folder/rules.lictor" <<'TEXT'
module trial.rules
use trial.types (Agent, Level)

request Act { agent: Agent }

decision act(r: Act) {
  default deny "no"
  allow able: "😀 {r.agent.level}" if r.agent.level >=   high.
}
TEXT
export HOME="$folder" XDG_CACHE_HOME="$folder/cache" XDG_STATE_HOME="$folder/state" XDG_DATA_HOME="$folder/data"
LICTOR="$1" FOLDER="$folder" timeout 100 nvim --headless --clean -n -c "luafile $2" 2>&1
