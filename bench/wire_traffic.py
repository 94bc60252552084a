"""A capture like that of a busy line, made up from nothing: TLS, HTTP, DNS, QUIC, SSH, mail, data bases, small datagrams, and
about one connection in a hundred that mines in clear. No packet was ever sent; no real host, wallet or key is in it.

  write(path, megabytes, seed)      writes the capture (pcap, Ethernet) and gives its Figures
A few hundred scripts of each kind are made first, each a list of (side, payload, TCP flags); a flow then is a script with
addresses, ports and sequence numbers of its own. OPEN_FLOWS flows are open at once and take turns at random, in bursts of
one to three frames. Most miners have a conversation of their own; those of Bitcoin share a dozen, whose proofs take a while to find. Checksums are left zero: readers must not verify them.
"""
import dataclasses
import hashlib
import pathlib
import random
import struct
import subprocess
import tempfile

OPEN_FLOWS, CLIENTS, SCRIPTS, MSS = 12_000, 3_000, 300, 1_400
SHARE_BITS, SOLVED_SCRIPTS = 12, 12  # a share of 2^12 hashes is no trivial one and soon found
CLIENT, SERVER = 0, 1
SYN, PUSH_ACK, ACK, FIN_ACK, SYN_ACK = 0x02, 0x18, 0x10, 0x11, 0x12
SHARES = {"tls": 46, "http": 13, "dns": 16, "quic": 6, "ssh": 3, "mail": 3, "database": 4, "datagram": 6, "scan": 2, "mining": 1}
WORDS = ("status order total price user region city name value update report item account address country quantity result page "
         "market stock index sample build archive notice letter winter garden river").split()
RECORD = struct.Struct("<IIII")
TCP4 = struct.Struct(">12sHBBHHHBBHIIHHIIBBHHH")
UDP4 = struct.Struct(">12sHBBHHHBBHIIHHHH")
TCP6 = struct.Struct(">12sHIHBB16s16sHHIIBBHHH")
UDP6 = struct.Struct(">12sHIHBB16s16sHHHH")
MACS = [bytes((2, 0, 0, 0, 0, a, 2, 0, 0, 0, 0, b)) for a, b in ((1, 2), (2, 1))]


@dataclasses.dataclass
class Figures:
    """What was written. `miners` are (client address, client port) of the planted conversations."""
    frames: int = 0
    bytes: int = 0
    flows: int = 0
    tcp_with_payload: int = 0
    miners: list = dataclasses.field(default_factory=list)


class Script:
    """What both sides of one connection say, step by step."""

    def __init__(self, rng, protocol, port):
        self.rng, self.protocol, self.port, self.steps = rng, protocol, port, []

    def say(self, side, payload, ack=0.28):
        for at in range(0, len(payload), MSS):
            self.steps.append((side, payload[at:at + MSS], PUSH_ACK))
            if self.protocol == 6 and self.rng.random() < ack:
                self.steps.append((1 - side, b"", ACK))
        return self

    def framed(self):
        """With the handshake of TCP before and, mostly, the close behind."""
        self.steps[:0] = [(CLIENT, b"", SYN), (SERVER, b"", SYN_ACK), (CLIENT, b"", ACK)]
        if self.rng.random() < 0.9:
            self.steps += [(CLIENT, b"", FIN_ACK), (SERVER, b"", FIN_ACK), (CLIENT, b"", ACK)]
        return self


def size_of_piece(rng):
    """Of application data: mostly short questions and answers."""
    kind = rng.random()
    return rng.randint(24, 180) if kind < 0.58 else rng.randint(180, 640) if kind < 0.90 else rng.randint(900, 2_800)


def turns(rng, median):
    return max(1, min(400, int(rng.lognormvariate(0, 0.9) * median)))


def vector(width, content):
    return len(content).to_bytes(width, "big") + content


def record(kind, content, version=b"\x03\x03"):
    return bytes((kind,)) + version + vector(2, content)


def name_of_host(rng):
    return f"{rng.choice(WORDS)}-{rng.randint(1, 99)}.{rng.choice(WORDS)}{rng.randint(1, 999)}.example"


