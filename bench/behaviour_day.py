#!/usr/bin/env python3
"""A made-up day of a network, 1,000 hosts in 20 VLANs, with planted events, and what `davy pcap` says of it.

  bench/behaviour_day.py                  seeds 1 to 5, one day each
  bench/behaviour_day.py --seeds 11 12    other days
  bench/behaviour_day.py --keep FOLDER    leave captures, policies and labels there
No packet is sent. Frames hold the headers and some bytes: their length on the wire stands in the capture. Offices, servers, printers,
cameras, telephones and a backup go about their day: lookups, web, mail, file shares, updates that all clients ask for at fixed times,
a nightly backup to a declared server, a declared scanner, telemetry of whole fleets. Planted, at random times after the first three
hours: flows across zones, unknown devices, a visitor past its time, visitors in time (no event), mining machines (management
interface, maker's number, name), scans, floods of brief connections, large transfers, beacons with 5 to 30 % of jitter.
Prints for each kind how many were found, and everything found that was not planted.
"""
import argparse
import collections
import ipaddress
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
DAY, START = 86_400.0, 1_764_547_200  # 2025-12-01 00:00:00 UTC
VLANS, HOSTS_EACH, KEPT = 20, 50, 96
ZONES = {"offices": range(0, 12), "servers": range(12, 14), "laboratory": range(14, 16), "cameras": range(16, 18), "guests": range(18, 20)}
PLANTED = {"zone": 12, "unknown": 8, "expired": 3, "miner": 6, "scan": 8, "flood": 6, "transfer": 8, "beacon": 10}
KINDS = {"zone.crossing": "zone", "device.unknown": "unknown", "device.expired": "expired", "device.miner_api": "miner", "device.miner_maker": "miner",
         "device.miner_name": "miner", "device.miner_web": "miner", "habit.fan_out": "scan", "habit.brief_connections": "flood",
         "habit.large_transfer": "transfer", "habit.beacon": "beacon"}


def zone_of(vlan):
    return next(name for name, vlans in ZONES.items() if vlan in vlans)


class Host:
    def __init__(self, rng, vlan, number):
        self.vlan, self.zone = vlan, zone_of(vlan)
        self.ip = bytes((10, vlan, 0, 10 + number))
        self.mac = bytes((0x3C, 0x52, 0x82, vlan, number, rng.randrange(256)))
        self.text = str(ipaddress.ip_address(self.ip))
        self.mac_text = self.mac.hex(":")
        self.port = rng.randrange(20_000, 50_000)

    def next_port(self):
        self.port = 20_000 + (self.port - 19_999) % 40_000
        return self.port


class Capture:
    """Frames in order of time; `length` is what the frame had on the wire."""

    def __init__(self):
        self.frames = []

    def add(self, at, frame, length=None):
        self.frames.append((at, frame[:KEPT], max(length or len(frame), len(frame))))

    def write(self, path):
        self.frames.sort(key=lambda frame: frame[0])
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, KEPT, 1))
            for at, frame, length in self.frames:
                file.write(struct.pack("<IIII", START + int(at), int(at % 1 * 1e6), len(frame), length) + frame)


