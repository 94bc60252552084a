#!/usr/bin/env python3
"""Replays every recording of tests/scenarios/ and compares the findings with the .expected file beside it.

A line of .expected is "hypothesis verdict", with "no-pool" behind it when the finding must say that no pool was seen;
an empty file expects no finding. Each recording is replayed twice and must give the same bytes.
Usage: run_scenarios.py DAVY SCENARIO_FOLDER
"""
import json
import pathlib
import subprocess
import sys


def replay(davy, recording):
    ran = subprocess.run([davy, "replay", "--format", "jsonl", str(recording)], capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise SystemExit(f"{recording.name}: exit status {ran.returncode}: {ran.stderr}")
    return ran.stdout


def describe(finding):
    no_pool = " no-pool" if "no pool seen" in finding["explanation"]["en"] and "no pool seen" in finding["explanation"]["zh"] else ""
    return f"{finding['hypothesis']} {finding['verdict']}{no_pool}"


def fits(expected, seen):
    """The words of the expectation are all there; nothing more is found than expected."""
    return len(expected) == len(seen) and all(any(set(e.split()) <= set(s.split()) for s in seen) for e in expected)


def main():
    davy, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    recordings = sorted(folder.glob("*.davyrec"))
    failed = 0
    for recording in recordings:
        first, second = replay(davy, recording), replay(davy, recording)
        seen = [describe(f) for f in map(json.loads, first.splitlines()) if f["type"] == "finding"]
        expected = recording.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
        if first != second or not fits(expected, seen):
            failed += 1
            print(f"{recording.name}: expected {expected}, found {seen}" + ("" if first == second else ", and not twice the same"))
    print(f"{len(recordings) - failed} of {len(recordings)} scenarios as expected")
    return 1 if failed or not recordings else 0


sys.exit(main())
