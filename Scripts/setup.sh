#!/usr/bin/env bash
# Prepares this folder for `swift build`: LibTorch (.libtorch), Arrow C++ (.arrow) and, on request, a small model.
#
#   Scripts/setup.sh            the two libraries
#   Scripts/setup.sh --model    … and SmolLM2-135M-Instruct (93 MB) under .models/
#
# Works from any directory. A second run changes nothing and takes less than a second.
set -euo pipefail

scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$scripts")"

usage() {
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  cat <<'END'

Variables it reads:
  LIBTORCH     a folder with include/ and lib/: an unzipped LibTorch, or site-packages/torch
  ARROW_HOME   a folder with include/ and lib/: an Arrow C++ installation, or site-packages/pyarrow
END
}

arguments=()
for argument in "$@"; do
  case "$argument" in
    --model) arguments+=("$argument") ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      echo "setup: unknown option '$argument' (known: --model, --help)" >&2
      exit 64
      ;;
  esac
done

# Every missing tool is named in one go: nobody should have to run this three times to learn three things.
missing=()

at_least() { # at_least FOUND MAJOR MINOR
  local major minor
  major="${1%%.*}"
  minor="${1#*.}"
  minor="${minor%%.*}"
  [ "$major" -gt "$2" ] || { [ "$major" -eq "$2" ] && [ "$minor" -ge "$3" ]; }
}

swift_version=""
if command -v swift >/dev/null 2>&1; then
  swift_version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9.]*\).*/\1/p' | head -n 1 || true)"
fi
if [ -z "$swift_version" ] || ! at_least "$swift_version" 6 2; then
  missing+=("swift 6.2 or newer (found: ${swift_version:-none}). Get it from https://www.swift.org/install; on macOS also with Xcode 26.")
fi

git_version=""
if command -v git >/dev/null 2>&1; then
  git_version="$(git --version 2>/dev/null | sed -n 's/^git version \([0-9][0-9.]*\).*/\1/p' || true)"
fi
if [ -z "$git_version" ]; then
  missing+=("git (found: none). Debian and Ubuntu: apt install git. Fedora: dnf install git. macOS: xcode-select --install.")
fi

python_version=""
python_pip=""
if command -v python3 >/dev/null 2>&1; then
  read -r python_version python_pip < <(python3 -c '
import importlib.util, sys
print("%d.%d.%d" % sys.version_info[:3], "pip" if importlib.util.find_spec("pip") else "none")' 2>/dev/null) || true
fi
if [ -z "$python_version" ] || ! at_least "$python_version" 3 9; then
  missing+=("python3 3.9 or newer (found: ${python_version:-none}). Debian and Ubuntu: apt install python3 python3-pip. Fedora: dnf install python3 python3-pip. macOS: xcode-select --install.")
elif [ "$python_pip" != "pip" ]; then
  missing+=("pip for python3 $python_version (found: none). Debian and Ubuntu: apt install python3-pip. Elsewhere: python3 -m ensurepip --user.")
fi

if [ "${#missing[@]}" -gt 0 ]; then
  echo "setup: ${#missing[@]} missing:" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  echo "Python is needed here only; the program itself never runs it." >&2
  exit 69
fi

SETUP_SWIFT="$swift_version" SETUP_GIT="$git_version" PYTHONDONTWRITEBYTECODE=1 \
  exec python3 "$scripts/setup/main.py" --root "$root" ${arguments[@]+"${arguments[@]}"}
