#!/usr/bin/env python3
"""davy pcap from outside: captures that the test writes, wrong words and damaged files; and, where a corpus of labelled
captures lies beside the source tree (or DAVY_CORPUS names one), every labelled conversation in it."""
import csv
import gzip
import json
import os
import pathlib
import struct
import unittest

import trial

SUBSCRIBE = '{"id":1,"method":"mining.subscribe","params":["cgminer/4.12"]}\n'
SUBSCRIBED = '{"id":1,"result":[[["mining.notify","ab"]],"08000002",4],"error":null}\n'
NOTIFY = ('{"id":null,"method":"mining.notify","params":["j","%s","01","02",[],"20000000","1d00ffff","5e9a5b8e",true]}\n'
          % ("00" * 32))
DIALECTS = {"xmr-stratum": "cryptonote", "stratum1-zec": "stratum.zcash", "eth-stratum": "ethproxy", "stratum1": "stratum"}
SYN, ACK, PUSH_ACK, FIN_ACK = 2, 16, 24, 17


def conversation(talk=((0, SUBSCRIBE), (1, SUBSCRIBED), (1, NOTIFY)), handshake=True):
    """A pcap file with one TCP connection: (side, text) for each segment."""
    out, sequence, now = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1), [100, 900], 1_767_000_000
    steps = [(0, SYN, ""), (1, SYN | ACK, ""), (0, ACK, "")] if handshake else []
    for side, flags, text in steps + [(side, PUSH_ACK, text) for side, text in talk] + [(0, FIN_ACK, ""), (1, FIN_ACK, "")]:
        ports, data = ((40000, 3333), (3333, 40000))[side], text.encode()
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence[side], sequence[1 - side], 0x50, flags, 65535, 0, 0) + data
        addresses = [bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])]
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 7, 0, 64, 6, 0) + addresses[side] + addresses[1 - side] + tcp
        frame = bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]) + ip
        sequence[side] += len(data) + (1 if flags & SYN else 0)
        now += 1
        out += struct.pack("<IIII", now, 0, len(frame), len(frame)) + frame
    return out


