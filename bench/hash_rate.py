#!/usr/bin/env python3
"""How well the hash rate that Davy reads off the wire agrees with what the miner itself counted.

  bench/hash_rate.py                             16 exercise miners at once, four minutes
  bench/hash_rate.py --miners 24 --seconds 400
Needs root, tcpdump and iproute2. Everything happens on the loopback of a network namespace that ends with this program. Each
miner is the exercise twin with its own mock pool, of one of four algorithms, at a twentieth of a processor's time; the pool's
difficulty is set so that a share comes about every two seconds. Prints one line for each miner and the median error; exits 1
when a miner was not found.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
DRILL = DAVY.with_name("davy-drill")
ALGORITHMS = ("sha256d", "scrypt", "argon2id", "randomx")
DUTY, SHARE_SECONDS, CALIBRATION_SECONDS = "5", 2.0, 4


def worked(miner, seconds_max=60):
    """(hashes, seconds) that a miner told at its end."""
    words = miner.communicate(timeout=seconds_max)[0].split()
    at = words.index("worked")
    return int(words[at + 1]), int(words[at + 2]) / 1000


def start_miner(algorithm, pool, seconds):
    return subprocess.Popen([DRILL, "mine", "--algo", algorithm, "--duty", DUTY, "--pool", pool, "--seconds", str(seconds)],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def rate_of(algorithm):
    """Hashes a second that one miner of it reaches here."""
    hashes, seconds = worked(start_miner(algorithm, "none", CALIBRATION_SECONDS + (8 if algorithm == "randomx" else 0)))
    return max(1.0, hashes / seconds)


class Pair:
    """A mock pool and its miner."""

    def __init__(self, algorithm, rate, seconds):
        self.algorithm, self.seconds_max = algorithm, seconds + 60
        difficulty = max(1, round(rate * SHARE_SECONDS))
        self.pool = subprocess.Popen([DRILL, "pool", "--algo", algorithm, "--difficulty", str(difficulty), "--seconds",
                                      str(seconds + 20)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.pool.stdout.readline().split()[1])
        self.miner = start_miner(algorithm, f"127.0.0.1:{self.port}", seconds)

    def finish(self):
        self.hashes, self.seconds = worked(self.miner, self.seconds_max)
        self.pool.terminate()
        self.pool.wait()


def found_in(capture):
    """Findings of `davy pcap` by the pool's port."""
    ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", capture], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["subject"]["dport"]: line for line in lines if line["type"] == "finding"}


def run(choices):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    rates = {algorithm: rate_of(algorithm) for algorithm in ALGORITHMS}
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "lo.pcap")
        tcpdump = subprocess.Popen(["tcpdump", "-i", "lo", "-w", capture, "-Z", "root"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        pairs = [Pair(ALGORITHMS[i % len(ALGORITHMS)], rates[ALGORITHMS[i % len(ALGORITHMS)]], choices.seconds)
                 for i in range(choices.miners)]
        for pair in pairs:
            pair.finish()
        time.sleep(1)
        tcpdump.terminate()
        tcpdump.wait()
        findings = found_in(capture)
    errors = []
    for pair in pairs:
        own = pair.hashes / pair.seconds
        seen = findings.get(pair.port, {}).get("subject", {}).get("hashes_per_second")
        if seen:
            errors.append(seen / own - 1)
        print(f"{pair.algorithm:9} own {own:12.1f}/s  seen " + (f"{seen:12.1f}/s  {errors[-1]:+.1%}" if seen else "nothing"))
    absolute = sorted(abs(error) for error in errors)
    if absolute:
        print(f"{len(absolute)} of {len(pairs)} found; error: median {statistics.median(absolute):.1%}, "
              f"80th percentile {absolute[int(len(absolute) * 0.8)]:.1%}, largest {absolute[-1]:.1%}, "
              f"mean with sign {statistics.mean(errors):+.1%}")
    return 0 if len(absolute) == len(pairs) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--miners", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if not choices.inside:
        return subprocess.run(["unshare", "-n", sys.executable, __file__, "--inside", *sys.argv[1:]], check=False).returncode
    return run(choices)


if __name__ == "__main__":
    sys.exit(main())
