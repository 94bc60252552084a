#!/usr/bin/env python3
"""Runs the exercise twin in its disguises and counts what `davy check` makes of it.

Everything stays on loopback and ends by itself. Needs root for the hiding disguises.
  bench/twin_runs.py --runs 10                 ten runs of each disguise, half of them scrubbed
  bench/twin_runs.py --runs 10 --only renamed  one disguise
  bench/twin_runs.py --duty-long 100           10 % duty with --for 15s, that many runs
  bench/twin_runs.py --algorithms 5            scrypt, argon2id and sha256d with a pool
Prints a table; exits 1 when a run missed what docs/measurements.md promises.
"""
import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / "release" / "bin"
DAVY, DRILL = str(BIN / "davy"), str(BIN / "davy-drill")
ORDER = ["clear", "suspicious", "likely", "confirmed"]
# name -> (words for `mine`, pool, words before `davy`: how it is hidden)
DISGUISES = {
    "plain": ([], False, None),
    "pool": ([], True, None),
    "renamed": (["--disguise", "renamed"], True, None),
    "memfd": (["--disguise", "memfd"], True, None),
    "deleted": (["--disguise", "deleted"], True, None),
    "bind-mount": ([], True, "bind-mount"),
    "preload": ([], True, "preload"),
    "duty-50": (["--duty", "50"], True, None),
    "duty-25": (["--duty", "25"], True, None),
    "nice": (["--disguise", "nice"], True, None),
    "namespaces": (["--disguise", "namespaces"], True, None),
    "no-network": (["--disguise", "renamed"], False, None),
    "stdin-config": (["--disguise", "stdin-config"], True, None),
    "throttle": (["--disguise", "throttle"], True, None),
}