class Captures(trial.Trial):
    """Files that are right, cut, damaged, compressed, empty or no captures at all."""

    def test_a_conversation_is_found_with_who_and_what(self):
        ran = self.davy("pcap", "--format", "jsonl", self.path("a.pcap", conversation()))
        finding, = self.assert_examined(ran)
        subject = finding["subject"]
        self.assertEqual((subject["kind"], subject["proto"], subject["src"], subject["sport"], subject["dst"], subject["dport"]),
                         ("flow", "tcp", "10.0.0.1", 40000, "10.0.0.2", 3333))
        self.assertEqual((subject["dialect"], subject["agent"]), ("stratum", "cgminer/4.12"))
        self.assertEqual(finding["verdict"], "likely")
        for language, word in (("en", "mining conversation"), ("zh", "矿池对话")):
            self.assertIn(word, self.davy("pcap", "--lang", language, self.path("a.pcap"), status=1).out)

    def test_compressed_and_from_standard_input(self):
        packed = self.path("a.pcap.gz", gzip.compress(conversation()))
        self.assertEqual(len(self.assert_examined(self.davy("pcap", "--format", "jsonl", packed))), 1)

    def test_a_forged_line_is_no_accusation(self):
        for talk in (((0, SUBSCRIBE),), ((1, NOTIFY),)):
            ran = self.davy("pcap", "--format", "jsonl", self.path("forged.pcap", conversation(talk)))
            self.assertEqual(self.assert_examined(ran), [])

    def test_ordinary_json_is_nothing(self):
        talk = ((0, '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n'), (1, '{"jsonrpc":"2.0","id":1,"result":{}}\n'))
        self.davy("pcap", self.path("rpc.pcap", conversation(talk)), status=0)

    def test_what_stands_before_damage_counts_and_the_damage_is_told(self):
        whole = conversation()
        ran = self.davy("pcap", "--format", "jsonl", self.path("cut.pcap", whole[:-3]))
        self.assertEqual(len([line for line in ran.lines() if line["type"] == "finding"]), 1)
        self.assertEqual(ran.sense("capture")["state"], "off")
        self.assertEqual(ran.summary()["dropped"]["unreadable"], 1)
        self.davy("pcap", self.path("cut2.pcap", whole[:-len(whole) // 2]), status=3)

    def test_files_that_are_no_captures(self):
        for name, content in (("empty", b""), ("text", b"not a capture at all\n"), ("short", b"\xd4\xc3"), ("gz", gzip.compress(b"x"))):
            self.refused("pcap", self.path(name, content), status=2, names=[name])
        ran = self.davy("pcap", "--format", "jsonl", self.path("text"), self.path("a.pcap", conversation()), status=1)
        self.assertIn("text", ran.sense("capture")["why"], "the other file was examined")

    def test_wrong_words(self):
        self.refused("pcap", status=2)
        self.refused("pcap", self.path("missing"), status=2, names=["missing"])
        self.refused("pcap", self.folder, status=2)
        for size in ("0", "-1", "many", "1e3"):
            self.refused("pcap", "--memory", size, self.path("a.pcap", conversation()), status=2, names=["--memory"])

    def test_a_recording_replays_to_the_same_findings(self):
        record = self.path("recording")
        seen = self.davy("pcap", "--format", "jsonl", "--record", record, self.path("a.pcap", conversation())).lines()[:-1]
        again = self.davy("replay", "--format", "jsonl", record).lines()[:-1]
        self.assertEqual(seen, again)

    @unittest.skipIf(os.geteuid() != 0, "only root can make a disk that is full")
    def test_a_recording_that_cannot_be_written_costs_no_finding(self):
        disk = self.folder / "disk"
        disk.mkdir()
        full = [*trial.unshared("-m"), "sh", "-c", f'mount -t tmpfs -o size=4k none "{disk}" && head -c 4096 /dev/zero > "{disk}/x" &&'
                ' exec "$@"', "sh"]
        ran = self.davy("pcap", "--format", "jsonl", "--record", disk / "recording", self.path("a.pcap", conversation()),
                        before=full, status=1)
        self.assertEqual(ran.sense("recording")["state"], "off")

    def test_extracts_packets_and_messages_into_new_files_only(self):
        capture, folder = self.path("a.pcap", conversation()), self.path("evidence")
        finding, = self.assert_examined(self.davy("pcap", "--format", "jsonl", "--extract", folder, capture))
        part, messages = folder / f"{finding['id']}.pcap", folder / f"{finding['id']}.messages.jsonl"
        self.assertEqual((part.stat().st_mode & 0o777, folder.stat().st_mode & 0o777), (0o600, 0o700))
        self.assertEqual([json.loads(line)["side"] for line in messages.read_text().splitlines()], ["client", "server", "server"])
        again, = self.assert_examined(self.davy("pcap", "--format", "jsonl", part))
        self.assertEqual(again["subject"], finding["subject"])
        self.refused("pcap", "--extract", folder, capture, status=2, names=[part])


class Corpus(trial.Trial):
    """Real captures with a label for each flow. Nothing of them is part of the tree."""

    def setUp(self):
        beside = pathlib.Path(os.environ["DAVY_SOURCE"]).parent / "shared" / "corpus"
        self.corpus = pathlib.Path(os.environ.get("DAVY_CORPUS", beside)) / "network"
        if not (self.corpus / "labels.tsv").exists():
            self.skipTest("there is no corpus of captures here")

    def test_every_labelled_conversation_of_both_sides_is_found(self):
        with open(self.corpus / "labels.tsv", encoding="utf-8", newline="") as file:
            labels = [row for row in csv.DictReader(file, delimiter="\t") if row["dialect"] in DIALECTS]
        missed = []
        for name in sorted({row["file"] for row in labels}):
            lines = self.davy("pcap", "--format", "jsonl", self.corpus / "mining" / name).lines()
            found = {(s["src"], str(s["sport"])): (s["dialect"], f["verdict"]) for f in lines[:-1] for s in [f["subject"]]}
            for row in labels:
                both_sides = int(row["client_bytes"]) > 0 and int(row["server_bytes"]) > 0
                if row["file"] == name and both_sides:
                    dialect, verdict = found.get((row["client"], row["client_port"]), ("", "clear"))
                    if dialect != DIALECTS[row["dialect"]] or verdict not in ("likely", "confirmed"):
                        missed.append((name, row["client_port"], row["dialect"], dialect, verdict))
        self.assertEqual(missed, [])

    def test_captures_without_mining_give_no_finding(self):
        files = sorted(path for path in (self.corpus / "benign").rglob("*") if path.is_file())
        ran = self.davy("pcap", "--format", "jsonl", *files)
        self.assertEqual([line for line in ran.lines() if line["type"] == "finding"], [])
        self.assertGreater(ran.summary()["examined"]["flows"], 1000)


if __name__ == "__main__":
    trial.main()
