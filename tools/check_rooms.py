#!/usr/bin/env python3
"""Fails when a source includes a room above or beside its own, or one that its CMake target does not list.

The order is the table of docs/architecture.md. Usage: check_rooms.py SOURCE_DIR [--self-test]
"""
import pathlib
import re
import sys
import tempfile

LINES = [
    ["base"],
    ["model", "match", "net"],
    ["mining", "intel", "exchange", "formats"],
    ["content", "network", "host"],
    ["detection"],
    ["response", "store", "stream", "report"],
    ["agent", "governance"],
    ["cli", "server"],
]
LEVEL = {room: level for level, rooms in enumerate(LINES) for room in rooms}
BESIDE = {("intel", "mining")}  # the one allowed include on the same line
ONLY = {"detection": {"base", "model", "intel"}}  # knows no sensor
OUTSIDE = {"drill"}  # the exercise twin: base only, and nobody includes it
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"/]+)/')
ROOM = re.compile(r"davy_room\(\s*NAME\s+(\w+)(.*?)\)", re.S)
KEYWORDS = {"SOURCES", "LIBRARIES", "TESTS", "TEST_LIBRARIES", "FUZZ"}


def allowed(room, other):
    if other == room or (room in OUTSIDE and other == "base"):
        return True
    if room in OUTSIDE or other in OUTSIDE or other not in LEVEL or room not in LEVEL:
        return False
    if room in ONLY:
        return other in ONLY[room]
    return LEVEL[other] < LEVEL[room] or (room, other) in BESIDE


def declared_dependencies(folder):
    """The DEPENDS of the room's CMakeLists.txt, with what those depend on left out: None when it is no davy_room."""
    listing = folder / "CMakeLists.txt"
    if not listing.exists():
        return None
    match = ROOM.search(listing.read_text())
    if not match:
        return None
    words = match.group(2).split()
    depends, taking = set(), False
    for word in words:
        if word in KEYWORDS:
            taking = False
        elif taking:
            depends.add(word)
        if word == "DEPENDS":
            taking = True
    return depends


def complaints(source_dir):
    src = pathlib.Path(source_dir) / "src"
    for folder in sorted(path for path in src.iterdir() if path.is_dir()):
        room = folder.name
        if room not in LEVEL and room not in OUTSIDE:
            yield f"src/{room}: no such room in the house"
            continue
        declared = declared_dependencies(folder)
        for other in sorted(declared or ()):
            if not allowed(room, other):
                yield f"src/{room}/CMakeLists.txt: {room} may not depend on {other}"
        for path in sorted(folder.rglob("*")):
            if path.suffix not in {".h", ".cpp", ".c"}:
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                found = INCLUDE.match(line)
                other = found.group(1) if found else None
                if other is None or (other not in LEVEL and other not in OUTSIDE):
                    continue
                where = f"{path.relative_to(source_dir)}:{number}"
                if not allowed(room, other):
                    yield f"{where}: {room} may not include {other}"
                elif declared is not None and other != room and other not in declared:
                    yield f"{where}: includes {other}, which src/{room}/CMakeLists.txt does not list under DEPENDS"


def self_test():
    """The checker must find an upward, a sideways and an undeclared include that we plant."""
    with tempfile.TemporaryDirectory() as root:
        for room, include in (("base", "model/finding.h"), ("model", "match/x.h"), ("detection", "host/x.h")):
            folder = pathlib.Path(root) / "src" / room
            folder.mkdir(parents=True)
            (folder / "x.cpp").write_text(f'#include "{include}"\n')
        folder = pathlib.Path(root) / "src" / "host"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text("davy_room(NAME host DEPENDS base SOURCES x.cpp)\n")
        (folder / "x.cpp").write_text('#include "mining/wallet.h"\n')
        found = list(complaints(root))
        assert len(found) == 4, found


def main():
    self_test()
    found = list(complaints(sys.argv[1]))
    for complaint in found:
        print(complaint)
    print(f"rooms: {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