def client_hello(rng):
    name = name_of_host(rng).encode()
    ciphers = rng.sample([0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35], 12)
    extensions = [(0, vector(2, b"\0" + vector(2, name))), (23, b""), (10, vector(2, bytes.fromhex("001d00170018"))), (11, b"\1\0"),
                  (16, vector(2, vector(1, b"h2") + vector(1, b"http/1.1"))), (13, vector(2, bytes.fromhex("0403080404010503080505010806"))),
                  (51, vector(2, b"\0\x1d" + vector(2, rng.randbytes(32)))), (45, b"\1\1"), (43, vector(1, b"\3\4\3\3")),
                  (21, bytes(rng.randint(0, 220)))]
    rng.shuffle(extensions)
    body = b"\3\3" + rng.randbytes(32) + vector(1, rng.randbytes(32)) + vector(2, b"".join(c.to_bytes(2, "big") for c in ciphers)) + b"\1\0"
    return record(22, b"\1" + vector(3, body + vector(2, b"".join(t.to_bytes(2, "big") + vector(2, e) for t, e in extensions))), b"\3\1")


def server_hello(rng, modern):
    extensions = (b"\0\x2b\0\2\3\4\0\x33" + vector(2, b"\0\x1d" + vector(2, rng.randbytes(32)))) if modern else b"\xff\1\0\1\0"
    body = b"\3\3" + rng.randbytes(32) + vector(1, rng.randbytes(32)) + (b"\x13\1" if modern else b"\xc0\x2f") + b"\0" + vector(2, extensions)
    return record(22, b"\2" + vector(3, body))


def certificate():
    """One of its own making, in DER; arbitrary bytes where there is no openssl."""
    with tempfile.TemporaryDirectory() as tmp:
        out = pathlib.Path(tmp) / "c.der"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=www.sample.example",
                        "-addext", "subjectAltName=DNS:www.sample.example,DNS:sample.example", "-outform", "DER", "-keyout", "/dev/null", "-out", str(out)],
                       check=False, capture_output=True)
        return out.read_bytes() if out.exists() else bytes(700)


def tls(rng, shared):
    script, modern = Script(rng, 6, 443 if rng.random() < 0.9 else rng.choice((993, 8443, 853, 5061))), rng.random() < 0.7
    script.say(CLIENT, client_hello(rng))
    if modern:
        flight = record(20, b"\1") + record(23, rng.randbytes(40)) + record(23, rng.randbytes(rng.randint(1_800, 3_600))) + record(23, rng.randbytes(280))
        script.say(SERVER, server_hello(rng, True) + flight).say(CLIENT, record(20, b"\1") + record(23, rng.randbytes(53)))
    else:
        chain = vector(3, shared) + vector(3, rng.randbytes(1_100))
        script.say(SERVER, server_hello(rng, False) + record(22, b"\x0b" + vector(3, vector(3, chain))) +
                   record(22, b"\x0c" + vector(3, rng.randbytes(200))) + record(22, b"\x0e\0\0\0"))
        script.say(CLIENT, record(22, b"\x10" + vector(3, rng.randbytes(33))) + record(20, b"\1") + record(22, rng.randbytes(40)))
        script.say(SERVER, record(20, b"\1") + record(22, rng.randbytes(40)))
    for _ in range(turns(rng, 6)):
        script.say(CLIENT, record(23, rng.randbytes(size_of_piece(rng))))
        for _ in range(rng.randint(1, 2)):
            script.say(SERVER, record(23, rng.randbytes(size_of_piece(rng))))
    return script.framed()


def text_of(rng, size):
    out = []
    while size > 0:
        out.append(rng.choice(WORDS))
        size -= len(out[-1]) + 1
    return " ".join(out)


