"""Makes Sources/LazyTorch/functions.c out of Sources/CTorch/include/ctorch.h: each function of the header, as one that
looks itself up in the library CTorch when it is first called.

    python3 Scripts/make_torch_functions.py            # after a change of the header
    python3 Scripts/make_torch_functions.py --check    # whether that was forgotten
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT / "Sources/CTorch/include/ctorch.h"
FILE = ROOT / "Sources/LazyTorch/functions.c"

HEAD = """// Made by Scripts/make_torch_functions.py from Sources/CTorch/include/ctorch.h.
#include <stdatomic.h>

#include "include/LazyTorch.h"
#include "library.h"

// The function of a name, looked up once; threads that come at the same time find the same.
static void *found(_Atomic(void *) *kept, const char *name) {
  void *function = atomic_load_explicit(kept, memory_order_acquire);
  if (!function) {
    function = lazytorch_function(name);
    atomic_store_explicit(kept, function, memory_order_release);
  }
  return function;
}
"""


def parameters(text):
    """(declaration, name) of each parameter; that of a function pointer stands in its middle."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(" ".join(text[start:index].split()))
            start = index + 1
    if parts == ["void"]:
        return []
    return [(part, re.search(r"\(\*(\w+)\)|(\w+)$", part).group(1) or part.split()[-1].lstrip("*")) for part in parts]


def function(result, name, arguments):
    found = parameters(arguments)
    declared = ", ".join(declaration for declaration, _ in found) or "void"
    call = f"((__typeof__(&{name}))found(&kept, \"{name}\"))({', '.join(name for _, name in found)})"
    space = "" if result.endswith("*") else " "
    return (f"\n{result}{space}{name}({declared}) {{\n  static _Atomic(void *) kept;\n"
            f"  {'' if result == 'void' else 'return '}{call};\n}}\n")


def text():
    header = re.sub(r"//[^\n]*", "", HEADER.read_text(encoding="utf-8"))
    found = re.findall(r"^((?:const )?\w+ \*?)(ctorch_\w+)\(((?:[^();]|\([^()]*\))*)\);", header, flags=re.MULTILINE)
    declared = len(re.findall(r"\bctorch_\w+\((?!\*)", header))
    if len(found) != declared:
        sys.exit(f"{HEADER.name}: {declared} functions, of which {len(found)} could be read")
    return HEAD + "".join(function(result.strip(), name, arguments) for result, name, arguments in found)


def main():
    if "--check" in sys.argv[1:]:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != text():
            sys.exit(f"{FILE.relative_to(ROOT)} is not that of {HEADER.name}: run python3 {Path(__file__).relative_to(ROOT)}")
        return
    FILE.write_text(text(), encoding="utf-8")
    print(f"written: {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
