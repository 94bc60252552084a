#!/usr/bin/env python3
"""Honest conversations in clear, on the loopback of a network namespace of their own, and what `davy pcap` says of them.

  bench/wire_clear.py                 about 7,000 flows in some minutes
  bench/wire_clear.py --scale 0.1     fewer
Needs root, and redis-server, redis-tools, memcached and tcpdump of Debian. Programs of Debian (redis-benchmark against Redis, memcached)
and small servers of JSON-RPC over lines and HTTP that speak as wallets, nodes, editors, job queues and login services do: whatever
resembles a miner's talk most. Exits 1 when anything is found at likely or above.
"""
import argparse
import collections
import http.client
import http.server
import json
import os
import pathlib
import random
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAVY = str(ROOT / "build" / "release" / "bin" / "davy")
HEX = "0123456789abcdef"


def digits(n):
    return "".join(random.choice(HEX) for _ in range(n))


# method -> what a server of its kind answers
ANSWERS = {
    "server.version": lambda: ["ElectrumX 1.16.0", "1.4"], "blockchain.headers.subscribe": lambda: {"hex": digits(160), "height": 800000},
    "blockchain.scripthash.get_history": lambda: [{"tx_hash": digits(64), "height": 7}], "mempool.get_fee_histogram": lambda: [[12, 128812]],
    "getblockchaininfo": lambda: {"chain": "main", "blocks": 8, "bestblockhash": digits(64)}, "getblockcount": lambda: 800000,
    "eth_blockNumber": lambda: "0x" + digits(6), "eth_call": lambda: "0x" + digits(64), "eth_getBalance": lambda: "0x" + digits(12),
    "get_balance": lambda: {"balance": 157443303037455077, "unlocked_balance": 1}, "transfer": lambda: {"tx_hash": digits(64), "fee": 48},
    "initialize": lambda: {"capabilities": {"textDocumentSync": 1}}, "textDocument/hover": lambda: {"contents": "int main()"},
    "tools/list": lambda: {"tools": [{"name": "search", "inputSchema": {}}]}, "login": lambda: {"id": digits(16), "status": "OK", "token": digits(32)},
    "submit": lambda: {"status": "OK", "job_id": digits(8)}, "job": lambda: {"job_id": digits(8), "state": "running"}, "subscribe": lambda: True,
    "JSONRPC.Ping": lambda: "pong", "Player.GetItem": lambda: {"item": {"label": "mining documentary", "type": "movie"}},
    "keepalive": lambda: {"status": "KEEPALIVED"}, "authorize": lambda: True, "notify": lambda: None, "getwork.status": lambda: {"queued": 3},
}
PARAMETERS = {"login": lambda: {"login": "anna", "pass": "secret", "agent": "app/2.1"}, "submit": lambda: {"job_id": digits(8), "result": "done", "queue": "gpu"},
              "job": lambda: {"job_id": digits(8)}, "subscribe": lambda: ["news", None], "authorize": lambda: ["anna", "secret"]}


def answer(request):
    out = {"id": request.get("id"), "result": ANSWERS[request["method"]]()}
    return {"jsonrpc": "2.0", **out} if random.random() < 0.5 else {**out, "error": None}


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write((json.dumps(answer(json.loads(line))) + "\n").encode())
            if random.random() < 0.3:
                self.wfile.write((json.dumps({"jsonrpc": "2.0", "method": "event", "params": {"job_id": digits(8), "progress": random.random()}}) + "\n").encode())


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(answer(request)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_):
        pass  # a client that left before its last answer


def serve(handler):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def requests(count):
    methods = random.sample(list(ANSWERS), min(count, len(ANSWERS)))
    for number, method in enumerate(methods):
        request = {"id": number, "method": method, "params": PARAMETERS.get(method, list)()}
        yield {"jsonrpc": "2.0", **request} if random.random() < 0.5 else request


def talk_in_lines(port):
    with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rwb") as file:
        for request in requests(random.randint(1, 12)):
            file.write((json.dumps(request, separators=random.choice([(",", ":"), (", ", ": ")])) + "\n").encode())
            file.flush()
            file.readline()


def talk_over_http(port):
    link = http.client.HTTPConnection("127.0.0.1", port)
    for request in requests(random.randint(1, 8)):
        link.request("POST", random.choice(["/", "/json_rpc", "/rpc", "/farmer", "/partial"]), json.dumps(request), {"Content-Type": "application/json"})
        link.getresponse().read()
    link.close()


def talk_to_memcached(port):
    with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rwb") as file:
        for _ in range(random.randint(1, 10)):
            value = json.dumps({"job_id": digits(8), "nonce": digits(8)}).encode()
            file.write(b"set k 0 0 %d\r\n%b\r\nget k\r\n" % (len(value), value))
            file.flush()
            for _ in range(4):
                file.readline()


def traffic(scale, counts):
    redis = subprocess.Popen(["redis-server", "--port", "6379", "--save", ""], stdout=subprocess.DEVNULL)
    cache = subprocess.Popen(["memcached", "-u", "nobody", "-p", "11211", "-l", "127.0.0.1"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        for title, talk, port, flows in (("JSON-RPC in lines", talk_in_lines, serve(Lines), 3000), ("JSON-RPC over HTTP", talk_over_http, serve(Web), 1500),
                                         ("memcached", talk_to_memcached, 11211, 1000)):
            for _ in range(int(flows * scale)):
                talk(port)
            counts[title] += int(flows * scale)
        flows = int(1500 * scale)
        subprocess.run(["redis-benchmark", "-k", "0", "-n", str(flows), "-c", "20", "-t", "set,get", "-q"], stdout=subprocess.DEVNULL, check=True)
        counts["Redis"] += 2 * flows
    finally:
        for process in (redis, cache):
            process.terminate()
            process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not args.inside:
        os.execvp("unshare", ["unshare", "-n", sys.executable, __file__, "--inside", "--scale", str(args.scale)])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    random.seed(1)
    counts = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="davy-wire-") as tmp:
        capture = f"{tmp}/benign.pcap"
        dump = subprocess.Popen(["tcpdump", "-i", "lo", "-U", "-B", "65536", "-s", "0", "-w", capture, "-Z", "root", "tcp"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        traffic(args.scale, counts)
        time.sleep(1)
        dump.send_signal(signal.SIGINT)
        dump.wait()
        ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", capture], capture_output=True, text=True)
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        findings = [line for line in lines if line["type"] == "finding"]
        flows = lines[-1]["examined"]["flows"]
        print(dict(counts), lines[-1]["examined"], lines[-1]["dropped"])
        for finding in findings:
            print(finding["verdict"], finding["subject"]["dport"], finding["subject"]["dialect"], [e["kind"] for e in finding["evidence"]])
        print(f"{flows} flows, {len(findings)} findings; upper 95 % bound for a kind that none showed: {1 - 0.05 ** (1 / flows):.6f}")
        recorded = subprocess.run([DAVY, "pcap", "-q", "--record", f"{tmp}/recording", capture], capture_output=True, text=True)
        kinds = collections.Counter(json.loads(line)["dialect"] for line in open(f"{tmp}/recording", encoding="utf-8") if '"conversation_seen"' in line)
        print("conversations of any role:", dict(kinds), recorded.stderr)
    return 1 if any(f["verdict"] in ("likely", "confirmed") for f in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
