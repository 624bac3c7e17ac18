#!/usr/bin/env bash
# Writes the reference of the Swift library with the toolchain's own DocC; no package plug-in is needed.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
graphs=".build/symbol-graphs"
site=".build/documentation"

docc="$(command -v docc || xcrun --find docc 2>/dev/null || true)"
if [ -z "$docc" ]; then
  echo "docs: docc was not found; it comes with the Swift toolchain, beside swift." >&2
  exit 69
fi

rm -rf "$graphs" "$site"
mkdir -p "$graphs"
# Only modules compiled in this run write their graph, so the documentation has a build folder of its own.
swift build -c release --scratch-path .build/documentation-build \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$root/$graphs"

# The graphs of the dependencies are written too; these are ours.
for module in Basics Torch Tokenizers Checkpoints LanguageModels Datasets Evaluation Unlearning; do
  ours="$graphs/ours/$module"
  mkdir -p "$ours"
  mv "$graphs/$module".symbols.json "$graphs/$module"@*.symbols.json "$ours/" 2>/dev/null || true
  "$docc" convert --additional-symbol-graph-dir "$ours" --fallback-display-name "$module" \
    --fallback-bundle-identifier "swift-unlearning.$module" --output-path "$site/$module" >/dev/null
  echo "$site/$module/index.html"
done
echo "Serve them with: python3 -m http.server --directory $site/Unlearning"