def http(rng, _):
    script, host = Script(rng, 6, rng.choice((80, 80, 80, 8080))), name_of_host(rng)
    for _ in range(turns(rng, 4)):
        path = "/" + "/".join(rng.sample(WORDS, rng.randint(1, 4))) + rng.choice(("", ".js", ".png", f"?id={rng.randint(1, 10**6)}"))
        post = json_text(rng, rng.randint(40, 300)).encode() if rng.random() < 0.2 else b""
        script.say(CLIENT, (f"{'POST' if post else 'GET'} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n"
                            f"Accept-Encoding: gzip\r\nConnection: keep-alive\r\n" + (f"Content-Length: {len(post)}\r\n" if post else "") + "\r\n").encode() + post)
        kind = rng.choice(("text/html", "application/json", "image/png", "text/javascript"))
        size = size_of_piece(rng)
        body = json_text(rng, size).encode() if kind.endswith("json") else rng.randbytes(size) if kind.startswith("image") else text_of(rng, size).encode()
        script.say(SERVER, f"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return script.framed()


def json_text(rng, size):
    members = [f'"{rng.choice(WORDS)}":{rng.randint(0, 10**6)},"{rng.choice(WORDS)}":"{text_of(rng, 12)}"' for _ in range(max(1, size // 36))]
    return '{"id":%d,"result":[%s]}' % (rng.randint(1, 999), ",".join("{" + member + "}" for member in members))


def dns(rng, _):
    labels = b"".join(vector(1, part.encode()) for part in name_of_host(rng).split(".")) + b"\0"
    question, number = labels + b"\0\1\0\1", rng.randbytes(2)
    answers = b"".join(b"\xc0\x0c\0\1\0\1" + rng.randint(30, 3600).to_bytes(4, "big") + b"\0\4" + rng.randbytes(4) for _ in range(rng.randint(1, 4)))
    script = Script(rng, 17, 53)
    script.say(CLIENT, number + b"\1\0\0\1\0\0\0\0\0\0" + question)
    return script.say(SERVER, number + b"\x81\x80\0\1" + (len(answers) // 16).to_bytes(2, "big") + b"\0\0\0\0" + question + answers)


def quic(rng, _):
    script, client, server = Script(rng, 17, 443), rng.randbytes(8), rng.randbytes(8)
    long_header = b"\xc3\0\0\0\1" + vector(1, client) + vector(1, server)
    script.say(CLIENT, long_header + b"\0\x44\x80" + rng.randbytes(1_150)).say(SERVER, b"\xc3\0\0\0\1" + vector(1, server) + vector(1, client) + b"\0\x44\x80" + rng.randbytes(1_150))
    for _ in range(turns(rng, 8)):
        side = rng.randint(0, 1)
        script.say(side, bytes((0x40 | rng.randint(0, 63),)) + client + rng.randbytes(min(1_200, size_of_piece(rng))))
    return script


def ssh(rng, _):
    script = Script(rng, 6, 22).say(SERVER, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n").say(CLIENT, b"SSH-2.0-OpenSSH_9.6\r\n")
    lists = vector(4, b"curve25519-sha256,ecdh-sha2-nistp256") + vector(4, b"ssh-ed25519,rsa-sha2-512") + vector(4, b"aes128-ctr,aes256-gcm@openssh.com") * 2
    for side in (CLIENT, SERVER):
        script.say(side, vector(4, b"\x06\x14" + rng.randbytes(16) + lists + rng.randbytes(6)))
    for _ in range(turns(rng, 12)):
        script.say(CLIENT, rng.randbytes(36 + 8 * rng.randint(0, 3))).say(SERVER, rng.randbytes(36 + 8 * rng.randint(0, 30)))
    return script.framed()


def mail(rng, _):
    if rng.random() < 0.5:
        script = Script(rng, 6, 25).say(SERVER, b"220 mail.sample.example ESMTP\r\n").say(CLIENT, b"EHLO host.sample.example\r\n")
        script.say(SERVER, b"250-mail.sample.example\r\n250-SIZE 52428800\r\n250 8BITMIME\r\n")
        for command in ("MAIL FROM:<a@sample.example>", "RCPT TO:<b@sample.example>"):
            script.say(CLIENT, command.encode() + b"\r\n").say(SERVER, b"250 2.1.0 Ok\r\n")
        script.say(CLIENT, b"DATA\r\n").say(SERVER, b"354 End data with <CR><LF>.<CR><LF>\r\n")
        script.say(CLIENT, b"Subject: " + text_of(rng, 40).encode() + b"\r\n\r\n" + "\r\n".join(text_of(rng, 70) for _ in range(turns(rng, 8))).encode() + b"\r\n.\r\n")
        return script.say(SERVER, b"250 2.0.0 Ok: queued\r\n").say(CLIENT, b"QUIT\r\n").say(SERVER, b"221 2.0.0 Bye\r\n").framed()
    script = Script(rng, 6, 143).say(SERVER, b"* OK IMAP4rev1 ready.\r\n").say(CLIENT, b"a1 LOGIN user secret\r\n").say(SERVER, b"a1 OK Logged in\r\n")
    for number in range(turns(rng, 8)):
        script.say(CLIENT, f"a{number} FETCH {number} (FLAGS BODY[HEADER])\r\n".encode())
        script.say(SERVER, f"* {number} FETCH (FLAGS (\\Seen) BODY[HEADER] {{200}}\r\nSubject: {text_of(rng, 190)}\r\n)\r\na{number} OK done\r\n".encode())
    return script.framed()


def database(rng, _):
    if rng.random() < 0.5:
        script = Script(rng, 6, 6379)
        for _ in range(turns(rng, 10)):
            key = f"{rng.choice(WORDS)}:{rng.randint(1, 10**6)}"
            value = text_of(rng, rng.randint(10, 300))
            script.say(CLIENT, f"*2\r\n$3\r\nGET\r\n${len(key)}\r\n{key}\r\n".encode()).say(SERVER, f"${len(value)}\r\n{value}\r\n".encode())
        return script.framed()
    script = Script(rng, 6, 5432).say(CLIENT, vector(4, b"")[:3] + b"\x29\0\3\0\0user\0app\0database\0app\0\0\0\0\0")
    for _ in range(turns(rng, 8)):
        query = f"SELECT {rng.choice(WORDS)} FROM {rng.choice(WORDS)} WHERE id = {rng.randint(1, 10**6)}".encode() + b"\0"
        script.say(CLIENT, b"Q" + (len(query) + 4).to_bytes(4, "big") + query)
        script.say(SERVER, b"T\0\0\0\x1d\0\1name\0" + bytes(18) + b"D" + (rng.randint(40, 300)).to_bytes(4, "big") + rng.randbytes(rng.randint(40, 300)))
    return script.framed()


def datagram(rng, _):
    kind = rng.choice(("ntp", "syslog", "game"))
    if kind == "ntp":
        return Script(rng, 17, 123).say(CLIENT, b"\x23" + bytes(39) + rng.randbytes(8)).say(SERVER, b"\x24\2\6\xe9" + rng.randbytes(44))
    script = Script(rng, 17, 514 if kind == "syslog" else rng.randint(27_000, 27_100))
    for _ in range(turns(rng, 6)):
        script.say(CLIENT, f"<134>1 host app - - {text_of(rng, 90)}".encode() if kind == "syslog" else rng.randbytes(rng.randint(30, 160)))
        if kind == "game":
            script.say(SERVER, rng.randbytes(rng.randint(60, 400)))
    return script


def scan(rng, _):
    script = Script(rng, 6, rng.randint(1, 1_024))
    script.steps = [(CLIENT, b"", SYN), (SERVER, b"", 0x14)][:rng.randint(1, 2)]
    return script


def digits(rng, count):
    return rng.randbytes((count + 1) // 2).hex()[:count]


def cryptonote(rng, _=None):
    script = Script(rng, 6, rng.choice((3333, 443, 14444, 5555)))
    gap = rng.choice(("", " "))
    wallet = "4" + "".join(rng.choices("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", k=94))

    def job(number):
        return (f'{{"blob":{gap}"1010{digits(rng, 148)}","job_id":{gap}"{number}","target":{gap}"b88d0600","algo":{gap}"rx/0","height":{gap}{3_100_000 + number},'
                f'"seed_hash":{gap}"{digits(rng, 64)}"}}')

    script.say(CLIENT, f'{{"id":{gap}1,"jsonrpc":{gap}"2.0","method":{gap}"login","params":{gap}{{"login":{gap}"{wallet}","pass":{gap}"x",'
                       f'"agent":{gap}"XMRig/6.21.0 (Linux x86_64)","algo":{gap}["rx/0","cn/r"]}}}}\n'.encode())
    script.say(SERVER, f'{{"id":1,"jsonrpc":"2.0","error":null,"result":{{"id":"s1","job":{job(1)},"status":"OK"}}}}\n'.encode())
    number = 1
    for share in range(turns(rng, 12)):
        if share % 5 == 4:
            number += 1
            script.say(SERVER, f'{{"jsonrpc":"2.0","method":"job","params":{job(number)}}}\n'.encode())
        script.say(CLIENT, f'{{"id":{gap}{share + 2},"jsonrpc":{gap}"2.0","method":{gap}"submit","params":{gap}{{"id":{gap}"s1","job_id":{gap}"{number}",'
                           f'"nonce":{gap}"{digits(rng, 8)}","result":{gap}"{digits(rng, 56)}{digits(rng, 4)}0100"}}}}\n'.encode())
        script.say(SERVER, f'{{"id":{share + 2},"jsonrpc":"2.0","error":null,"result":{{"status":"OK"}}}}\n'.encode())
    return script.framed()


def twice(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def turned(text):
    return b"".join(bytes.fromhex(text[at:at + 8])[::-1] for at in range(0, len(text), 8))


def solved(rng, job, extranonce1, extranonce2, time):
    """A nonce with which the header lies under the target of SHARE_BITS."""
    _, previous, first, second, branches, version, bits = job
    root = twice(bytes.fromhex(first + extranonce1 + extranonce2 + second))
    for branch in branches:
        root = twice(root + bytes.fromhex(branch))
    head = turned(version) + turned(previous) + root + turned(time) + turned(bits)
    nonce = rng.getrandbits(31)
    while int.from_bytes(twice(head + nonce.to_bytes(4, "little")), "little") >= 0xffff << 240 - SHARE_BITS:
        nonce += 1
    return f"{nonce:08x}"


def stratum(rng, _=None):
    """Bitcoin's, with shares that hold: the difficulty is that of a test network."""
    script, extranonce1 = Script(rng, 6, rng.choice((3333, 25, 8888, 700))), digits(rng, 8)
    worker = f"bc1q{digits(rng, 38)}.rig{rng.randint(1, 99)}"
    script.say(CLIENT, b'{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.0"]}\n')
    script.say(SERVER, f'{{"id":1,"result":[[["mining.set_difficulty","b1"],["mining.notify","b1"]],"{extranonce1}",4],"error":null}}\n'.encode())
    script.say(CLIENT, f'{{"params":["{worker}","x"],"id":2,"method":"mining.authorize"}}\n'.encode()).say(SERVER, b'{"id":2,"result":true,"error":null}\n')
    script.say(SERVER, f'{{"id":null,"method":"mining.set_difficulty","params":[{2.0 ** (SHARE_BITS - 32)!r}]}}\n'.encode())
    for share in range(turns(rng, 8)):
        if share % 4 == 0:
            job = (f"{share:x}", digits(rng, 64), digits(rng, 100), digits(rng, 80), [digits(rng, 64) for _ in range(rng.randint(2, 10))], "20000000", "17034219")
            branches = ",".join(f'"{branch}"' for branch in job[4])
            script.say(SERVER, (f'{{"id":null,"method":"mining.notify","params":["{job[0]}","{job[1]}","{job[2]}","{job[3]}",[{branches}],"{job[5]}","{job[6]}",'
                                f'"{0x65a00000 + share:08x}",{"true" if share == 0 else "false"}]}}\n').encode())
        extranonce2, time = digits(rng, 8), f"{0x65a00000 + share:08x}"
        script.say(CLIENT, f'{{"params":["{worker}","{job[0]}","{extranonce2}","{time}","{solved(rng, job, extranonce1, extranonce2, time)}"],"id":{share + 3},'
                           f'"method":"mining.submit"}}\n'.encode())
        script.say(SERVER, f'{{"id":{share + 3},"result":true,"error":null}}\n'.encode())
    return script.framed()


ADDRESSES = ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",  # the examples of EIP-55
             "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")


def ethproxy(rng, _=None):
    script = Script(rng, 6, rng.choice((4444, 9999, 443)))
    target, header = "0x" + "0" * 8 + "f" * 56, "0x" + digits(rng, 64)
    script.say(CLIENT, f'{{"worker":"eth1.0","jsonrpc":"2.0","params":["{rng.choice(ADDRESSES)}.rig","x"],"id":2,"method":"eth_submitLogin"}}\n'.encode())
    script.say(SERVER, b'{"jsonrpc":"2.0","id":2,"result":true}\n').say(CLIENT, b'{"id":3,"jsonrpc":"2.0","method":"eth_getWork","params":[]}\n')
    script.say(SERVER, f'{{"id":3,"jsonrpc":"2.0","result":["{header}","0x{digits(rng, 64)}","{target}"]}}\n'.encode())
    for share in range(turns(rng, 12)):
        if share % 2 == 1:
            header = "0x" + digits(rng, 64)
            script.say(SERVER, f'{{"id":0,"jsonrpc":"2.0","result":["{header}","0x{digits(rng, 64)}","{target}"]}}\n'.encode())
        script.say(CLIENT, f'{{"id":{share + 4},"method":"eth_submitWork","params":["0x{digits(rng, 16)}","{header}","0x{digits(rng, 64)}"]}}\n'.encode())
        script.say(SERVER, f'{{"id":{share + 4},"jsonrpc":"2.0","result":true}}\n'.encode())
    return script.framed()


MAKERS = {"tls": tls, "http": http, "dns": dns, "quic": quic, "ssh": ssh, "mail": mail, "database": database, "datagram": datagram, "scan": scan}


class Flow:
    """One connection on the line: a script, and what its headers need."""

    def __init__(self, rng, number, script):
        self.steps, self.protocol, self.at = script.steps, script.protocol, 0
        self.ports = (20_000 + number // CLIENTS, script.port)
        self.client, self.sequences = number % CLIENTS + 256, [rng.getrandbits(32), rng.getrandbits(32)]
        self.six = self.client % 10 == 0
        if self.six:
            self.ends = (bytes.fromhex("fd00000000000000000000000000") + self.client.to_bytes(2, "big"), b"\x26\x07" + bytes(6) + rng.randbytes(8))
        else:
            self.ends = (0x0a000000 | self.client, 0x2d000000 | rng.getrandbits(24))

    def client_text(self):
        return f"fd00::{self.client:x}" if self.six else f"10.0.{self.client >> 8}.{self.client & 255}"

    def frame(self):
        """The next frame, and whether it is TCP with payload."""
        side, payload, flags = self.steps[self.at]
        self.at += 1
        other, size = 1 - side, len(payload)
        if self.protocol == 6:
            mine, theirs = self.sequences[side], self.sequences[other] if flags != SYN else 0
            self.sequences[side] = mine + size + (flags & 3 != 0) & 0xffffffff
            if self.six:
                head = TCP6.pack(MACS[side], 0x86dd, 0x60000000, 20 + size, 6, 64, self.ends[side], self.ends[other], self.ports[side], self.ports[other],
                                 mine, theirs, 0x50, flags, 64_240, 0, 0)
            else:
                head = TCP4.pack(MACS[side], 0x0800, 0x45, 0, 40 + size, mine & 0xffff, 0x4000, 64, 6, 0, self.ends[side], self.ends[other],
                                 self.ports[side], self.ports[other], mine, theirs, 0x50, flags, 64_240, 0, 0)
            return head, payload
        if self.six:
            head = UDP6.pack(MACS[side], 0x86dd, 0x60000000, 8 + size, 17, 64, self.ends[side], self.ends[other], self.ports[side], self.ports[other], 8 + size, 0)
        else:
            head = UDP4.pack(MACS[side], 0x0800, 0x45, 0, 28 + size, self.at, 0x4000, 64, 17, 0, self.ends[side], self.ends[other],
                             self.ports[side], self.ports[other], 8 + size, 0)
        return head, payload


class Line:
    """Opens flows as the shares of their kinds say."""

    def __init__(self, rng):
        self.rng, self.figures = rng, Figures()
        shared = certificate()
        self.scripts = {kind: [make(rng, shared) for _ in range(SCRIPTS)] for kind, make in MAKERS.items()}
        self.solved = [stratum(rng) for _ in range(SOLVED_SCRIPTS)]
        self.kinds, self.weights = list(SHARES), list(SHARES.values())

    def open(self):
        number = self.figures.flows
        self.figures.flows += 1
        kind = self.rng.choices(self.kinds, self.weights)[0]
        if kind != "mining":
            return Flow(self.rng, number, self.rng.choice(self.scripts[kind]))
        make = self.rng.choice((cryptonote, ethproxy, None))
        flow = Flow(self.rng, number, make(self.rng) if make else self.rng.choice(self.solved))
        self.figures.miners.append((flow.client_text(), flow.ports[0]))
        return flow


def write(path, megabytes, seed=1):
    rng = random.Random(seed)
    line, limit = Line(rng), megabytes * 1_000_000
    figures, now, block = line.figures, 1_767_000_000_000_000, []
    flows = [line.open() for _ in range(min(OPEN_FLOWS, megabytes * 12 + 1))]
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65_535, 1))
        while flows:
            place = int(rng.random() * len(flows))
            flow = flows[place]
            for _ in range(min(int(rng.random() * 3) + 1, len(flow.steps) - flow.at)):
                head, payload = flow.frame()
                size = len(head) + len(payload)
                now += 40
                block += (RECORD.pack(now // 1_000_000, now % 1_000_000, size, size), head, payload)
                figures.frames += 1
                figures.bytes += size
                figures.tcp_with_payload += flow.protocol == 6 and bool(payload)
            if flow.at == len(flow.steps):
                if figures.bytes + figures.frames * 16 + len(flows) * 4_000 < limit:
                    flows[place] = line.open()
                else:
                    flows[place] = flows[-1]
                    flows.pop()
            if len(block) > 60_000:
                out.write(b"".join(block))
                block = []
        out.write(b"".join(block))
    return figures
