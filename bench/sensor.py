#!/usr/bin/env python3
"""What `davy sensor` keeps up with: a capture replayed at top speed over a virtual cable.

  bench/sensor.py                          made-up traffic (one connection of a hundred mines), at top speed
  bench/sensor.py --rates 50000 100000 0   packets a second; 0 is as fast as the replayer can
  bench/sensor.py --capture FILE           traffic of your own
Needs root, tcpreplay and iproute2. The cable is a veth pair in two network namespaces that end with this program; nothing
leaves the machine. For each run: packets that tcpreplay sent, that the far end's interface received, that Davy read, that
it says it lost, and what the two programs cost. Exits 1 when packets are missing that Davy did not count as lost.
"""
import argparse
import json
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
FLOWS, MINING_IN = 20_000, 100
REQUEST = b"GET /%d HTTP/1.1\r\nHost: www.example.org\r\nAccept: */*\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n" + b"<p>lorem ipsum</p>" * 50
LOGIN = (b'{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"worker-%d","pass":"x","agent":"XMRig/6.21.0",'
         b'"algo":["rx/0"]}}\n')
JOB = b'"job":{"blob":"' + b"0" * 152 + b'","job_id":"j1","target":"ffff0000","algo":"rx/0","height":3,"seed_hash":"' + b"a" * 64 + b'"}'
AGREED = b'{"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s",' + JOB + b',"status":"OK"}}\n'
SHARE = (b'{"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"s","job_id":"j1","nonce":"%08x","result":"' + b"1" * 56
         + b'00000000"}}\n')
ACCEPTED = b'{"id":2,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}\n'


class Connection:
    """The frames of one TCP connection, from what its sides say."""

    def __init__(self, number, port):
        self.ends = [(struct.pack("!BBH", 10, 1, number % 65_000), 20_000 + number % 40_000),
                     (struct.pack("!BBBB", 10, 2, number % 251, 9), port)]
        self.next = [number, number * 7 + 1]
        self.frames = []

    def send(self, side, flags, words=b""):
        (source, sport), (destination, dport) = self.ends[side], self.ends[1 - side]
        tcp = struct.pack("!HHIIBBHHH", sport, dport, self.next[side], self.next[1 - side], 0x50, flags, 65_535, 0, 0) + words
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + source + destination
        self.frames.append(b"\x02\0\0\0\0\2\x02\0\0\0\0\1\x08\0" + ip + tcp)
        self.next[side] = (self.next[side] + len(words) + (flags & 3 != 0)) % 2**32

    def talk(self, said):
        self.send(0, 2), self.send(1, 18), self.send(0, 16)
        for side, words in said:
            self.send(side, 24, words)
        self.send(0, 17), self.send(1, 17)
        return self.frames


def conversation(number):
    if number % MINING_IN == 0:
        shares = [said for nonce in range(5) for said in ((0, SHARE % nonce), (1, ACCEPTED))]
        return Connection(number, 3333).talk([(0, LOGIN % number), (1, AGREED), *shares])
    return Connection(number, 80).talk([(0, REQUEST % number), (1, ANSWER)] * 6)


