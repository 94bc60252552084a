#!/usr/bin/env python3
"""What looking costs: `davy check` beside 500 processes with 5,000 threads, and unhide on the same machine.

  bench/cost.py                     one run each; prints processor seconds, memory, wall time, and the ratio to unhide
Processor time and memory are those that the kernel accounts to each command. Continuous walking is the difference between
31 seconds of looking and one, divided by 30: once with the sleepers alone, once beside two busy and twenty restless processes.
"""
import json
import os
import pathlib
import shutil
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


BUSY = "while True: sum(range(1000))"
RESTLESS = "import time\nwhile True: sum(range(20000)); time.sleep(0.1)"


def python(program, count):
    return [subprocess.Popen(["/usr/bin/python3", "-S", "-c", program]) for _ in range(count)]


def end(processes):
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def show(result):
    summary = next((json.loads(l) for l in result["out"].splitlines() if l.startswith('{"type":"summary"')), {})
    print(f"{result['command']:50} wall {result['wall']:6.2f} s  cpu {result['cpu']:6.3f} s  peak {result['mb']:6.1f} MB  "
          f"status {result['status']}  {summary.get('examined', '')}", flush=True)


def walking(title, *words):
    """What thirty further seconds cost, in per cent of one core."""
    looks = [measured([DAVY, "check", "--format", "jsonl", *words, "--for", f"{seconds}s"]) for seconds in (1, 31)]
    for look in looks:
        show(look)
    print(f"continuous walking, {title}: {(looks[1]['cpu'] - looks[0]['cpu']) / 30 * 100:.2f} % of one core", flush=True)


def main():
    sleepers = python(SLEEPER, PROCESSES)
    active = []
    try:
        time.sleep(20)
        show(measured([DAVY, "check", "--format", "jsonl", "--no-bpf"]))
        walking("sleepers alone")
        walking("sleepers alone, from /proc", "--no-bpf")
        active = python(BUSY, 2) + python(RESTLESS, 20)
        walking("beside two busy and twenty restless processes")
        end(active)
        active = []
        if shutil.which("unhide"):
            show(measured(["timeout", "60", "unhide", "quick"]))
        else:
            print("unhide is not installed")
    finally:
        end(active + sleepers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