class Day:
    def __init__(self, seed):
        self.rng, self.capture = random.Random(seed), Capture()
        self.hosts = [Host(self.rng, vlan, number) for vlan in range(VLANS) for number in range(HOSTS_EACH)]
        self.by_zone = collections.defaultdict(list)
        for host in self.hosts:
            self.by_zone[host.zone].append(host)
        self.servers = self.by_zone["servers"]
        self.backup, self.scanner, self.mail, self.files, self.dns = self.servers[:5]
        self.router_mac = bytes((2, 0, 0, 0, 0, 1))
        self.planted = collections.defaultdict(list)  # kind -> addresses
        self.visitors, self.undeclared = [], set()
        self.popular = [self.outside() for _ in range(120)]
        self.cloud = [self.outside() for _ in range(6)]  # updates and telemetry of whole fleets

    def outside(self):
        return bytes((self.rng.choice((23, 34, 52, 101, 142, 185)), self.rng.randrange(256), self.rng.randrange(256), self.rng.randrange(1, 255)))

    def frame(self, at, source, destination, protocol, segment, host, outward, length=0):
        macs = (self.router_mac + host.mac) if outward else (host.mac + self.router_mac)
        size = 20 + len(segment) + length
        ip = struct.pack(">BBHHHBBH", 0x45, 0, min(size, 65_535), 7, 0x4000, 64, protocol, 0) + source + destination
        frame = macs + struct.pack(">HHH", 0x8100, host.vlan + 1, 0x0800) + ip + segment
        self.capture.add(at, frame, len(frame) + length)

    def tcp(self, host, server, port, at, up=400, down=4_000, lasts=0.5, answered=True, client_first=b"", server_first=b""):
        """One connection as a few large segments, as offloading network cards hand them over."""
        sport, sequence, other = host.next_port(), self.rng.randrange(2**31), self.rng.randrange(2**31)

        def send(when, outward, flags, payload=b"", length=0):
            nonlocal sequence, other
            ends = (sport, port, sequence, other) if outward else (port, sport, other, sequence)
            segment = struct.pack(">HHIIBBHHH", *ends, 0x50, flags, 65_535, 0, 0) + payload
            self.frame(when, *((host.ip, server) if outward else (server, host.ip)), 6, segment, host, outward, length)
            moved = len(payload) + length + (1 if flags & 3 else 0)
            sequence, other = (sequence + moved) % 2**32 if outward else sequence, other if outward else (other + moved) % 2**32
        send(at, True, 2)
        if not answered:
            return
        send(at + 0.01, False, 18)
        send(at + 0.02, True, 16)
        for outward, total, first in ((True, up, client_first), (False, down, server_first)):
            if first:
                send(at + 0.03, outward, 24, first)
                total = max(0, total - len(first))
            pieces = min(40, max(1, total // 40_000)) if total else 0
            for piece in range(pieces):
                rest = total // pieces
                while rest > 0:
                    send(at + 0.04 + lasts * (piece + 0.5) / pieces, outward, 24, b"", min(rest, 60_000))
                    rest -= 60_000
        send(at + 0.05 + lasts, True, 17)
        send(at + 0.06 + lasts, False, 17)

    def udp(self, host, server, port, at, up=60, down=120):
        sport = host.next_port()
        self.frame(at, host.ip, server, 17, struct.pack(">HHHH", sport, port, 8 + up, 0), host, True, up)
        self.frame(at + 0.02, server, host.ip, 17, struct.pack(">HHHH", port, sport, 8 + down, 0), host, False, down)

    def arp(self, host, at):
        body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + host.mac + host.ip + bytes(6) + bytes((10, host.vlan, 0, 1))
        self.capture.add(at, b"\xff" * 6 + host.mac + struct.pack(">HHH", 0x8100, host.vlan + 1, 0x0806) + body)

    def dhcp(self, host, at, name):
        def message(kind, yiaddr, options):
            return (struct.pack(">BBBBIHH", 1 if kind == 3 else 2, 1, 6, 0, 7, 0, 0) + bytes(4) + yiaddr + bytes(8) + host.mac + bytes(10 + 192)
                    + bytes.fromhex("63825363") + bytes((53, 1, kind)) + options + b"\xff")
        for when, kind, ports, yiaddr, options in ((at, 3, (68, 67), bytes(4), bytes((12, len(name))) + name.encode()), (at + 0.1, 5, (67, 68), host.ip, b"")):
            payload = message(kind, yiaddr, options)
            segment = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
            ends = (bytes(4), b"\xff" * 4) if kind == 3 else (bytes((10, host.vlan, 0, 1)), host.ip)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 7, 0, 64, 17, 0) + ends[0] + ends[1]
            macs = (b"\xff" * 6 + host.mac) if kind == 3 else (host.mac + self.router_mac)
            frame = macs + struct.pack(">HHH", 0x8100, host.vlan + 1, 0x0800) + ip + segment
            self.capture.frames.append((when, frame, len(frame)))

    # What hosts do on an ordinary day.

    def busy(self, hour):
        return 0.04 + (0.5 if 8 <= hour < 12 or 13 <= hour < 18 else 0.15 if 7 <= hour < 21 else 0.0)

    def times(self, per_hour, rhythm=True):
        """Times of a Poisson process over the day, denser in working hours."""
        at = 0.0
        while True:
            at += self.rng.expovariate(per_hour / 3_600)
            if at >= DAY:
                return
            if not rhythm or self.rng.random() < self.busy(at / 3_600) / 0.54:
                yield at

    def size(self, median, spread=1.2, most=2e7):
        return int(min(most, self.rng.lognormvariate(0, spread) * median))

    def office(self, host):
        for at in self.times(6):
            self.udp(host, self.dns.ip, 53, at)
            for _ in range(self.rng.randrange(1, 4)):
                self.tcp(host, self.rng.choice(self.popular), 443, at + self.rng.random(), self.size(900), self.size(30_000))
        for at in self.times(1.5):
            self.tcp(host, self.files.ip, 445, at, self.size(20_000, most=5e7), self.size(60_000))
        for at in self.times(1):
            self.tcp(host, self.mail.ip, 993, at, self.size(2_000, most=2e7), self.size(9_000))
        self.polls(host, self.cloud[0], 443, 3_600, 0.1)

    def polls(self, host, server, port, every, jitter):
        at = self.rng.uniform(0, every)
        while at < DAY:
            self.tcp(host, server, port, at, 500, 700)
            at += every * self.rng.uniform(1 - jitter, 1 + jitter)

    def server(self, host):
        for at in self.times(8, rhythm=False):
            self.tcp(host, self.rng.choice(self.servers).ip, self.rng.choice((5432, 6379, 8080)), at, self.size(1_500), self.size(9_000))
        for at in self.times(0.5, rhythm=False):
            self.tcp(host, self.rng.choice(self.popular), 443, at, self.size(900), self.size(30_000))
        self.polls(host, self.cloud[1], 443, 900, 0.02)
        if host is not self.backup:
            self.tcp(host, self.backup.ip, 873, self.rng.uniform(3_600, 10_800), self.size(6e8, 0.5, 2e9), 4_000, self.rng.uniform(300, 1_200))

    def camera(self, host):
        self.polls(host, self.cloud[2], 8_883, 300, 0.01)
        for at in self.times(2, rhythm=False):
            self.tcp(host, self.servers[6].ip, 554, at, self.size(3e6, 0.3), 900, 60)

    def telephone(self, host):
        self.polls(host, self.cloud[3], 443, 1_800, 0.02)
        for at in self.times(1):
            self.tcp(host, self.rng.choice(self.popular), 443, at, self.size(900), self.size(50_000))

    def ordinary(self):
        for host in self.hosts:
            self.arp(host, self.rng.uniform(0, 3_000))
            for at in self.times(0.5, rhythm=False):
                self.arp(host, at)
            if self.rng.random() < 0.3:
                self.dhcp(host, self.rng.uniform(0, 3_000), f"host-{host.vlan}-{host.ip[3]}")
            {"offices": self.office, "servers": self.server, "laboratory": self.office, "cameras": self.camera, "guests": self.telephone}[host.zone](host)
        for at in (9 * 3_600, 21 * 3_600):
            for number, host in enumerate(self.rng.sample(self.hosts, 600)):
                self.tcp(self.scanner, host.ip, 22, at + number * 0.5, 0, 0, answered=False)

    # What is planted.

    def later(self, latest=DAY - 7_200):
        return self.rng.uniform(3 * 3_600, latest)

    def new_device(self, vlan, number, mac=None):
        host = Host(self.rng, vlan, number)
        if mac:
            host.mac, host.mac_text = mac, mac.hex(":")
        self.undeclared.add(host.mac_text)
        return host

    def plant(self):
        offices = self.rng.sample(self.by_zone["offices"], 60)
        for _ in range(PLANTED["zone"]):
            zone, to, port = self.rng.choice((("guests", "servers", 445), ("cameras", "offices", 3_389), ("laboratory", "servers", 22), ("guests", "laboratory", 80)))
            client, server = self.rng.choice(self.by_zone[zone]), self.rng.choice(self.by_zone[to])
            self.tcp(client, server.ip, port, self.later(), 900, 3_000)
            self.planted["zone"].append(client.text)
        for number in range(PLANTED["unknown"]):
            host = self.new_device(self.rng.randrange(12), 100 + number)
            at = self.later()
            self.arp(host, at)
            self.dhcp(host, at + 1, "android-7")
            self.planted["unknown"].append(host.text)
        for number in range(PLANTED["expired"] + 5):
            host = self.new_device(18, 120 + number)
            late = number < PLANTED["expired"]
            self.visitors.append((host.mac_text, 9 * 3_600 if late else DAY))
            self.arp(host, 8 * 3_600 + number)
            self.arp(host, 15 * 3_600 + number)
            self.tcp(host, self.rng.choice(self.popular), 443, 8.5 * 3_600, 900, 9_000)
            if late:
                self.planted["expired"].append(host.text)
        self.plant_miners()
        for _ in range(PLANTED["scan"]):
            host, at = offices.pop(), self.later()
            targets = [bytes((10, host.vlan, self.rng.randrange(4), n)) for n in range(1, 255)]
            inside = self.rng.random() < 0.5
            for number in range(self.rng.randrange(200, 600)):
                target = self.rng.choice(targets) if inside and number < 250 else self.outside()
                self.tcp(host, target, self.rng.choice((22, 445, 6_379)), at + number * self.rng.uniform(0.2, 0.8), 0, 0, answered=self.rng.random() < 0.05)
            self.planted["scan"].append(host.text)
        for _ in range(PLANTED["flood"]):
            host, at, server = offices.pop(), self.later(), self.outside()
            for number in range(self.rng.randrange(800, 2_000)):
                self.tcp(host, server, self.rng.choice((80, 80, 80)), at + number * 0.4, 200, 300, 0.1)
            self.planted["flood"].append(host.text)
        for _ in range(PLANTED["transfer"]):
            host = offices.pop()
            self.tcp(host, self.outside(), 443, self.later(DAY - 14_400), self.rng.randrange(int(6e8), int(4e9)), 90_000, self.rng.uniform(200, 800))
            self.planted["transfer"].append(host.text)
        for _ in range(PLANTED["beacon"]):
            host, server = offices.pop(), self.outside()
            every, jitter, at = self.rng.choice((60, 120, 300, 600, 1_800)), self.rng.uniform(0.05, 0.3), self.rng.uniform(0, 3 * 3_600)
            while at < DAY:
                self.tcp(host, server, self.rng.choice((443,)), at, 300, 200)
                at += every * self.rng.uniform(1 - jitter, 1 + jitter)
            self.planted["beacon"].append(host.text)

    def plant_miners(self):
        for number in range(PLANTED["miner"]):
            mac = bytes((0xE0, 0xA5, 0x09, 1, 2, number)) if number % 3 == 0 else None
            host = self.new_device(self.rng.randrange(12), 140 + number, mac)
            at = self.later()
            self.arp(host, at)
            self.dhcp(host, at + 1, "antMiner" if number % 3 != 2 else "device")
            client = self.rng.choice(self.by_zone["offices"])
            answer = (b'{"STATUS":[{"STATUS":"S","When":1764550000,"Code":11,"Msg":"Summary","Description":"cgminer 4.11.1"}],'
                      b'"SUMMARY":[{"Elapsed":3600,"MHS av":13500000.0}],"id":1}\0')
            self.api(client, host, at + 60, b'{"command":"summary"}', answer)
            self.planted["miner"].append(host.text)
            self.planted["unknown"].append(host.text)

    def api(self, client, server, at, question, answer):
        sport = client.next_port()
        seq = [1_000, 9_000]
        for when, side, flags, payload in ((0, 0, 2, b""), (0.01, 1, 18, b""), (0.02, 0, 16, b""), (0.03, 0, 24, question), (0.05, 1, 24, answer),
                                           (0.06, 1, 17, b""), (0.07, 0, 17, b"")):
            ends = (sport, 4_028) if side == 0 else (4_028, sport)
            segment = struct.pack(">HHIIBBHHH", *ends, seq[side], seq[1 - side], 0x50, flags, 65_535, 0, 0) + payload
            addresses = (client.ip, server.ip) if side == 0 else (server.ip, client.ip)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 7, 0x4000, 64, 6, 0) + addresses[0] + addresses[1]
            frame = self.router_mac + client.mac + struct.pack(">HHH", 0x8100, client.vlan + 1, 0x0800) + ip + segment
            self.capture.frames.append((at + when, frame, len(frame)))
            seq[side] += len(payload) + (1 if flags & 3 else 0)

    def policy(self):
        lines = ['devices = "declared"']
        for name, vlans in ZONES.items():
            lines += ["[[zone]]", f'name = "{name}"', f"networks = {json.dumps([f'10.{v}.0.0/16' for v in vlans])}", f"vlans = {[v + 1 for v in vlans]}"]
        for source, to, ports in (("offices", "servers", []), ("servers", "offices", []), ("laboratory", "servers", [445, 53, 993]), ("cameras", "servers", []),
                                  ("servers", "*", [])):
            lines += ["[[allow]]", f'from = "{source}"', f'to = "{to}"', f"ports = {ports}"]
        for zone in ("offices", "laboratory"):
            lines += ["[[allow]]", f'from = "{zone}"', 'to = "offices"', "ports = [4028]"]
        for host in self.hosts:
            lines += ["[[device]]", f'mac = "{host.mac_text}"', f'owner = "department {host.vlan}"']
        for mac, until in self.visitors:
            hours = int(until // 3_600)
            when = f"2025-12-01T{hours:02}:00:00Z" if hours < 24 else "2025-12-02T00:00:00Z"
            lines += ["[[visitor]]", f'mac = "{mac}"', 'sponsor = "Han Meimei"', f"expires = {when}"]
        lines += ["[[service]]", f'networks = ["{self.backup.text}"]', 'note = "backup"', "[[service]]", f'networks = ["{self.scanner.text}"]', 'note = "scanner"']
        return "\n".join(lines) + "\n"


def judge(capture, policy):
    ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", "--policy", policy, capture], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    if not lines:
        sys.exit(ran.stderr)
    found = collections.defaultdict(set)
    for line in lines[:-1]:
        subject = line["subject"]
        for piece in line["evidence"]:
            found[KINDS.get(piece["kind"], piece["kind"])].add(subject.get("src") or subject.get("address"))
    return found, lines[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--keep", type=pathlib.Path)
    choices = parser.parse_args()
    hits, total, false = collections.Counter(), collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = choices.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in choices.seeds:
            day = Day(seed)
            day.ordinary()
            day.plant()
            capture, policy = folder / f"day{seed}.pcap", folder / f"day{seed}.toml"
            day.capture.write(capture)
            policy.write_text(day.policy(), encoding="utf-8")
            (folder / f"day{seed}.json").write_text(json.dumps(day.planted), encoding="utf-8")
            found, summary = judge(capture, policy)
            wrong = [(kind, address) for kind, addresses in found.items() for address in addresses if address not in day.planted.get(kind, [])]
            for kind, addresses in day.planted.items():
                total[kind] += len(addresses)
                hits[kind] += sum(address in found[kind] for address in addresses)
                missed = [address for address in addresses if address not in found[kind]]
                if missed:
                    print(f"day {seed}: {kind} not found: {missed}")
            false.update(kind for kind, _ in wrong)
            print(f"day {seed}: {len(day.capture.frames)} frames, {summary['examined']['flows']} flows, {summary['seconds']:.1f} s; not planted but found: {len(wrong)} {wrong[:8]}", flush=True)
            if not choices.keep:
                capture.unlink()
    for kind in sorted(total):
        print(f"{kind:10} found {hits[kind]} of {total[kind]}, false {false[kind]}")
    print(f"all: {sum(hits.values())} of {sum(total.values())}; false {sum(false.values())} in {len(choices.seeds)} days")
    return 0


if __name__ == "__main__":
    sys.exit(main())