def make_capture(path):
    """Many connections at once, a frame of each in turn."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        at = 0
        for first in range(0, FLOWS, 500):
            talks = [conversation(number) for number in range(first, first + 500)]
            for step in range(max(map(len, talks))):
                for talk in talks:
                    if step < len(talk):
                        out.write(struct.pack("<IIII", 1_767_000_000 + at // 1_000_000, at % 1_000_000, len(talk[step]), len(talk[step])) + talk[step])
                        at += 10


class Cable:
    """Two namespaces, each a process that sleeps, with a veth pair between them: `near` in the first, `far` in the second."""

    def __enter__(self):
        self.holders = [subprocess.Popen(["unshare", "-n", "sleep", "3600"]) for _ in range(2)]
        time.sleep(0.5)
        self.run(0, "ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(self.holders[1].pid))
        for side, name in ((0, "near"), (1, "far")):
            self.run(side, "sysctl", "-q", f"net.ipv6.conf.{name}.disable_ipv6=1", check=False)  # no chatter of its own
            self.run(side, "ip", "link", "set", name, "up")
        return self

    def __exit__(self, *_):
        for holder in self.holders:
            holder.kill()
            holder.wait()

    def inside(self, side, *command):
        return ["nsenter", "-t", str(self.holders[side].pid), "-n", *map(str, command)]

    def run(self, side, *command, check=True):
        return subprocess.run(self.inside(side, *command), check=check, capture_output=True, text=True).stdout

    def received(self):
        far = json.loads(self.run(1, "ip", "-j", "-s", "link", "show", "far"))[0]["stats64"]["rx"]
        return far["packets"], far["dropped"]


def cost(pid):
    """Processor seconds of a process and its children that live, and the sum of their peak memory in MB (shared pages counted for each)."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    seconds = megabytes = 0.0
    for one in (pid, *children):
        fields = pathlib.Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / 100
        status = pathlib.Path(f"/proc/{one}/status").read_text(encoding="utf-8")
        megabytes += int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    return seconds, megabytes


def one_run(cable, capture, rate, loops):
    out = tempfile.TemporaryFile("w+", encoding="utf-8")  # a pipe that nobody empties would hold it up
    davy = subprocess.Popen(cable.inside(1, DAVY, "sensor", "--format", "jsonl", "far"), stdout=out, stderr=subprocess.PIPE, text=True)
    davy.stderr.readline()  # it listens
    before = cable.received()
    speed = ["--topspeed"] if rate == 0 else [f"--pps={rate}"]
    replayed = subprocess.run(cable.inside(0, "tcpreplay", "-i", "near", *speed, "--preload-pcap", f"--loop={loops}", "--unique-ip", capture),
                              capture_output=True, text=True, check=True).stdout
    time.sleep(1)
    after = cable.received()
    seconds, megabytes = cost(davy.pid)
    davy.send_signal(signal.SIGINT)
    davy.wait(timeout=120)
    out.seek(0)
    lines = [json.loads(line) for line in out]
    sent, size, took = re.search(r"Actual: (\d+) packets \((\d+) bytes\) sent in ([\d.]+) seconds", replayed).groups()
    summary = lines[-1]
    return {"sent": int(sent), "seconds": float(took), "pps": int(int(sent) / float(took)), "mbps": int(size) * 8 / float(took) / 1e6,
            "received": after[0] - before[0], "refused": after[1] - before[1], "seen": summary["examined"]["packets"],
            "lost": summary["dropped"]["packets"], "flows": summary["examined"]["flows"], "over": summary["dropped"]["limit"],
            "findings": sum(summary["verdicts"].values()), "cpu": seconds, "mb": megabytes}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=int, nargs="+", default=[0])
    parser.add_argument("--capture")
    parser.add_argument("--loops", type=int, default=5)
    asked = parser.parse_args()
    honest = True
    with tempfile.TemporaryDirectory() as folder, Cable() as cable:
        capture = asked.capture or f"{folder}/made.pcap"
        if not asked.capture:
            make_capture(capture)
        print("asked pps   sent pps  Mbit/s |     sent  received      seen      lost | flows    over  findings | cpu s  peak MB")
        for rate in asked.rates:
            r = one_run(cable, capture, rate, asked.loops)
            print(f"{rate or 'top':>9} {r['pps']:>10} {r['mbps']:>7.0f} | {r['sent']:>8} {r['received']:>9} {r['seen']:>9} {r['lost']:>9} |"
                  f" {r['flows']:>6} {r['over']:>5} {r['findings']:>8} | {r['cpu']:>5.1f} {r['mb']:>7.0f}", flush=True)
            honest = honest and r["seen"] + r["lost"] == r["received"]
    if not honest:
        print("packets are missing that were not counted as lost")
    sys.exit(0 if honest else 1)


if __name__ == "__main__":
    main()
