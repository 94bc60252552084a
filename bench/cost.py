#!/usr/bin/env python3
"""What looking costs: `davy check` beside 500 processes with 5,000 threads, and unhide on the same machine.

  bench/cost.py                     one run each; prints processor seconds, memory, wall time, and the ratio to unhide
Processor time and memory are those that the kernel accounts to each command.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = str(ROOT / "build" / "release" / "bin" / "davy")
PROCESSES, THREADS = 500, 10
SLEEPER = f"""
import threading, time, sys
for _ in range({THREADS - 1}):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
time.sleep(600)
"""


def measured(command):
    """Runs to the end; gives wall seconds, processor seconds, peak memory in MB and the exit status."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return {"command": " ".join(map(str, command)), "wall": round(time.monotonic() - start, 2), "cpu": round(usage.ru_utime + usage.ru_stime, 3),
            "mb": round(usage.ru_maxrss / 1024, 1), "status": os.waitstatus_to_exitcode(status), "out": out}


def main():
    sleepers = [subprocess.Popen(["/usr/bin/python3", "-S", "-c", SLEEPER]) for _ in range(PROCESSES)]
    try:
        time.sleep(20)
        results = [measured([DAVY, "check", "--format", "jsonl"]), measured([DAVY, "check", "--format", "jsonl", "--for", "11s"]),
                   measured([DAVY, "check", "--format", "jsonl", "--no-bpf"])]
        try:
            results.append(measured(["timeout", "20", "unhide", "quick"]))
        except FileNotFoundError:
            print("unhide is not installed")
    finally:
        for sleeper in sleepers:
            sleeper.kill()
        for sleeper in sleepers:
            sleeper.wait()
    for r in results:
        summary = next((json.loads(l) for l in r["out"].splitlines() if l.startswith('{"type":"summary"')), {})
        print(f"{r['command']:50} wall {r['wall']:6.2f} s  cpu {r['cpu']:6.3f} s  peak {r['mb']:6.1f} MB  status {r['status']}  {summary.get('examined', '')}")
    walking = (results[1]["cpu"] - results[0]["cpu"]) / 10
    print(f"ten further seconds of walking: {walking * 100:.2f} % of one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
