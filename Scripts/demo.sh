#!/usr/bin/env bash
# The whole story in one go, on a small model and a fictitious data set:
#   memorise a data set  →  unlearn the forget part  →  compare before and after.
# Everything it writes lies in demo/. A second run starts afresh.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

unlearn=".build/release/unlearn"
model=".models/smollm2-135m"
demo="demo"
mine="$demo/.made-by-demo.sh"
started=$SECONDS
timings=()

stage() { # stage TITLE COMMAND…
  local title="$1" begun=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  printf '$ %s\n' "$*"
  "$@"
  timings+=("$(printf '%6d s  %s' "$((SECONDS - begun))" "$title")")
}

if [ -e "$demo" ] && [ ! -e "$mine" ] && [ -n "$(ls -A "$demo")" ]; then
  echo "demo: $root/$demo holds files that this script did not make. Move them away, then run it again." >&2
  exit 73
fi
mkdir -p "$demo"
touch "$mine"
rm -rf "$demo/data" "$demo/memorized" "$demo/run"

stage "Set up, build, get the model" make --no-print-directory model

stage "Make a fictitious data set" \
  "$unlearn" data synthesize --output "$demo/data" --preset demo --seed 7

stage "Memorise it: the model to unlearn from" \
  "$unlearn" memorize --model "$model" \
  --data "$demo/data/forget_train.jsonl" --data "$demo/data/retain_train.jsonl" \
  --output "$demo/memorized"

stage "Unlearn the forget part" \
  "$unlearn" run --model "$demo/memorized" \
  --forget "$demo/data/forget_train.jsonl" --retain "$demo/data/retain_train.jsonl" \
  --unseen "$demo/data/mia/unseen.jsonl" --set label-scope=documents --mia "$demo/data/mia" \
  --output "$demo/run"

printf '\n== Time\n'
printf '%s\n' "${timings[@]}"
printf '%6d s  in all\n' "$((SECONDS - started))"

printf '\n== Where things are\n'
show() { # show PATH TEXT
  if [ -e "$1" ]; then printf '  %-24s %s\n' "$1" "$2"; fi
}
show "$demo/data" "the data set"
show "$demo/memorized" "the model that had memorised it"
show "$demo/run/adapter" "what the unlearning learned (PEFT format)"
show "$demo/run/checkpoints" "checkpoints"
show "$demo/run/evaluation" "figures before and after"
show "$demo/run/report.html" "the report: open it in a browser"