class Twin:
    """A mock pool, when wanted, and a mock miner; both end with the `with` block."""

    def __init__(self, words, pool, seconds=60):
        self.words, self.wants_pool, self.seconds = words, pool, seconds
        self.processes = []

    def start(self, words, first_word):
        from_stdin = "stdin-config" in words
        process = subprocess.Popen([DRILL, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   stdin=subprocess.PIPE if from_stdin else subprocess.DEVNULL)
        self.processes.append(process)
        if from_stdin:
            address = words[words.index("--pool") + 1]
            config = subprocess.run([DRILL, "config", "--pool", address], capture_output=True, text=True, check=True).stdout
            process.stdin.write(config)
            process.stdin.close()
        for line in process.stdout:
            if line.startswith(first_word):
                return int(line.split()[1])
        raise RuntimeError(f"davy-drill {' '.join(words)} said nothing of {first_word}")

    def __enter__(self):
        port = self.start(["pool", "--seconds", str(self.seconds)], "port") if self.wants_pool else None
        address = f"127.0.0.1:{port}" if port else "none"
        self.pid = self.start(["mine", "--pool", address, "--seconds", str(self.seconds), *self.words], "ready")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait()


def check(pid, hidden, words=()):
    command = [DAVY, "check", "--format", "jsonl", *words]
    if hidden:
        command = [DRILL, "hide", hidden, "--pid", str(pid), "--", *command]
    start = time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    seconds = time.monotonic() - start
    lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    findings = [line for line in lines if line["type"] == "finding" and line["hypothesis"] == "mines"]
    return findings, seconds, ran


def expected(name, scrubbed, pool):
    if name in ("bind-mount", "preload") or not scrubbed:
        return "confirmed"
    return "suspicious" if name == "plain" and not pool else "likely"


def one_run(name, scrubbed, words, pool, hidden, check_words=()):
    words = list(words) + (["--scrub"] if scrubbed else [])
    with Twin(words, pool) as twin:
        findings, seconds, ran = check(twin.pid, hidden, check_words)
        mine = [f for f in findings if f["subject"].get("pid") == twin.pid]
        wrong = [f for f in findings if f["subject"].get("pid") != twin.pid]
    verdict = mine[0]["verdict"] if mine else "clear"
    kinds = sorted(e["kind"] for e in mine[0]["evidence"]) if mine else []
    return {"disguise": name, "scrubbed": scrubbed, "verdict": verdict, "seconds": seconds, "kinds": kinds,
            "others": [(f["subject"].get("pid"), f["subject"].get("cmdline", "")[:80]) for f in wrong], "stderr": ran.stderr[-200:]}


def run_series(title, plan):
    """plan: (name, scrubbed, words, pool, hidden, check words, least verdict) for each run."""
    results = []
    for name, scrubbed, words, pool, hidden, check_words, least in plan:
        result = one_run(name, scrubbed, words, pool, hidden, check_words)
        result["least"] = least
        result["good"] = ORDER.index(result["verdict"]) >= ORDER.index(least) and not result["others"]
        results.append(result)
        if not result["good"]:
            print("missed:", json.dumps(result), flush=True)
    table(title, results)
    return results


def duty_series(runs, more, at_once=5):
    """Several twins at 10 % duty on one look of 15 seconds: together they use half a processor."""
    results = []
    while len(results) < runs:
        with contextlib.ExitStack() as stack:
            twins = [stack.enter_context(Twin(["--duty", "10"] + (["--scrub"] if n % 2 else []), True)) for n in range(at_once)]
            findings, seconds, _ = check(twins[0].pid, None, ["--for", "15s", *more])
            verdicts = {f["subject"].get("pid"): f["verdict"] for f in findings}
            others = [pid for pid in verdicts if pid not in {t.pid for t in twins}]
            for n, twin in enumerate(twins):
                verdict = verdicts.get(twin.pid, "clear")
                results.append({"disguise": "duty-10", "scrubbed": n % 2 == 1, "verdict": verdict, "seconds": seconds, "least": "suspicious",
                                "good": verdict != "clear" and not others})
    table(f"RandomX twin at 10 % duty, --for 15s, {at_once} at once", results)
    return results


def table(title, results):
    print(f"\n{title}: {sum(r['good'] for r in results)} of {len(results)} as expected; "
          f"slowest command {max(r['seconds'] for r in results):.2f} s, median {sorted(r['seconds'] for r in results)[len(results) // 2]:.2f} s")
    for key in sorted({(r["disguise"], r["scrubbed"]) for r in results}):
        mine = [r for r in results if (r["disguise"], r["scrubbed"]) == key]
        counts = {v: sum(r["verdict"] == v for r in mine) for v in ORDER}
        print(f"  {key[0]:14}{'scrubbed' if key[1] else 'readable':10}expected {mine[0]['least']:11}" +
              "  ".join(f"{v} {n}" for v, n in counts.items() if n))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=0, help="runs of each disguise")
    parser.add_argument("--only", help="one disguise")
    parser.add_argument("--duty-long", type=int, default=0)
    parser.add_argument("--algorithms", type=int, default=0)
    parser.add_argument("--words", default="", help="more words for davy check")
    args = parser.parse_args()
    more = args.words.split()
    results = []
    if args.runs:
        plan = [(name, run % 2 == 1, words, pool, hidden, more, expected(name, run % 2 == 1, pool))
                for name, (words, pool, hidden) in DISGUISES.items() if args.only in (None, name) for run in range(args.runs)]
        results += run_series("RandomX twin", plan)
    if args.duty_long:
        results += duty_series(args.duty_long, more)
    if args.algorithms:
        plan = [(algorithm, scrubbed, ["--algo", algorithm], True, None, more, "clear" if scrubbed else "suspicious")
                for algorithm in ("scrypt", "argon2id", "sha256d") for scrubbed in (False, True) for _ in range(args.algorithms)]
        results += run_series("other algorithms with a pool", plan)
    if not results:
        parser.error("nothing to do: give --runs, --duty-long or --algorithms")
    return 0 if all(r["good"] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
