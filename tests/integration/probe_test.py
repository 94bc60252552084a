#!/usr/bin/env python3
"""`davy probe` against mock pools and against servers that are none, on loopback; and everything that it must refuse."""
import contextlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import threading

import trial

NOTIFY = (b'{"id":null,"method":"mining.set_difficulty","params":[1]}\n'
          b'{"id":null,"method":"mining.notify","params":["4b01","' + b"0" * 64 + b'","01000000","00000000",[],"20000000","1d00ffff","5f5e1000",true]}\n')
SUBSCRIBED = b'{"id":1,"result":[[["mining.set_difficulty","a1"],["mining.notify","a1"]],"0badcafe",4],"error":null}\n{"id":2,"result":true,"error":null}\n'


def stratum_pool(link):
    if b"mining.subscribe" in link.recv(4096):
        link.sendall(SUBSCRIBED + NOTIFY)
        link.recv(4096)


def echo(link):
    while data := link.recv(4096):
        link.sendall(data)


def silent(link):
    while link.recv(4096):
        pass


def endless(link):
    with contextlib.suppress(OSError):
        while True:
            link.sendall(b"x" * 65_536)


def web_server(link):
    link.recv(4096)
    link.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 12\r\nConnection: close\r\n\r\n<h1>no</h1>\n")


def wallet_server(link):
    while data := link.recv(4096):
        for line in data.splitlines():
            with contextlib.suppress(ValueError):
                asked = json.loads(line)
                link.sendall(json.dumps({"jsonrpc": "2.0", "id": asked.get("id"), "error": {"code": -32601, "message": "unknown method"}}).encode() + b"\n")


def login_service(link):
    while data := link.recv(4096):
        for line in data.splitlines():
            with contextlib.suppress(ValueError):
                asked = json.loads(line)
                answer = {"error": "Unauthorized"} if asked.get("method") == "login" else {"error": {"code": -32600, "message": "Invalid Request"}}
                link.sendall(json.dumps({"id": asked.get("id"), **answer}).encode() + b"\n")


@contextlib.contextmanager
def serving(handler, context=None):
    """The port of a server on 127.0.0.1 that handles each connection on a thread."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(link):
        with contextlib.suppress(OSError), link:
            link.settimeout(10)
            handler(context.wrap_socket(link, server_side=True) if context else link)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


class Probe(trial.Trial):
    """What is found, what is not, what is refused."""

    def config(self, targets=("127.0.0.0/8:*",), enabled="true", per_day=100):
        self.log = self.path("probes.jsonl")
        return self.path("probe.toml", f'[probe]\nenabled = {enabled}\ntargets = {json.dumps(list(targets))}\nper_day = {per_day}\n'
                                       f'seconds = 0.6\nlog = "{self.log}"\n')

    def setUp(self):
        self.path("probes.jsonl").unlink(missing_ok=True)

    def probe(self, port, config=None, host="127.0.0.1"):
        return self.davy("probe", "--format", "jsonl", "--config", config or self.config(), f"{host}:{port}")

    def assert_found(self, ran, verdict, kind):
        self.assertEqual(ran.status, 1, ran)
        found = ran.lines()[0]
        self.assertEqual(found["verdict"], verdict, ran)
        self.assertIn(kind, [piece["kind"] for piece in found["evidence"]])

    def test_a_pool_that_gives_out_work(self):
        with serving(stratum_pool) as port:
            self.assert_found(self.probe(port), "likely", "probe.job")
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        self.assertEqual([line["what"] for line in lines], ["ask", "answer"], "it stops at the first proof")
        self.assertEqual(lines[0]["entry"], "127.0.0.0/8:*")
        self.assertEqual(self.log.stat().st_mode & 0o777, 0o600)

    def test_a_pool_inside_tls(self):
        pem = self.path("pair.pem")
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                               "-days", "2", "-keyout", self.path("key.pem"), "-out", self.path("certificate.pem")], capture_output=True, check=False)
        if made.returncode:
            self.skipTest("no openssl to make a certificate with")
        pem.write_text(self.path("key.pem").read_text() + self.path("certificate.pem").read_text())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        with serving(stratum_pool, context) as port:
            self.assert_found(self.probe(port, host="localhost", config=self.config(["localhost:*"])), "likely", "probe.job")

    def test_the_exercise_pool_refuses_in_the_words_of_a_pool(self):
        with subprocess.Popen([pathlib.Path(os.environ["DAVY"]).with_name("davy-drill"), "pool", "--seconds", "20"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as pool:
            port = int(pool.stdout.readline().split()[1])
            self.assert_found(self.probe(port), "suspicious", "probe.pool_error")
            pool.terminate()

    def test_servers_that_are_none(self):
        for server in (echo, silent, endless, web_server, wallet_server, login_service):
            with self.subTest(server=server.__name__), serving(server) as port:
                ran = self.probe(port)
                self.assertEqual(ran.status, 0, ran)
                self.assertEqual(len(self.log.read_text().splitlines()), 9, "all questions were asked")
            self.log.unlink()

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        ran = self.probe(port)
        self.assertEqual(ran.status, 3, ran)
        self.assertEqual(ran.sense("probe")["state"], "off")

    def test_off_by_default_and_outside_the_list(self):
        self.refused("probe", "127.0.0.1:3333", "--config", self.path("empty.toml", ""), status=2, names=["probe.enabled"])
        self.refused("probe", "127.0.0.1:3333", "--config", self.config(["10.0.0.0/8:*", "127.0.0.1:1-1024"]), status=2, names=["probe.targets"])
        self.refused("probe", "224.0.0.1:3333", "--config", self.config(["0.0.0.0/0:*"]), status=2)
        for target in ("127.0.0.1", "127.0.0.1:0", "[::1:3333", "a b:1", ":3333", "fd00::1:3333"):
            self.refused("probe", target, "--config", self.config(), status=2)

    def test_a_dry_run_sends_nothing_and_needs_no_log(self):
        with serving(stratum_pool) as port:
            ran = self.davy("probe", "--dry-run", "--config", self.config(enabled="false"), f"127.0.0.1:{port}", status=0)
        self.assertIn("tls cryptonote", ran.out)
        self.assertNotIn("mining found", ran.out)
        self.assertFalse(self.log.exists())

    def test_once_a_day(self):
        config = self.config(per_day=1)
        with serving(stratum_pool) as port:
            self.assertEqual(self.probe(port, config).status, 1)
            ran = self.probe(port, config)
        self.assertEqual(ran.status, 2, ran)
        self.assertIn("probe.per_day", ran.err)

    def test_what_cannot_be_logged_is_not_asked(self):
        config = self.config()
        self.log.write_text("damaged\n")
        self.refused("probe", "127.0.0.1:3333", "--config", config, status=2, names=[self.log])
        self.log.unlink()
        self.log.symlink_to(self.path("elsewhere"))
        self.refused("probe", "127.0.0.1:3333", "--config", config, status=2, names=[self.log])


if __name__ == "__main__":
    trial.main()
