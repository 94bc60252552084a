#!/usr/bin/env python3
"""How many pools inside TLS `davy pcap` finds after ten shares.

  bench/wire_tls.py                                  four dialects, TLS 1.2 and 1.3, direct and through a relay, 8 sessions each
  bench/wire_tls.py --sessions 16 --shares 20 --gap 4000
Needs root, tcpdump and iproute2. Everything happens on the loopback of a network namespace that ends with this program. The exercise
twin plays both sides over OpenSSL (davy-drill talk --serve and --connect), with the sizes of real messages; shares and jobs come at
times left to chance, in real time: eight seconds and a minute apart on average. Behind a relay both halves are judged: the miner's to
the relay and the relay's to the pool, one TLS 1.3, the other 1.2. Prints what was found of each kind, and what was not.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
DRILL = DAVY.with_name("davy-drill")
DIALECTS = {"cryptonote": 60_000, "stratum": 30_000, "ethproxy": 2_000, "stratum.zcash": 60_000}  # and a job every so many ms


def start(*words):
    return subprocess.Popen([DRILL, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def port_of(server):
    return int(server.stdout.readline().split()[1])


def stop(processes):
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()


def play(choices, capture):
    """Runs all sessions at once; {server port: (dialect, version, where)} of every connection that holds a pool's talk."""
    seconds = int(choices.shares * choices.gap / 1000 * 5 + 60)
    tcpdump = subprocess.Popen(["tcpdump", "-i", "lo", "-B", "65536", "-w", capture, "-Z", "root", "tcp"], stderr=subprocess.DEVNULL)
    time.sleep(1)
    kinds, servers, clients = {}, [], []
    for dialect, job_gap in DIALECTS.items():
        for version in ("1.2", "1.3"):
            pool = start("talk", dialect, "--serve", "--tls", version, "--job-gap", job_gap, "--seconds", seconds, "--seed", len(servers))
            port = port_of(pool)
            other = "1.3" if version == "1.2" else "1.2"
            relay = start("relay", "--to", f"127.0.0.1:{port}", "--tls-in", other, "--tls-out", version, "--seconds", seconds)
            relay_port = port_of(relay)
            servers += [pool, relay]
            kinds[port], kinds[relay_port] = (dialect, version, "at the pool"), (dialect, other, "at the relay")
            for number in range(choices.sessions):
                for to, tls in ((port, version), (relay_port, other)):
                    clients.append(start("talk", dialect, "--connect", f"127.0.0.1:{to}", "--tls", tls, "--shares", choices.shares, "--gap", choices.gap,
                                         "--seconds", seconds, "--seed", 1_000 + len(clients)))
    failed = sum(client.wait() != 0 for client in clients)
    time.sleep(1)
    stop(servers)
    tcpdump.terminate()
    tcpdump.wait()
    print(f"{len(clients)} sessions, {failed} broken off")
    return kinds


def run(choices):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        capture, recording = pathlib.Path(folder) / "lo.pcap", pathlib.Path(folder) / "recording"
        kinds = play(choices, capture)
        ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", "--record", recording, capture], capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        flows = collections.Counter()
        seen = subprocess.run(["tcpdump", "-r", capture, "-nn", "tcp[tcpflags] == tcp-syn"], capture_output=True, text=True, check=False)
        for line in seen.stdout.splitlines():
            flows[kinds[int(line.split(" > ")[1].split(":")[0].rsplit(".", 1)[1])]] += 1
    found = collections.Counter()
    wrong = 0
    for line in lines[:-1]:
        subject = line["subject"]
        kind = kinds[subject["dport"]]
        expected = {"stratum.zcash": "tls.equihash"}.get(kind[0], "tls." + kind[0])
        found[kind] += subject["dialect"] == expected
        wrong += subject["dialect"] != expected
    for kind in sorted(flows):
        print(f"{kind[0]:14} TLS {kind[1]} {kind[2]:12} found {found[kind]:3} of {flows[kind]:3}")
    print(f"all: {sum(found.values())} of {sum(flows.values())}; under another dialect's name {wrong}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=8)
    parser.add_argument("--shares", type=int, default=10)
    parser.add_argument("--gap", type=int, default=8_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if not choices.inside:
        return subprocess.run(["unshare", "-n", sys.executable, __file__, "--inside", *sys.argv[1:]], check=False).returncode
    return run(choices)


if __name__ == "__main__":
    sys.exit(main())
