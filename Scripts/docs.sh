#!/usr/bin/env bash
# Writes the reference of the Swift library with the toolchain's own DocC; no package plug-in is needed.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
build=".build/documentation-build"
graphs="$build/symbol-graphs"
site=".build/documentation"

docc="$(command -v docc || xcrun --find docc 2>/dev/null || true)"
if [ -z "$docc" ]; then
  echo "docs: docc was not found; it comes with the Swift toolchain, beside swift." >&2
  exit 69
fi

mkdir -p "$graphs" "$site"
# A module writes its graph when it is compiled, so the documentation has a build folder of its own, and keeps it.
swift build -c release --scratch-path "$build" \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$root/$graphs"

# The graphs of the dependencies are written too; these are ours.
for module in Basics Torch Tokenizers Checkpoints LanguageModels Datasets Evaluation Unlearning Reports; do
  ours="$build/graphs-of/$module"
  rm -rf "$ours" "${site:?}/$module"
  mkdir -p "$ours"
  cp "$graphs/$module".symbols.json "$ours/"
  for extension in "$graphs/$module"@*.symbols.json; do
    if [ -e "$extension" ]; then cp "$extension" "$ours/"; fi
  done
  "$docc" convert --additional-symbol-graph-dir "$ours" --fallback-display-name "$module" \
    --fallback-bundle-identifier "swift-unlearning.$module" --output-path "$site/$module" >/dev/null
  echo "$site/$module"
done
echo "Look at one with: python3 -m http.server --directory $site/Unlearning, then /documentation/unlearning"
