#!/usr/bin/env python3
"""How fast captures are read on one core: `davy pcap`, nDPI's ndpiReader and Suricata on the same file, one after the other.

  bench/wire_speed.py                       a capture of 1 GB, three runs each
  bench/wire_speed.py --megabytes 100 --runs 1 --only davy,ndpi
The capture is made by wire_traffic.py under build/wire/ and kept there. Nothing is sent: all three read the file.
Needs: apt-get install libndpi-bin; Suricata 7 of bookworm-backports (apt-get -t bookworm-backports install suricata), or another
one by --suricata and --suricata-settings (its libraries by LD_LIBRARY_PATH). What is not installed is left out, and said.
Suricata runs twice: with the settings of its package, which log every connection, and with alerts alone (`bare`); always with the
rules below and without verifying checksums, which the capture lacks.
Seconds are of the whole command, start included. Processor seconds are those of the command and its children; peak memory is the
sum of the high-water marks of its processes. Found: planted conversations that were named; false: other connections that were.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

import wire_traffic

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "wire"
POLL_SECONDS = 0.02
RULES = r"""
alert tcp any any -> any any (msg:"subscribe"; flow:established,to_server; content:"|22|mining.subscribe|22|"; content:"|22|params|22|"; sid:1;)
alert tcp any any -> any any (msg:"authorize"; flow:established,to_server; content:"|22|mining.authorize|22|"; sid:2;)
alert tcp any any -> any any (msg:"notify"; flow:established,to_client; content:"|22|mining.notify|22|"; content:"|22|params|22|"; sid:3;)
alert tcp any any -> any any (msg:"EthProxy login"; flow:established,to_server; content:"|22|eth_submitLogin|22|"; sid:4;)
alert tcp any any -> any any (msg:"EthProxy work"; flow:established,to_server; content:"|22|eth_submitWork|22|"; sid:5;)
alert tcp any any -> any any (msg:"login"; flow:established,to_server; content:"|22|method|22|"; content:"|22|login|22|"; content:"|22|agent|22|"; content:"|22|pass|22|"; sid:6;)
alert tcp any any -> any any (msg:"job"; flow:established,to_client; content:"|22|job_id|22|"; content:"|22|blob|22|"; content:"|22|target|22|"; sid:7;)
alert tcp any any -> any any (msg:"submit"; flow:established,to_server; content:"|22|submit|22|"; content:"|22|job_id|22|"; content:"|22|nonce|22|"; content:"|22|result|22|"; sid:8;)
"""
BARE = """%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs: [{fast: {enabled: yes, filename: fast.log}}]
stream: {memcap: 64mb, reassembly: {memcap: 256mb, depth: 1mb}}
flow: {memcap: 128mb, hash-size: 65536, prealloc: 10000}
app-layer: {protocols: {tls: {enabled: yes}, http: {enabled: yes}, ssh: {enabled: yes}, smtp: {enabled: yes}, imap: {enabled: detection-only},
  quic: {enabled: yes}, dns: {tcp: {enabled: yes}, udp: {enabled: yes}}}}
"""


class Memory(threading.Thread):
    """Follows the high-water marks of a process and its children until told to stop."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.marks, self.over = pid, {}, threading.Event()

    def run(self):
        while not self.over.wait(POLL_SECONDS):
            for pid in (self.pid, *children_of(self.pid)):
                try:
                    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
                except OSError:
                    continue
                mark = re.search(r"^VmHWM:\s+(\d+)", text, re.MULTILINE)
                self.marks[pid] = max(self.marks.get(pid, 0), int(mark[1]) if mark else 0)

    def megabytes(self):
        self.over.set()
        self.join()
        return sum(self.marks.values()) / 1024


