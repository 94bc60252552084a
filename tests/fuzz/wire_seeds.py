"""Seeds of the targets that read the wire; everything is made up. Used by make_seeds.py."""
import struct

LOGIN = '{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"%s","pass":"x","agent":"XMRig/6.21.0","algo":["rx/0"]}}'
JOB = '{"jsonrpc":"2.0","method":"job","params":{"blob":"%s","job_id":"7","target":"b88d0600","algo":"rx/0","height":3}}' % ("0c" * 76)
SUBMIT = '{"id":2,"method":"submit","params":{"id":"s","job_id":"7","nonce":"01020304","result":"%s"}}' % ("11" * 28 + "00000000")
NOTIFY = '{"id":null,"method":"mining.notify","params":["j","%s","01","02",[],"20000000","1d00ffff","5e9a5b8e",true]}' % ("00" * 32)


def pool_talks(wallet):
    yield "cryptonote", "\n".join([LOGIN % wallet, "<" + JOB, SUBMIT, '<{"id":2,"result":{"status":"OK"}}'])
    yield "stratum", "\n".join(['{"id":1,"method":"mining.subscribe","params":["cgminer/4.12"]}',
                                '<{"id":1,"result":[[["mining.notify","ab"]],"08000002",4],"error":null}', "<" + NOTIFY,
                                '{"id":4,"method":"mining.submit","params":["w.1","j","00000000","5e9a5b8e","00000001"]}'])
    yield "ethproxy", "\n".join(['@{"id":1,"method":"eth_submitLogin","params":["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],"worker":"eth1.0"}',
                                 '<{"id":0,"jsonrpc":"2.0","result":["0x%s","0x%s","0x%s"]}' % ("aa" * 32, "bb" * 32, "00" * 8 + "ff" * 24)])


def shares(_):
    yield "cryptonote", "c\nb88d0600\n" + "11" * 28 + "00000000\n"
    yield "bitcoin", "\n".join(["00" * 32, "01000000", "ffffffff", "20000000", "1d00ffff", "5e9a5b8e", "00000000", "5e9a5b8e", "00000001", "", "08000002", "1fffe000", "1"])


def pieces(*said):
    """(side, bytes) as the unwrapper's and the TLS target take them."""
    out = b""
    for side, data in said:
        while data:
            part, data = data[:252], data[252:]
            length = (len(part) + 3) // 4
            out += bytes([length << 2 | side]) + part.ljust(length * 4, b" ")
    return out


def streams(wallet):
    masked = bytes(b ^ k for b, k in zip(b'{"type":"auth"}', b"\1\2\3\4" * 4))
    yield "lines", pieces((0, (LOGIN % wallet + "\n").encode()), (1, (JOB + "\n").encode()))
    yield "http", pieces((0, b'POST /json_rpc HTTP/1.1\r\nHost: n\r\nContent-Length: 8\r\n\r\n{"id":1}'),
                         (1, b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"id":1}\r\n0\r\n\r\n'))
    yield "connect", pieces((0, b"CONNECT pool:3333 HTTP/1.1\r\n\r\n"), (1, b"HTTP/1.1 200 OK\r\n\r\n"), (0, b'{"id":1}\n'))
    yield "socks5", pieces((0, b"\5\1\0 "[:3]), (1, b"\5\0"), (0, b"\5\1\0\3\4pool\x0d\5"), (1, b"\5\0\0\1\0\0\0\0\0\0"))
    yield "websocket", pieces((0, b"\x81\x8f\1\2\3\4" + masked), (1, b'\x81\x08{"id":1}'))


def client_hello(name):
    sni = struct.pack(">HHBH", len(name) + 5, len(name) + 3, 0, len(name)) + name
    extensions = struct.pack(">H", 0) + sni + struct.pack(">HHBH", 43, 3, 2, 0x0304)
    body = b"\3\3" + b"r" * 32 + b"\0" + struct.pack(">HH", 2, 0x1301) + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    return b"\1" + struct.pack(">I", len(body))[1:] + body


def tls_streams(_):
    hello = client_hello(b"pool.example.org")
    record = b"\x16\3\1" + struct.pack(">H", len(hello)) + hello
    yield "hello", pieces((0, record))
    yield "records", pieces((0, record), (1, b"\x17\3\3\0\x20" + b"d" * 32), (0, b"\x17\3\3\0\x30" + b"e" * 48))
    yield "hello_body", hello[4:]


def dns_messages(_):
    name = b"\4pool\7example\3org\0"
    yield "question", b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + name + b"\0\1\0\1"
    yield "answer", b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0" + name + b"\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\7"
    yield "loop", b"\x12\x34\x81\x80\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1"


def quic_frames(_):
    hello = client_hello(b"pool.example.org")
    yield "crypto", b"\6\0" + struct.pack(">H", 0x4000 | len(hello)) + hello
    yield "padding", b"\0" * 40


def captures(_):
    tcp = struct.pack(">HHIIBBHHH", 40000, 3333, 1, 1, 0x50, 24, 65535, 0, 0) + b'{"id":1}\n'
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 7, 0, 64, 6, 0) + bytes([10, 0, 0, 1, 10, 0, 0, 2]) + tcp
    frame = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip
    yield "pcap", struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + struct.pack("<IIII", 1, 2, len(frame), len(frame)) + frame
    body = struct.pack("<IIIII", 0, 0, 5, len(frame), len(frame)) + frame.ljust((len(frame) + 3) // 4 * 4, b"\0")
    block = lambda kind, data: struct.pack("<II", kind, 12 + len(data)) + data + struct.pack("<I", 12 + len(data))
    yield "pcapng", block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0)) + block(6, body)


