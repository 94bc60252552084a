#!/usr/bin/env python3
"""Fails when a function has over 70 lines, a file over 500, or a folder over 25 pairs of source and header."""
import pathlib
import re
import sys

FUNCTION_MAX, FILE_MAX, PAIRS_MAX = 70, 500, 25
START = re.compile(r"^(?!namespace|class|struct|enum|extern|constexpr|const |static |using|#|//|\}|union|template <)[A-Za-z_].*\{$")


def functions(lines):
    """Line number and length of each function that starts at the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and START.match(line):
            start = number
        elif start is not None and line.startswith("}"):
            yield start, number - start + 1
            start = None


def complaints(root):
    for path in sorted(root.glob("src/**/*")):
        if path.suffix not in {".h", ".cpp", ".c"}:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > FILE_MAX:
            yield f"{path}: {len(lines)} lines"
        yield from (f"{path}:{at}: a function of {size} lines" for at, size in functions(lines) if size > FUNCTION_MAX)
    for folder in sorted({p.parent for p in root.glob("src/**/*.h")}):
        pairs = len(list(folder.glob("*.h")))
        if pairs > PAIRS_MAX:
            yield f"{folder}: {pairs} pairs"


def main():
    found = list(complaints(pathlib.Path(__file__).resolve().parent.parent))
    print("\n".join(found) or "sizes are within their limits")
    return 1 if found else 0


sys.exit(main())
