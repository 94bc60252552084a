#!/usr/bin/env python3
"""Honest traffic of real programs of Debian in network namespaces of their own, and what `davy pcap` says of it.

  bench/wire_benign.py --part clear            some 8,000 flows in clear, about ten minutes
  bench/wire_benign.py --part tls              some 35,000 flows of TLS, 3,000 and more of them long-lived, about twenty minutes
  bench/wire_benign.py --part tls --scale 0.1  fewer
  bench/wire_benign.py --only redis,dovecot    some programs
  bench/wire_benign.py --judge tls.pcap        judge a capture that --keep FOLDER left, with a newer build
Needs root; only loopback is used. Programs that are not installed are left out and named:
  apt-get install --no-install-recommends tcpdump nginx-light apache2 apache2-utils lighttpd lighttpd-mod-openssl haproxy stunnel4
    dovecot-imapd dovecot-pop3d mosquitto mosquitto-clients postgresql redis-server redis-tools memcached slapd ldap-utils rsyslog
    rsyslog-gnutls gnutls-bin unbound knot-dnsutils vsftpd lftp beanstalkd gearman-job-server gearman-tools nodejs
    node-ws python3-websockets socat ncat ngircd nats-server etcd-server etcd-client prosody lua-unbound curl wget openssl
Long-lived flows come first, as many at once as a machine bears, then brief ones, then the programs' own clients. A flow counts when
both sides sent payload; it is long-lived from 15 seconds and 10 messages of the client on. Besides findings, everything that was said of
a flow is counted from the recording: share cycles in TLS and messages of mining dialects that are not enough for a finding.
Writes the figures to build/wire_benign_PART.json. Exits 1 when anything is found at likely or above.
"""
import argparse
import asyncio
import collections
import json
import math
import os
import pathlib
import random
import signal
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "benign"))
import wire_capture  # noqa: E402
import wire_clients  # noqa: E402
import wire_servers  # noqa: E402
import wire_talks  # noqa: E402

DAVY = str(ROOT / "build" / "release" / "bin" / "davy")
PROGRAMS = {place[0]: name for name, place in wire_servers.PLACES.items()}
BRIEF = {"tls": 28_000, "clear": 6_500}
LONG = {"tls": 3_600, "clear": 700}
SLOW = {"dovecot": 0.4, "vsftpd": 0.4, "prosody": 0.3, "ncat": 0.3, "socat": 0.5}
LONG_SPREAD_S, LONG_LIMIT_S, BRIEF_LIMIT_S, BRIEF_AT_ONCE = 200, 150, 20, 24


def context_of(part):
    """None in clear; else one of several clients' settings: TLS 1.2 and 1.3, and various ciphers."""
    if part == "clear":
        return None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if random.random() < 0.35:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if random.random() < 0.3:
        context.set_ciphers("ECDHE+CHACHA20:ECDHE+AESGCM")
    return context


class Traffic:
    """All flows of one part; what could not be held is counted by program."""

    def __init__(self, part, scale, programs):
        self.part, self.scale, self.programs = part, scale, programs
        self.contexts = [context_of(part) for _ in range(12)]
        self.failed = collections.Counter()

    async def one(self, program, beat, limit):
        try:
            await asyncio.wait_for(wire_talks.hold(program, wire_servers.PLACES[program], random.choice(self.contexts), beat), limit)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
            self.failed[f"{program}: {type(error).__name__}"] += 1

    async def later(self, program, delay):
        await asyncio.sleep(delay)
        exchanges = random.randint(14, 60)
        await self.one(program, wire_talks.Beat(exchanges, random.uniform(20, 50) / exchanges), LONG_LIMIT_S)

    async def long_lived(self, programs):
        each = max(1, int(LONG[self.part] * self.scale / max(1, len(programs))))
        spread = LONG_SPREAD_S * min(1.0, self.scale * 2)
        await asyncio.gather(*(self.later(p, random.uniform(0, spread)) for p in programs for _ in range(each)))

    async def brief(self, programs):
        weights = [SLOW.get(p, 1.0) for p in programs]
        left = random.choices(programs, weights, k=int(BRIEF[self.part] * self.scale))

        async def worker():
            while left:
                await self.one(left.pop(), wire_talks.Beat(random.randint(1, 4)), BRIEF_LIMIT_S)
        await asyncio.gather(*(worker() for _ in range(BRIEF_AT_ONCE)))

    async def run(self):
        talking = [p for p in self.programs if wire_talks.TALKS[p]]
        for title, work in (("long-lived flows", lambda: self.long_lived(talking)), ("brief flows", lambda: self.brief(talking)),
                            ("the programs' own clients", lambda: wire_clients.run(self.part, self.scale, self.programs, self.failed))):
            start = time.monotonic()
            await work()
            print(f"{title}: {time.monotonic() - start:.0f} s {dict(self.failed)}", flush=True)


