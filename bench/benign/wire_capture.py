"""Counts the TCP flows of a capture for bench/wire_benign.py, without Davy's own reading of packets.

Reads pcap of Ethernet and IPv4 as tcpdump writes it on loopback. A flow begins with its SYN.
"""
import struct

LONG_SECONDS, LONG_MESSAGES = 15.0, 10


class Flow:
    __slots__ = ("server", "port", "first", "last", "sent", "received", "tls")

    def __init__(self, server, port, at):
        self.server, self.port, self.first, self.last = server, port, at, at
        self.sent = self.received = 0
        self.tls = False

    @property
    def both(self):
        return self.sent > 0 and self.received > 0

    def long_lived(self):
        return self.sent >= LONG_MESSAGES and self.last - self.first >= LONG_SECONDS


def packets(path):
    """Times and frames; stops at a cut end."""
    with open(path, "rb") as file:
        order = "<" if file.read(24)[:1] in (b"\xd4", b"\x4d") else ">"
        head = struct.Struct(order + "IIII")
        while len(raw := file.read(16)) == 16:
            seconds, fraction, kept, _ = head.unpack(raw)
            yield seconds + fraction / 1e6, file.read(kept)


def flows_of(path):
    """Every flow that the capture holds from its SYN on."""
    current, out = {}, []
    for at, frame in packets(path):
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        tcp = 14 + (frame[14] & 15) * 4
        source, target = frame[26:30] + frame[tcp:tcp + 2], frame[30:34] + frame[tcp + 2:tcp + 4]
        if frame[tcp + 13] & 0x12 == 2:
            current[source, target] = flow = Flow(".".join(map(str, target[:4])), int.from_bytes(target[4:], "big"), at)
            out.append(flow)
            continue
        flow, sends = current.get((source, target)), True
        if flow is None:
            flow, sends = current.get((target, source)), False
        start = tcp + (frame[tcp + 12] >> 4) * 4
        if flow is None or 14 + int.from_bytes(frame[16:18], "big") <= start:
            continue
        flow.last = at
        flow.sent += sends
        flow.received += not sends
        flow.tls = flow.tls or (not sends and frame[start:start + 2] == b"\x16\x03")
    return out
