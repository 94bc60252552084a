#!/usr/bin/env python3
"""What `davy pcap` says of hosts: zones, devices, habits and mining machines, with a policy and without, and on replay."""
import struct

import trial

START = 1_764_547_200
POLICY = """
[[zone]]
name = "offices"
networks = ["10.1.0.0/16"]
[[zone]]
name = "servers"
networks = ["10.2.0.0/16"]
[[allow]]
from = "offices"
to = "servers"
ports = [443]
[[device]]
mac = "02:00:00:00:00:01"
[[visitor]]
mac = "02:00:00:00:00:02"
sponsor = "Li Lei"
expires = 2025-12-01T06:00:00Z
"""
ANSWER = b'{"STATUS":[{"STATUS":"S","When":1,"Code":11,"Msg":"Summary","Description":"cgminer 4.11.1"}],"SUMMARY":[{}],"id":1}\0'


def address(text):
    return bytes(int(part) for part in text.split("."))


class Traffic:
    """Frames of a made-up network, written as a capture."""

    def __init__(self):
        self.frames, self.port = [], 20_000

    def tcp(self, at, client, server, port, said=()):
        self.port += 1
        following = [1, 1]
        for step, (side, flags, words) in enumerate([(0, 2, b""), (1, 18, b""), (0, 16, b""), *((s, 24, w) for s, w in said), (0, 17, b""), (1, 17, b"")]):
            ends = [(address(client), self.port), (address(server), port)]
            (source, sport), (destination, dport) = ends[side], ends[1 - side]
            tcp = struct.pack(">HHIIBBHHH", sport, dport, following[side], following[1 - side], 0x50, flags, 65_535, 0, 0) + words
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + source + destination
            self.frames.append((at + step * 0.01, b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + tcp))
            following[side] += len(words) + (1 if flags & 3 else 0)

    def arp(self, at, mac, owner):
        body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + bytes((2, 0, 0, 0, 0, mac)) + address(owner) + bytes(10)
        self.frames.append((at, b"\xff" * 6 + bytes((2, 0, 0, 0, 0, mac)) + b"\x08\x06" + body))

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
            for at, frame in sorted(self.frames):
                file.write(struct.pack("<IIII", START + int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


def ordinary_day():
    """Eight hours in which nothing happens that would be worth a word."""
    traffic = Traffic()
    for minute in range(0, 480, 5):
        traffic.tcp(minute * 60 + (minute * 37) % 200, "10.1.0.5", f"203.0.113.{minute % 7}", 443, [(0, b"x" * 90), (1, b"y" * 900)])
        traffic.tcp(minute * 60 + (minute * 53) % 190, "10.1.0.6", "10.2.0.1", 443, [(0, b"x" * 90), (1, b"y" * 90)])
    traffic.arp(60, 1, "10.1.0.5")
    traffic.arp(90, 2, "10.1.0.9")
    return traffic


class Behaviour(trial.Trial):
    """Each kind once, and an ordinary day."""

    def kinds(self, traffic, policy=POLICY):
        capture = self.path("capture.pcap")
        traffic.write(capture)
        words = ["pcap", "--format", "jsonl", "--record", self.path("recording"), capture]
        if policy:
            words += ["--policy", self.path("policy.toml", policy)]
        self.path("recording").unlink(missing_ok=True)
        ran = self.davy(*words)
        found = [line for line in ran.lines() if line["type"] == "finding"]
        replayed = self.davy("replay", "--format", "jsonl", self.path("recording"))
        self.assertEqual(found, [line for line in replayed.lines() if line["type"] == "finding"])
        return sorted(piece["kind"] for one in found for piece in one["evidence"])

    def test_an_ordinary_day(self):
        self.assertEqual(self.kinds(ordinary_day()), [])

    def test_zones_that_may_not_talk(self):
        traffic = ordinary_day()
        traffic.tcp(9_000, "10.1.0.5", "10.2.0.1", 22, [(0, b"SSH-2.0-x\r\n"), (1, b"SSH-2.0-y\r\n")])
        self.assertEqual(self.kinds(traffic), ["zone.crossing"])
        self.assertEqual(self.kinds(traffic, policy=None), [])

    def test_devices(self):
        traffic = ordinary_day()
        traffic.arp(5_000, 7, "10.1.0.77")
        traffic.arp(7 * 3_600, 2, "10.1.0.9")
        self.assertEqual(self.kinds(traffic), ["device.expired", "device.unknown"])

    def test_a_mining_machine(self):
        traffic = ordinary_day()
        traffic.tcp(9_000, "10.1.0.5", "10.1.0.50", 4_028, [(0, b'{"command":"summary"}'), (1, ANSWER)])
        self.assertEqual(self.kinds(traffic, policy=None), ["device.miner_api"])

    def test_habits(self):
        traffic = ordinary_day()
        for number in range(400):
            traffic.tcp(20_000 + number, "10.1.0.5", f"198.51.{number // 250}.{number % 250}", 445)
        for number in range(600):
            traffic.tcp(25_200 + number, "10.1.0.6", "203.0.113.9", 80, [(0, b"x"), (1, b"y")])
        for number in range(40):
            traffic.tcp(3_000 + number * 300 + number % 3, "10.1.0.5", "203.0.113.99", 443, [(0, b"x"), (1, b"y")])
        self.assertEqual(self.kinds(traffic), ["habit.beacon", "habit.brief_connections", "habit.fan_out"])

    def test_a_policy_that_is_wrong_is_refused_and_says_why(self):
        ran = self.davy("config", "check", "--policy", self.path("bad.toml", '[[zone]]\nname = "a"\nnetwoks = ["10.0.0.0/8"]\n'))
        self.assertEqual(ran.status, 2, ran)
        self.assertIn("did you mean networks", ran.err)
        self.assertEqual(self.davy("config", "check", "--policy", self.path("good.toml", POLICY)).status, 0)


if __name__ == "__main__":
    trial.main()
