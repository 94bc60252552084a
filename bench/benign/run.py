#!/usr/bin/env python3
"""Runs honest programs and counts what `davy check` says about them. Nothing at suspicious or above is expected.

  bench/benign/run.py                       each load alone (about two seconds each)
  bench/benign/run.py --together 10         ten at once
  bench/benign/run.py --only gzip,java      some of them
The programs come from Debian: apt-get install --no-install-recommends $(cat bench/benign/packages.txt)
Writes one line a load to build/benign.jsonl and prints, for each kind of evidence, how many loads showed it, with the
95 % upper bound of the false rate (1 - 0.05^(1/n) when there was none). Needs root to see everything.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
STRESSORS = ("ackermann bitops callfunc cdouble cfloat clongdouble correlate crc16 decimal32 decimal64 decimal128 dither djb2a double "
             "euler explog factorial fibonacci fft fletcher16 float fnv1a gamma gcd gray hamming hanoi hyperbolic idct int8 int16 int32 "
             "int64 int128 int32float int64double jenkin jmp ln2 logmap longdouble loop matrixprod murmur3_32 nhash nsqrt omega parity phi "
             "pi pjw prime psi queens rand rand48 rgb sdbm sieve stats sqrt trig umul32 union xxhash zeta").split()
WORKERS = ("atomic bsearch bubblesort cache context cpu crypt daemon dekker eventfd fault fork fp funccall getrandom goto hash hdd heapsort hsearch icache "
           "insertionsort jpeg judy list longjmp lsearch madvise malloc matrix matrix-3d memcpy memfd memrate mergesort mmap mq msync mutex nice nop "
           "peterson pipe poll prefetch pthread qsort radixsort randlist regs resched revio rotate seek sem shellsort signal skiplist sock stack str stream "
           "switch sync-file tree trig tsc tsearch vdso vecfp vecmath vecshuf vecwide vm vm-splice wcs workload x86cpuid zlib").split()
OPENSSL = ("md5 sha1 sha256 sha512 ripemd blake2b512 aes-128-cbc aes-256-gcm aes-256-ctr camellia-256-cbc chacha20-poly1305 aria-256-cbc sm3 sm4-cbc "
           "des-ede3 rsa2048 rsa4096 dsa2048 ecdsap256 ecdsap521 ecdhp256 ed25519 ed448 ecdhx25519 ecdhx448 ffdh2048 sm2 ghash rand hmac").split()


def all_loads(places):
    for line in (pathlib.Path(__file__).parent / "loads.txt").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#") and " | " in line:
            name, command = line.split(" | ", 1)
            yield name, fill(command, places)
    yield from ((f"stress-ng cpu {m}", f"stress-ng --quiet --cpu 1 --cpu-method {m} -t 5") for m in STRESSORS)
    yield from ((f"stress-ng {w}", f"stress-ng --quiet --{w} 1 -t 5 --temp-path {places['tmp']}") for w in WORKERS)
    yield from ((f"openssl {a}", f"openssl speed -seconds 3 {a}") for a in OPENSSL)


def fill(command, places):
    for name, value in places.items():
        command = command.replace("{" + name + "}", value)
    return command


def prepare(tmp):
    places = {"tmp": tmp, "repo": str(ROOT), "data": f"{tmp}/data", "small": f"{tmp}/small", "c": f"{tmp}/c.c", "wav": f"{tmp}/w.wav", "png": f"{tmp}/p.png"}
    text = "".join(f"{i} the quick brown fox {i * 7919 % 104729} jumps over abcd {i * i}\n" for i in range(1_200_000)).encode()
    pathlib.Path(places["data"]).write_bytes(text[:64_000_000])
    pathlib.Path(places["small"]).write_bytes(text[:2_000_000])
    pathlib.Path(places["c"]).write_text("".join(f"int f{i}(int x){{int s=0;for(int i=0;i<x;i++)s+=i*{i}^x;return s;}}\n" for i in range(4000)))
    subprocess.run(["sox", "-n", "-r", "44100", "-c", "2", places["wav"], "synth", "60", "pinknoise"], check=False)
    subprocess.run(["convert", "-size", "900x700", "plasma:", places["png"]], check=False)
    return places


def installed(command):
    words = [w for w in command.replace("|", " ").replace("&&", " ").replace(";", " ").split() if w]
    return shutil.which(words[0]) is not None or words[0] in ("for", "cd", "echo", "printf", "awk", "mkdir", "cp")


class Load:
    """One load in a loop, in a process group of its own that ends with the `with` block."""

    def __init__(self, name, command):
        self.name, self.command = name, command

    def __enter__(self):
        loop = f"while :; do {self.command}\ndone"
        self.process = subprocess.Popen(["bash", "-c", loop], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def look(seconds):
    ran = subprocess.run([str(DAVY), "check", "--format", "jsonl", "--for", f"{seconds}s", "--record", RECORDING], capture_output=True, text=True)
    lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    return lines, observations()


RECORDING = ""


def observations():
    """What speaks for anything, whatever the verdict: counted in the recording itself."""
    counts, modes, described = collections.Counter(), collections.defaultdict(set), 0
    with open(RECORDING, encoding="utf-8") as file:
        for line in file:
            o = json.loads(line)
            described += o["type"] == "process_seen"
            if o["type"] == "hidden_seen" and o["walks"] >= 2:
                counts["process.hidden"] += 1
            if o["type"] == "memory_seen":
                counts["processes with memory read"] += 1
                counts["randomx.machine_code"] += bool(o["randomx_code"])
                counts["pow.constants"] += any(not f["weak"] and f["distinct"] >= f["minimum"] for f in o["families"])
                counts["randomx.allocation"] += any(a["what"] != "randomx.scratchpad" for a in o["allocations"])
                counts["miner text"] += bool(o["texts"])
                counts["memory ms"] = max(counts["memory ms"], int(o["milliseconds"]))
            if o["type"] == "thread_sample":
                counts["samples"] += 1
                if o["has_fp_control"]:
                    modes[(o["process"]["pid"], o["tid"])].add(o["fp_control"] >> 13 & 3)
    os.unlink(RECORDING)
    counts["most rounding modes in a thread"] = max(map(len, modes.values()), default=0)
    counts["randomx.rounding_modes"] = sum(len(m) >= 3 for m in modes.values())
    counts["threads with two rounding modes"] = sum(len(m) == 2 for m in modes.values())
    counts["processes described"] = described
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--limit", type=int, default=0)
    args = parser.parse_args()
    global RECORDING
    with tempfile.TemporaryDirectory(prefix="davy-benign-") as tmp:
        RECORDING = f"{tmp}/recording"
        loads = list(all_loads(prepare(tmp)))
        if args.only:
            loads = [l for l in loads if l[0] in args.only.split(",")]
        skipped = [name for name, command in loads if not installed(command)]
        loads = [l for l in loads if l[0] not in skipped][:args.limit or None]
        results = run(loads, args)
    report(results, skipped)
    return 1 if any(r["findings"] for r in results) else 0


def run(loads, args):
    results = []
    with open(ROOT / "build" / "benign.jsonl", "w", encoding="utf-8") as out:
        for at in range(0, len(loads), args.together):
            group = [Load(*l) for l in loads[at:at + args.together]]
            for load in group:
                load.__enter__()
            try:
                time.sleep(0.4)
                lines, counts = look(args.seconds)
            finally:
                for load in group:
                    load.__exit__()
            findings = [l for l in lines if l["type"] == "finding"]
            result = {"loads": [l.name for l in group], "findings": [(f["hypothesis"], f["verdict"], f["subject"].get("cmdline"), [e["kind"] for e in f["evidence"]]) for f in findings],
                      "counts": counts}
            results.append(result)
            out.write(json.dumps(result) + "\n")
            if findings:
                print("found:", json.dumps(result), flush=True)
    return results


def report(results, skipped):
    loads = sum(len(r["loads"]) for r in results)
    total = collections.Counter()
    for r in results:
        total.update({k: int(bool(v)) for k, v in r["counts"].items() if "." in k or k in ("miner text", "threads with two rounding modes")})
    print(f"{loads} loads in {len(results)} looks; skipped, not installed: {len(skipped)} {' '.join(skipped)}")
    print(f"looks with a finding: {sum(bool(r['findings']) for r in results)}")
    idle = [r["loads"] for r in results if r["counts"]["samples"] < 3]
    print(f"looks in which hardly anything ran: {len(idle)} {idle}")
    n = loads - len(idle)
    print(f"upper 95 % bound for a kind that no load showed, n = {n}: {1 - 0.05 ** (1 / max(n, 1)):.4f}")
    for kind, seen in sorted(total.items()):
        print(f"  {kind:34}looks that showed it: {seen}")
    print(f"processes described on all looks: {sum(r['counts']['processes described'] for r in results)}; "
          f"slowest memory look: {max(r['counts'].get('memory ms', 0) for r in results)} ms")


if __name__ == "__main__":
    sys.exit(main())