def record_traffic(part, scale, only, capture):
    """Runs in the namespaces: the servers, tcpdump, the flows. Gives what tcpdump said, what was missing and what failed."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for folder in ("/run", "/dev/shm"):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("12000 65000", encoding="ascii")
    with tempfile.TemporaryDirectory(prefix="davy-wire-", dir="/var/tmp", ignore_cleanup_errors=True) as tmp, \
            open(f"{capture}.log", "w", encoding="utf-8") as log:
        os.chmod(tmp, 0o755)
        up, missing = wire_servers.start_all(tmp, log, part)
        up = [p for p in up if not only or p in only.split(",")]
        print(f"listening: {' '.join(up)}\nnot listening: {' '.join(missing)}", flush=True)
        os.environ["BENCH_FOLDER"] = tmp
        dump = subprocess.Popen(["tcpdump", "-i", "lo", "-n", "-B", "262144", "-s", "0", "-w", capture, "-Z", "root", "tcp"],
                                stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        traffic = Traffic(part, scale, up)
        asyncio.run(traffic.run())
        time.sleep(2)
        dump.send_signal(signal.SIGINT)
        said = dump.communicate()[1].strip().splitlines()
    return {"tcpdump": said[-3:], "missing": missing, "failed": dict(traffic.failed)}


def judge(capture, part):
    """What davy says of a capture: the findings, and everything seen of flows that is not enough for one."""
    with tempfile.TemporaryDirectory(prefix="davy-wire-") as tmp:
        ran = subprocess.run([DAVY, "pcap", "--format", "jsonl", "--record", f"{tmp}/recording", capture], capture_output=True, text=True)
        lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
        with open(f"{tmp}/recording", encoding="utf-8") as file:
            seen = [json.loads(line) for line in file if '"conversation_seen"' in line or '"tls_seen"' in line]
    flows = wire_capture.flows_of(capture)
    counted = [f for f in flows if f.both and f.server in PROGRAMS and f.tls == (part == "tls")]
    return {"summary": lines[-1], "findings": [l for l in lines if l["type"] == "finding"], "seen": seen, "all_flows": len(flows),
            "by_program": collections.Counter(PROGRAMS[f.server] for f in counted),
            "long_by_program": collections.Counter(PROGRAMS[f.server] for f in counted if f.long_lived())}


def bound(hits, n):
    """Upper 95 % bound of a rate: 1 - 0.05^(1/n) for none, from the Poisson distribution for some."""
    if hits == 0:
        return 1 - 0.05 ** (1 / max(n, 1))
    low, high = float(hits), hits * 2 + 10.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(math.exp(k * math.log(middle) - middle - math.lgamma(k + 1)) for k in range(hits + 1))
        low, high = (middle, high) if tail > 0.05 else (low, middle)
    return min(1.0, high / max(n, 1))


def report(result, part):
    n, longs = sum(result["by_program"].values()), sum(result["long_by_program"].values())
    print(f"{result['all_flows']} TCP flows in the capture; {n} of this part with payload of both sides, {longs} of them long-lived")
    for name, count in result["by_program"].most_common():
        print(f"  {name:16}{count:7} flows, {result['long_by_program'][name]:5} long-lived")
    print("read:", result["summary"].get("examined"), "dropped:", result["summary"].get("dropped"))
    print(f"findings: {len(result['findings'])}; upper 95 % bound of the rate of findings: {bound(len(result['findings']), n):.6f}")
    for f in result["findings"]:
        subject = f["subject"]
        print("  found:", f["verdict"], f["decibans"], PROGRAMS.get(subject.get("dst"), subject.get("dst")), subject.get("dport"),
              subject.get("dialect"), [e["kind"] for e in f["evidence"]])
    report_seen(result["seen"], n, longs)
    out = ROOT / "build" / f"wire_benign_{part}.json"
    out.write_text(json.dumps({**result, "part": part, "flows": n, "long_lived": longs}, indent=1) + "\n", encoding="utf-8")


def report_seen(seen, n, longs):
    cycles = [s for s in seen if s.get("profile")]
    print(f"share cycles seen in TLS: {len(cycles)}; upper 95 % bound among all {bound(len(cycles), n):.6f}, among long-lived {bound(len(cycles), longs):.6f}")
    print(" ", dict(collections.Counter(f"{PROGRAMS.get(s['flow']['server'])}, {s['profile']}" for s in cycles)))
    for s in cycles:
        print(f"  cycle: {s['profile']} {PROGRAMS.get(s['flow']['server'])} shares {s['cycle_shares']} gap {s['cycle_gap_seconds']:.2f} s "
              f"sizes {s['client_record_bytes']}/{s['server_record_bytes']} TLS {s['version']}")
    talks = [s for s in seen if s["type"] == "conversation_seen"]
    kinds = collections.Counter(f"{s['dialect']} {s['role'] or 'none'} {PROGRAMS.get(s['flow']['server'])}" for s in talks)
    print(f"messages of a mining dialect seen in {len(talks)} flows; with jobs {sum(s['jobs'] > 0 for s in talks)}:", dict(kinds))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("clear", "tls"), default="tls")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", default="", help="programs, separated by commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="", help="folder that the capture goes to and stays in")
    parser.add_argument("--judge", default="", help="a capture to judge instead of making one")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    args = parse_arguments()
    if args.inside:
        random.seed(args.seed)
        made = record_traffic(args.part, args.scale, args.only, args.inside)
        pathlib.Path(args.inside + ".json").write_text(json.dumps(made), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="davy-wire-") as tmp:
        capture = args.judge or f"{args.keep or tmp}/{args.part}.pcap"
        if not args.judge:
            subprocess.run(["unshare", "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc", sys.executable, __file__, "--inside", capture,
                            "--part", args.part, "--scale", str(args.scale), "--only", args.only, "--seed", str(args.seed)], check=True)
        made = json.loads(pathlib.Path(capture + ".json").read_text(encoding="utf-8")) if os.path.exists(capture + ".json") else {}
        print("capture:", made)
        result = judge(capture, args.part)
    report({**result, "made": made}, args.part)
    return 1 if any(f["verdict"] in ("likely", "confirmed") for f in result["findings"]) else 0


if __name__ == "__main__":
    sys.exit(main())
