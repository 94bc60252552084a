"""What the clients of bench/wire_benign.py say: one function a protocol, the same in clear and over TLS.

A talk gets a Link (a connection that may turn to TLS) and a Beat (how many exchanges, how long to wait before each, how long the
messages are). Gaps come from chance, from timers and in bursts; sizes are constant in most flows, as telemetry has them.
"""
import asyncio
import base64
import json
import os
import random
import struct

HEX = "0123456789abcdef"


def digits(n):
    return "".join(random.choices(HEX, k=n))


class Beat:
    """`async for number in beat`: so many exchanges, with gaps of one style. `text()` is what a message carries."""

    def __init__(self, exchanges, mean=0.0):
        self.exchanges, self.mean = exchanges, mean
        self.style = random.choices(("chance", "timer", "jitter", "uneven", "bursts"), (40, 15, 15, 20, 10))[0]
        self.size = random.choice((12, 40, 90, random.randint(20, 260), random.randint(90, 260), random.randint(200, 900)))
        self.width = random.choices((0, 2, self.size), (65, 15, 20))[0]

    def gap(self):
        if self.style == "timer":
            return self.mean
        if self.style == "jitter":
            return self.mean * random.uniform(0.7, 1.3)
        if self.style == "uneven":
            return min(self.mean * 8, self.mean * 0.6 * random.lognormvariate(0, 1))
        if self.style == "bursts":
            return 0.02 if random.random() < 0.7 else self.mean * 3
        return random.expovariate(1 / self.mean)

    def text(self):
        return digits(self.size + random.randint(0, self.width))

    async def __aiter__(self):
        for number in range(self.exchanges):
            if self.mean:
                await asyncio.sleep(self.gap())
            yield number


def name_of():
    """Clients that go to an address name none."""
    return random.choice(("www.bench.test", "bench.test", "127.0.0.1"))


class Link:
    """A connection; `secure` turns it to TLS where the protocol begins in clear, and does nothing in the part in clear."""

    def __init__(self, reader, writer, context):
        self.reader, self.writer, self.context = reader, writer, context
        self.line, self.exactly, self.until = reader.readline, reader.readexactly, reader.readuntil

    async def send(self, data):
        self.writer.write(data.encode() if isinstance(data, str) else data)
        await self.writer.drain()

    async def ask(self, data, end=b"\n"):
        await self.send(data)
        return await self.until(end)

    async def secure(self):
        if self.context:
            await self.writer.start_tls(self.context, server_hostname=name_of())


# --- the web