def children_of(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def measured(command, core, out):
    """Runs to the end on one core, its output to the file `out`."""
    start = time.monotonic()
    with open(out, "wb") as stream:
        process = subprocess.Popen(["taskset", "-c", str(core), *command], stdout=stream, stderr=subprocess.DEVNULL)
    memory = Memory(process.pid)
    memory.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mb": memory.megabytes(), "status": process.returncode}


class Davy:
    name = "davy"

    def __init__(self, given, capture, folder):
        self.out = folder / "davy.jsonl"
        self.command = [given.davy, "pcap", "--format", "jsonl", str(capture)]

    def named(self):
        lines = [json.loads(line) for line in self.out.read_text(encoding="utf-8").splitlines()]
        return {(one["subject"]["src"], one["subject"]["sport"]) for one in lines if one["type"] == "finding"}


class Ndpi:
    name = "ndpi"

    def __init__(self, given, capture, folder):
        self.out, self.table = folder / "ndpi.txt", folder / "ndpi.csv"
        self.command, self.capture = [given.ndpi, "-i", str(capture)], capture

    def named(self):
        """From a further run, not timed: the timed ones print totals only."""
        subprocess.run([*self.command, "-q", "-C", str(self.table)], check=True, stdout=subprocess.DEVNULL)
        with open(self.table, encoding="utf-8", errors="replace") as table:
            rows = [row for row in csv.DictReader(table) if "Mining" in (row["ndpi_proto"] or "")]
        return {(row[end + "_ip"], int(row[end + "_port"])) for row in rows for end in ("src", "dst")}


class Suricata:
    name = "suricata"

    def __init__(self, given, capture, folder, settings=None):
        self.logs = folder / self.name
        self.logs.mkdir()
        (folder / "mining.rules").write_text(RULES, encoding="ascii")
        self.out, settings = folder / "suricata.txt", pathlib.Path(settings or given.suricata_settings)
        beside = [f"{what}-file={settings.parent / name}" for what, name in (
            ("classification", "classification.config"), ("reference-config", "reference.config"), ("threshold", "threshold.config"))]
        self.command = [given.suricata, "-c", str(settings), "-S", str(folder / "mining.rules"), "-r", str(capture), "-l", str(self.logs), "-k", "none",
                        "--runmode", "single", "--set", "unix-command.enabled=no", *(word for one in beside for word in ("--set", one))]

    def named(self):
        """Both ends of each alert; that the pool's is no planted client is seen to by the caller."""
        text = (self.logs / "fast.log").read_text(encoding="ascii", errors="replace")
        found = set()
        for ends in re.findall(r"\{TCP\} (\S+):(\d+) -> (\S+):(\d+)$", text, re.MULTILINE):
            found |= {(short(ends[0]), int(ends[1])), (short(ends[2]), int(ends[3]))}
        return found


class Bare(Suricata):
    name = "suricata bare"

    def __init__(self, given, capture, folder):
        (folder / "bare.yaml").write_text(BARE, encoding="ascii")
        super().__init__(given, capture, folder, folder / "bare.yaml")


def short(address):
    """Suricata writes all eight groups of IPv6."""
    if ":" not in address:
        return address
    return re.sub(r"(^|:)(0(:|$)){2,}", "::", ":".join(group.lstrip("0") or "0" for group in address.split(":")), count=1)


def row_of(program, runs, figures):
    miners, clients = set(figures["miners"]), lambda end: end[1] >= 20_000 and (end[0].startswith("10.0.") or end[0].startswith("fd00:"))
    named = {end for end in program.named() if clients(end)}
    best = min(runs, key=lambda run: run["seconds"])
    median = statistics.median(run["seconds"] for run in runs)
    return {"best": best["seconds"], "median": median, "pps": figures["frames"] / median, "gbit": figures["bytes"] * 8 / median / 1e9,
            "cpu": statistics.median(run["cpu"] for run in runs), "mb": max(run["mb"] for run in runs),
            "found": len(named & miners), "false": len(named - miners)}


def show(name, row, figures):
    print(f"{name:14} best {row['best']:7.2f} s  median {row['median']:7.2f} s  {row['pps'] / 1e6:6.3f} Mpps  {row['gbit']:5.2f} Gbit/s  cpu {row['cpu']:7.2f} s  "
          f"peak {row['mb']:7.1f} MB  found {row['found']} of {len(figures['miners'])}  false {row['false']}", flush=True)


def capture_of(given):
    """Makes the capture, unless one of this size and seed is there."""
    path = PLACE / f"line-{given.megabytes}-{given.seed}.pcap"
    about = path.with_suffix(".json")
    if not about.exists() or not path.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        figures = wire_traffic.write(path, given.megabytes, given.seed)
        about.write_text(json.dumps(vars(figures)), encoding="ascii")
    figures = json.loads(about.read_text(encoding="ascii"))
    figures["miners"] = [tuple(one) for one in figures["miners"]]
    return path, figures


def warm(path):
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1)
    parser.add_argument("--only", default="davy,ndpi,suricata,suricata bare", help="some of them, with commas")
    parser.add_argument("--davy", default=str(ROOT / "build" / "release" / "bin" / "davy"))
    parser.add_argument("--ndpi", default="ndpiReader")
    parser.add_argument("--suricata", default="suricata")
    parser.add_argument("--suricata-settings", default="/etc/suricata/suricata.yaml")
    return parser.parse_args()


def main():
    given = arguments()
    capture, figures = capture_of(given)
    warm(capture)
    print(f"{capture.name}: {figures['frames']} frames of {figures['bytes'] / figures['frames']:.0f} bytes, {figures['flows']} flows, "
          f"{figures['tcp_with_payload'] / figures['frames'] * 100:.1f} % TCP with payload, {len(figures['miners'])} mining", flush=True)
    rows = {}
    for kind in (Davy, Ndpi, Suricata, Bare):
        if kind.name not in given.only.split(","):
            continue
        with tempfile.TemporaryDirectory(dir=PLACE) as folder:
            program = kind(given, capture, pathlib.Path(folder))
            if not shutil.which(program.command[0]):
                print(f"{kind.name}: left out, {program.command[0]} is not installed")
                continue
            runs = []
            for _ in range(given.runs):
                for log in pathlib.Path(folder).glob("suricata*/*"):
                    log.unlink()
                runs.append(measured(program.command, given.core, program.out))
            rows[kind.name] = row_of(program, runs, figures)
            show(kind.name, rows[kind.name], figures)
    for other in rows:
        if "davy" in rows and other != "davy":
            print(f"davy / {other}: {rows['davy']['pps'] / rows[other]['pps']:.2f} times the packets a second, "
                  f"{rows[other]['cpu'] / rows['davy']['cpu']:.2f} times a processor second, {rows['davy']['mb'] / rows[other]['mb']:.2f} times the memory")


if __name__ == "__main__":
    main()