def live_frames(_):
    frame = b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + b"E" + bytes(19)
    yield "as_it_is", bytes([0, 1, 4, 0, 0, 0, 0, 0]) + frame
    yield "tagged", bytes([1, 1, 4, 0x81, 7, 0, 60, 0]) + frame
    yield "without_a_link_layer", bytes([2, 1, 4, 0, 0, 0, 200, 0]) + frame[14:]
    yield "tagged_and_short", bytes([3, 1, 0, 0x88, 7, 0, 20, 0]) + b"x"


def cycles(_):
    share, answer, push = bytes([2, 0, 0, 60]), bytes([3, 1, 0, 2]), bytes([3, 2, 0, 90])
    yield "cryptonote", bytes([2, 4, 0, 0, 3, 3, 0, 1]) + (share + answer + push) * 12
    yield "polls", bytes([0x80, 10, 0, 20, 0x81, 10, 0, 20]) * 20


def devices(_):
    yield "arp", bytes.fromhex("00010800060400010200000000010a0000070000000000000a000001")
    yield "advertisement", bytes.fromhex("8800000060000000fd0000000000000000000000000000090201020000000002")
    request = bytes([1, 1, 6]) + bytes(25) + b"\2\0\0\0\0\5" + bytes(202) + bytes.fromhex("63825363350103") + b"\x0c\x04host\xff"
    yield "dhcp", request
    yield "miner", b"STATUS=S,When=1,Code=11,Msg=Summary,Description=bmminer 1.0|SUMMARY,Elapsed=5|"


def policies(_):
    yield "zones", b'[[zone]]\nname = "a"\nnetworks = ["10.1.0.0/16"]\nvlans = [7]\n[[allow]]\nfrom = "a"\nto = "*"\nports = [443]\n'
    yield "devices", (b'devices = "learn"\n[[device]]\nmac = "02:00:00:00:00:01"\n[[visitor]]\nmac = "02:00:00:00:00:02"\nsponsor = "x"\n'
                      b'expires = 2026-01-02T03:00:00Z\n[[service]]\nnetworks = ["10.0.0.1"]\n')


def answers(_):
    yield "stratum", b'\0{"id":1,"result":[[["mining.notify","a1"]],"0badcafe",4],"error":null}\n'
    yield "refusal", b'\1{"id":1,"jsonrpc":"2.0","error":{"code":-1,"message":"Invalid address used for login"}}\n'
    yield "http", b"\4HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    yield "noise", b"\3" + bytes((7 * i + 3) % 256 for i in range(170))


TARGETS = {"probe_answer_fuzz": answers,
           "devices_fuzz": devices, "policy_fuzz": policies,
           "tls_cycle_fuzz": cycles, "pool_dialects_fuzz": pool_talks, "share_proof_fuzz": shares, "unwrapper_fuzz": streams, "tls_fuzz": tls_streams,
           "dns_fuzz": dns_messages, "quic_fuzz": quic_frames, "capture_parser_fuzz": captures, "frame_record_fuzz": live_frames}