async def http_answer(link):
    head = await link.until(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await link.exactly(int(line[15:]))
        if line.endswith(b"chunked"):
            await link.until(b"0\r\n\r\n")


async def http_get(link, beat):
    path = random.choice(("/40.txt", "/900.txt", "/40.txt", "/30000.txt"))
    async for number in beat:
        await link.send(f"GET {path}?n={number} HTTP/1.1\r\nHost: bench.test\r\nX-Trace: {beat.text()}\r\n\r\n")
        await http_answer(link)


async def http_rpc(link, beat):
    async for number in beat:
        body = json.dumps({"jsonrpc": "2.0", "id": number, "method": "report", "params": [beat.text()]})
        await link.send(f"POST /rpc HTTP/1.1\r\nHost: bench.test\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}")
        await http_answer(link)


async def etcd(link, beat):
    async for number in beat:
        key, value = (base64.b64encode(v.encode()).decode() for v in (f"k{number % 9}", beat.text()))
        path, body = random.choice((("put", {"key": key, "value": value}), ("range", {"key": key})))
        text = json.dumps(body)
        await link.send(f"POST /v3/kv/{path} HTTP/1.1\r\nHost: bench.test\r\nContent-Length: {len(text)}\r\n\r\n{text}")
        await http_answer(link)


async def websocket(link, beat):
    key = base64.b64encode(os.urandom(16)).decode()
    await link.ask(f"GET /live HTTP/1.1\r\nHost: bench.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n", b"\r\n\r\n")
    async for number in beat:
        await link.send(frame(0x81, json.dumps({"id": number, "type": "sample", "device": "d-4711", "value": beat.text()}).encode()))
        while b'"id"' not in await read_frame(link):
            pass
    await link.send(frame(0x88, b"\x03\xe8"))


def frame(kind, payload):
    mask = os.urandom(4)
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    return bytes([kind]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


async def read_frame(link):
    size = (await link.exactly(2))[1] & 127
    if size == 126:
        size = struct.unpack(">H", await link.exactly(2))[0]
    return await link.exactly(size)


# --- mail, chat and files

async def imap(link, beat):
    await link.line()
    await link.ask(f"a LOGIN user{random.randint(0, 99)} secret\r\n", b"a OK")
    await link.ask("b SELECT INBOX\r\n", b"b OK")
    manner = random.choice(("idle", "noop", "append", "search"))
    async for number in beat:
        tag = f"t{number}"
        if manner == "idle":
            await link.ask(f"{tag} IDLE\r\n", b"+ idling\r\n")
            await asyncio.sleep(random.uniform(0, 0.3) if beat.mean else 0)
            await link.send("DONE\r\n")
        elif manner == "append":
            text = f"Subject: {number}\r\n\r\n{beat.text()}\r\n"
            await link.send(f"{tag} APPEND INBOX {{{len(text)}+}}\r\n{text}\r\n")
        else:
            await link.send(f"{tag} NOOP\r\n" if manner == "noop" else f"{tag} SEARCH SUBJECT {beat.text()}\r\n")
        await answer_of(link, tag.encode())
    await link.send("z LOGOUT\r\n")


async def answer_of(link, tag):
    while line := await link.line():
        if line.startswith(tag):
            return
    raise EOFError


async def irc(link, beat):
    nick = "n" + digits(7)
    await link.ask(f"NICK {nick}\r\nUSER {nick} 0 * :bench\r\n", b" 004 ")
    await link.ask(f"JOIN #bench{random.randint(0, 15)}\r\n", b" 366 ")
    async for number in beat:
        mark = f"{number}-{digits(4)}"
        if random.random() < 0.3:
            await link.send(f"PRIVMSG {nick} :{beat.text()[:300]}\r\n")
        await link.ask(f"PING :{mark}\r\n", mark.encode())


async def xmpp(link, beat):
    opening = ("<?xml version='1.0'?><stream:stream to='bench.test' xmlns='jabber:client' "
               "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
    await link.ask(opening, b"</stream:features>")
    if link.context:
        await link.ask("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b">")
        await link.secure()
        await link.ask(opening, b"</stream:features>")
    await link.ask("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>", b">")
    await link.ask(opening, b"</stream:features>")
    await link.ask("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", b"</iq>")
    manner = random.choice(("ping", "disco"))
    async for number in beat:
        what = "<ping xmlns='urn:xmpp:ping'/>" if manner == "ping" else "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        await link.ask(f"<iq type='get' id='{number}-{beat.text()[:60]}' to='bench.test'>{what}</iq>", b"/>" if manner == "ping" else b"</iq>")


async def ftp(link, beat):
    await link.line()
    if link.context:
        await link.ask("AUTH TLS\r\n")
        await link.secure()
    await link.ask("USER anonymous\r\n")
    await link.ask("PASS a@bench.test\r\n")
    async for _ in beat:
        await link.ask(random.choice(("NOOP", "PWD", "TYPE I", "SIZE x" + beat.text()[:80])) + "\r\n")
    await link.ask("QUIT\r\n")


# --- data

async def redis(link, beat):
    manner = random.choice(("set", "get", "incr", "lpush"))
    async for _ in beat:
        words = {"set": ("SET", f"k{random.randint(0, 99)}", beat.text()), "get": ("GET", f"k{random.randint(0, 99)}"),
                 "incr": ("INCR", "counter"), "lpush": ("LPUSH", "jobs", json.dumps({"job_id": digits(8), "data": beat.text()}))}[manner]
        await link.send(f"*{len(words)}\r\n" + "".join(f"${len(w)}\r\n{w}\r\n" for w in words))
        first = await link.line()
        if first.startswith(b"$") and first != b"$-1\r\n":
            await link.exactly(int(first[1:]) + 2)


async def postgresql(link, beat):
    if link.context:
        await link.send(struct.pack(">II", 8, 80877103))
        await link.exactly(1)
        await link.secure()
    body = struct.pack(">I", 196608) + b"user\0postgres\0database\0postgres\0\0"
    await link.send(struct.pack(">I", len(body) + 4) + body)
    await until_ready(link)
    async for number in beat:
        text = random.choice((f"select {number}, '{beat.text()}'", f"select length('{beat.text()}')")).encode() + b"\0"
        await link.send(b"Q" + struct.pack(">I", len(text) + 4) + text)
        await until_ready(link)
    await link.send(b"X\0\0\0\4")


async def until_ready(link):
    kind = b""
    while kind != b"Z":
        head = await link.exactly(5)
        kind = head[:1]
        await link.exactly(struct.unpack(">I", head[1:])[0] - 4)


def ber(tag, *parts):
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack(">H", len(body))
    return bytes([tag]) + size + body


async def read_ber(link):
    size = (await link.exactly(2))[1]
    if size & 128:
        size = int.from_bytes(await link.exactly(size & 127), "big")
    return await link.exactly(size)


async def ldap(link, beat):
    await link.send(ber(0x30, b"\x02\x01\x01", ber(0x60, b"\x02\x01\x03", ber(0x04), ber(0x80))))
    await read_ber(link)
    async for number in beat:
        wanted = ber(0xa3, ber(0x04, b"cn"), ber(0x04, beat.text()[:400].encode()))
        search = ber(0x63, ber(0x04, b"dc=test"), b"\x0a\x01\x02\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00", wanted, ber(0x30))
        await link.send(ber(0x30, b"\x02\x02" + struct.pack(">H", 256 + number), search))
        await read_ber(link)


async def memcached(link, beat):
    async for number in beat:
        value = json.dumps({"job_id": digits(8), "nonce": digits(8), "data": beat.text()})
        await link.ask(f"set k{number % 9} 0 0 {len(value)}\r\n{value}\r\n", b"STORED\r\n")
        if random.random() < 0.3:
            await link.ask(f"get k{number % 9}\r\n", b"END\r\n")


async def dns(link, beat):
    name, kind = random.choice((("www", 1), ("mail", 15), ("text", 16), ("none", 28)))
    async for number in beat:
        question = bytes([len(name)]) + name.encode() + b"\5bench\4test\0" + struct.pack(">HH", kind, 1)
        query = struct.pack(">HHHHHH", number + 1, 0x100, 1, 0, 0, 0) + question
        await link.send(struct.pack(">H", len(query)) + query)
        await link.exactly(struct.unpack(">H", await link.exactly(2))[0])


# --- jobs, queues and telemetry

def mqtt_packet(kind, body):
    sizes = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7])
    return bytes([kind]) + sizes + body


def mqtt_text(words):
    return struct.pack(">H", len(words)) + words.encode()


async def read_mqtt(link):
    kind, size, shift = (await link.exactly(1))[0], 0, 0
    while True:
        byte = (await link.exactly(1))[0]
        size, shift = size | (byte & 127) << shift, shift + 7
        if byte < 128:
            await link.exactly(size)
            return kind >> 4


async def mqtt(link, beat):
    await link.send(mqtt_packet(0x10, mqtt_text("MQTT") + b"\4\2\0\x3c" + mqtt_text("c" + digits(12))))
    await read_mqtt(link)
    topic = f"plant/{random.randint(0, 40)}/state"
    if random.random() < 0.5:
        await link.send(mqtt_packet(0x82, b"\0\1" + mqtt_text(f"plant/{random.randint(0, 40)}/+") + b"\0"))
    async for number in beat:
        await link.send(mqtt_packet(0x32, mqtt_text(topic) + struct.pack(">H", number + 2) + beat.text().encode()))
        while await read_mqtt(link) != 4:
            pass


async def syslog(link, beat):
    async for number in beat:
        line = f"<134>1 2026-01-01T00:00:{number % 60:02}Z host app - - - {beat.text()}"
        await link.send(f"{len(line)} {line}")


async def beanstalk(link, beat):
    async for _ in beat:
        body = json.dumps({"job_id": digits(8), "target": "resize", "data": beat.text()})
        number = (await link.ask(f"put 0 0 60 {len(body)}\r\n{body}\r\n")).split()[1].decode()
        if random.random() < 0.7:
            await link.ask(f"delete {number}\r\n")


async def gearman(link, beat):
    async for number in beat:
        body = b"resize\0" + digits(6).encode() + b"\0" + beat.text().encode()
        await link.send(b"\0REQ" + struct.pack(">II", 18, len(body)) + body)
        await link.exactly(struct.unpack(">I", (await link.exactly(12))[8:])[0])


async def nats(link, beat):
    await link.line()
    await link.secure()
    await link.ask('CONNECT {"verbose":false,"pedantic":false,"name":"app","lang":"python3","version":"2.1","protocol":1}\r\nPING\r\n', b"PONG\r\n")
    subject = f"jobs.{random.randint(0, 30)}"
    if random.random() < 0.5:
        await link.send(f"SUB jobs.{random.randint(0, 30)} 1\r\n")
    async for _ in beat:
        text = json.dumps({"job_id": digits(8), "result": beat.text()})
        await link.ask(f"PUB {subject} {len(text)}\r\n{text}\r\nPING\r\n", b"PONG\r\n")


async def wallet_ask(link, number, method, *params):
    await link.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": number}) + "\n")
    while json.loads(await link.line()).get("id") != number:
        pass


async def wallet(link, beat):
    await wallet_ask(link, 0, "server.version", "electrum/4.5.5", "1.4")
    await wallet_ask(link, 1, "blockchain.headers.subscribe")
    methods = random.choice((("blockchain.scripthash.get_balance",), ("blockchain.scripthash.subscribe",),
                             ("blockchain.scripthash.get_balance", "blockchain.scripthash.get_history", "server.ping")))
    async for number in beat:
        method = random.choice(methods)
        await wallet_ask(link, number + 2, method, *(() if method == "server.ping" else (digits(64),)))


async def editor(link, beat):
    async for number in beat:
        body = json.dumps({"jsonrpc": "2.0", "id": number, "method": "textDocument/hover",
                           "params": {"position": {"line": number}, "text": beat.text()}})
        await link.send(f"Content-Length: {len(body)}\r\n\r\n{body}")
        await link.exactly(int((await link.until(b"\r\n\r\n")).split(b":")[1]))


async def echo(link, beat):
    async for _ in beat:
        await link.ask(beat.text() + "\n")


TALKS = {
    "nginx": (http_get, http_rpc), "apache2": (http_get,), "lighttpd": (http_get,), "haproxy": (http_get, http_rpc), "etcd": (etcd,),
    "node": (websocket, websocket, http_rpc), "python3": (websocket,), "dovecot": (imap,), "ngircd": (irc,),
    "prosody": (xmpp,), "vsftpd": (ftp,), "redis": (redis,), "postgresql": (postgresql,), "slapd": (ldap,), "memcached": (memcached,),
    "unbound": (dns,), "mosquitto": (mqtt,), "rsyslog": (syslog,), "beanstalkd": (beanstalk,), "gearmand": (gearman,), "nats": (nats,),
    "wallet server": (wallet,), "editor server": (editor,), "gnutls-serv": (echo,), "socat": (echo,), "ncat": (echo,), "openssl": (),
}
BEGINS_IN_CLEAR = ("prosody", "vsftpd", "postgresql", "nats")


async def hold(program, place, context, beat):
    """One flow, from its connection to its end."""
    address, port, tls_port = place
    at_once = context is not None and program not in BEGINS_IN_CLEAR
    reader, writer = await asyncio.open_connection(address, tls_port if context else port, ssl=context if at_once else None,
                                                   server_hostname=name_of() if at_once else None)
    try:
        await random.choice(TALKS[program])(Link(reader, writer, context), beat)
    finally:
        writer.close()
