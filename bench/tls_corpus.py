#!/usr/bin/env python3
"""How many real mining conversations `davy pcap` would have found had they been encrypted.

  bench/tls_corpus.py FOLDER                captures of mining in clear, labelled or not
  bench/tls_corpus.py FOLDER --shares 10    judged when that many shares were answered
Each conversation that `davy pcap --extract` decodes from the captures is written again as records of TLS with the same sides,
times and sizes: the plaintext's size and what the cipher adds (1.3: 22 bytes, 1.2 with AES-GCM: 29, 1.2 with ChaCha20: 21), with
real hellos of OpenSSL before them, so that the cipher is known. Only conversations of which the login was seen and that reach
the number of shares count. Sessions that joined later are judged too, on their own line. No packet is sent.
"""
import argparse
import collections
import datetime
import json
import pathlib
import ssl
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = ROOT / "build" / "release" / "bin" / "davy"
CIPHERS = {"1.3": ("TLSv1_3", None, 22), "1.2 GCM": ("TLSv1_2", "ECDHE+AESGCM", 29), "1.2 ChaCha20": ("TLSv1_2", "ECDHE+CHACHA20", 21)}
SHARE_METHODS = ("submit", "mining.submit", "eth_submitWork", "solution")


def handshake(version, ciphers, folder):
    """[(side, bytes)] of a real handshake over memory, with a certificate made for it."""
    pem = pathlib.Path(folder) / "pair.pem"
    if not pem.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-keyout", f"{pem}.key", "-out", f"{pem}.crt"], check=True, capture_output=True)
        pem.write_text(pathlib.Path(f"{pem}.key").read_text() + pathlib.Path(f"{pem}.crt").read_text())
    server_context, client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server_context.load_cert_chain(pem)
    client_context.check_hostname, client_context.verify_mode = False, ssl.CERT_NONE
    client_context.minimum_version = client_context.maximum_version = getattr(ssl.TLSVersion, version)
    if ciphers:
        client_context.set_ciphers(ciphers)
    pipes = [ssl.MemoryBIO() for _ in range(4)]
    ends = [client_context.wrap_bio(pipes[0], pipes[1]), server_context.wrap_bio(pipes[2], pipes[3], server_side=True)]
    said = []
    for _ in range(8):
        for side in (0, 1):
            try:
                ends[side].do_handshake()
            except ssl.SSLWantReadError:
                pass
            data = pipes[2 * side + 1].read()
            if data:
                said.append((side, data))
                pipes[2 * (1 - side)].write(data)
    return said


class Capture:
    """A pcap file of TCP connections over IPv4."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))

    def connection(self, number, messages):
        """`messages` are (time in s, side, payload)."""
        ends = [(bytes((10, 9, number >> 8 & 255, number & 255)), 40_000), (bytes((10, 8, 0, 1)), 443)]
        following = [1_000, 5_000]
        start = messages[0][0] - 0.2
        for at, side, flags, payload in [(start, 0, 2, b""), (start, 1, 18, b""), (start, 0, 16, b"")] + [
                (at, side, 24, payload) for at, side, payload in messages]:
            for piece in [payload[i:i + 1_400] for i in range(0, len(payload), 1_400)] or [b""]:
                (source, sport), (destination, dport) = ends[side], ends[1 - side]
                tcp = struct.pack(">HHIIBBHHH", sport, dport, following[side], following[1 - side], 0x50, flags, 65_535, 0, 0) + piece
                packet = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + struct.pack(
                    ">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + source + destination + tcp
                self.file.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(packet), len(packet)) + packet)
                following[side] = (following[side] + len(piece) + (flags & 2 > 0)) % 2**32


def conversations(folder, scratch):
    """[(dialect, [(time, side, size, method)])] of everything that mines in the captures."""
    out = []
    for number, path in enumerate(sorted(folder.rglob("*.pcap*"))):
        target = scratch / str(number)
        ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", "--extract", target, path], capture_output=True, text=True, check=False)
        for line in ran.stdout.splitlines():
            finding = json.loads(line)
            messages = target / f"{finding.get('id')}.messages.jsonl"
            if finding["type"] == "finding" and messages.exists():
                out.append((finding["subject"].get("dialect"), list(sizes(messages))))
    return out


def sizes(messages):
    for line in messages.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        if "json" not in message or message.get("carrier") != "line":
            continue
        said = message["json"]
        size = len(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()) + 1
        at = datetime.datetime.fromisoformat(message["at"].replace("Z", "+00:00")).timestamp()
        yield at, 0 if message["side"] == "client" else 1, size, said.get("method", "") if isinstance(said, dict) else ""


def until(talk, shares):
    """The talk up to the answer of its share number `shares`, or None when it has fewer."""
    seen = 0
    for i, (_, side, _, method) in enumerate(talk):
        seen += method in SHARE_METHODS
        if seen == shares and side == 1 and not method:
            return talk[:i + 1]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--shares", type=int, default=10)
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        talks = conversations(choices.folder, pathlib.Path(scratch))
        for name, (version, ciphers, overhead) in CIPHERS.items():
            hellos = handshake(version, ciphers, scratch)
            path = pathlib.Path(scratch) / "tls.pcap"
            capture, kinds = Capture(path), {}
            for number, (dialect, talk) in enumerate(talks):
                cut = until(talk, choices.shares)
                if cut is None:
                    continue
                late = cut[0][1] == 1 or cut[0][3] in SHARE_METHODS
                begin = cut[0][0] - 0.1
                records = [(begin, side, data) for side, data in hellos]
                records += [(at, side, b"\x17\3\3" + struct.pack(">H", size + overhead - 5) + bytes(size + overhead - 5))
                            for at, side, size, _ in cut]
                capture.connection(number, records)
                kinds[f"10.9.{number >> 8 & 255}.{number & 255}"] = (dialect, late)
            capture.file.close()
            recording = pathlib.Path(scratch) / f"{overhead}.recording"
            subprocess.run([DAVY, "pcap", "-q", "--record", recording, path], capture_output=True, check=False)
            seen = [json.loads(line) for line in recording.read_text().splitlines() if '"tls_seen"' in line]
            found = {s["flow"]["client"]: s["profile"] for s in seen if s["profile"]}
            total, hits = collections.Counter(kinds.values()), collections.Counter(kinds[c] for c in found if c in kinds)
            for kind in sorted(total, key=str):
                print(f"TLS {name:13} {kind[0]:15} {'joined late' if kind[1] else 'from its start':15} found {hits[kind]} of {total[kind]}")
                for client, one in kinds.items():
                    if one == kind and client not in found:
                        print("   not found:", client, dict(collections.Counter((s, m) for _, s, _, m in talks[int(client.split('.')[3])][1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
