#!/usr/bin/env python3
"""Fails when the tree holds a private key (a PEM header with key material behind it). Usage: check_tree.py SOURCE_DIR"""
import pathlib
import re
import subprocess
import sys

KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40,}")


def main():
    root = pathlib.Path(sys.argv[1])
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False).stdout.split(b"\0")
    names = [root / name.decode() for name in listed if name] or [p for p in root.rglob("*") if "build" not in p.parts]
    found = [path for path in names if path.is_file() and KEY.search(path.read_bytes())]
    for path in found:
        print(f"{path} holds a private key")
    return 1 if found else 0


sys.exit(main())
