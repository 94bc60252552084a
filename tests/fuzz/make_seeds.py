#!/usr/bin/env python3
"""Writes the seed corpora of the fuzz targets: one folder for each, a few small inputs that reach different code.

libFuzzer reads these folders and writes what it finds to the first corpus folder it is given, which ./test keeps under
build/; so the seeds change only here. Everything is made up; wallet addresses are those that projects publish.
Folders that neither this nor wire_seeds.py makes were made by hand and only have to be there.
Usage: make_seeds.py          writes the folders beside this file
       make_seeds.py --check  fails when the folders differ from what it would write
"""
import hashlib
import json
import pathlib
import random
import struct
import sys

import wire_seeds

BYTES_MAX = 200_000  # all seeds together

MONERO = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
SUBADDRESS = "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H"
WALLETS = {
    "monero": MONERO,
    "monero_subaddress": SUBADDRESS,
    "bitcoin": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "bitcoin_script": "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
    "bitcoin_segwit": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "bitcoin_segwit_capitals": "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bitcoin_taproot": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "bitcoin_test_network": "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
    "ethereum": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def observations():
    process = {"pid": 42, "start_boottime_ns": 7_000_000_000}
    text = {"kind": "config", "excerpt": "\"pools\": [", "pool": "10.9.8.7:24444", "wallet": MONERO, "coin": "monero",
            "algorithm": "rx/0", "place": "memory"}
    fields = {
        "host_seen": {"host": "h1", "boot_id": "b", "kernel": "6.1", "cpus": 4, "memory_bytes": 8 << 30,
                      "watts_per_core": 10.5, "boot_time_ns": 1767000000000000000},
        "sense_seen": {"id": "bpf.task_iter", "on": False, "why": "the kernel refused", "required": True},
        "process_seen": {"process": process, "parent_pid": 1, "uid": 33, "user": "www-data", "comm": "work",
                         "exe": "/dev/shm/.x (deleted)", "executed_as": "./x", "argv": ["[kworker/0:1]", "", "矿"],
                         "argv_truncated": True, "cgroup": "/system.slice/a.service", "container": "ab" * 32,
                         "lineage": ["init", "sh", "work"], "kernel_thread": False, "has_user_memory": True,
                         "exe_device": 2049, "exe_inode": 18446744073709551615, "exe_links": 0, "exe_in_memory": True,
                         "exe_replaced": False, "own_pid_namespace": True, "own_mount_namespace": True,
                         "own_net_namespace": False, "nice": -20},
        "thread_sample": {"process": process, "tid": 43, "cpu_ns": 49_000_000, "interval_ns": 50_000_000,
                          "has_fp_control": True, "fp_control": 40896, "architecture": "x86_64", "source": "bpf"},
        "process_load": {"process": process, "interval_ns": 10**9, "cpu_ns": 99 * 10**7, "lifetime_cpu_ns": 6 * 10**10,
                         "voluntary_switches": 2, "io_calls_per_second": 1, "has_io_calls": True, "looks": 20,
                         "looks_stopped": 1},
        "hidden_seen": {"process": process, "walks": 3, "missing_in_proc": True, "missing_in_library": False,
                        "covered": True, "witness": "detached_proc"},
        "image_seen": {"process": process, "path": "/opt/work", "sha256": "ab" * 32, "size": 1000, "package": "work",
                       "package_state": "changed", "writable_place": True, "is_elf": True, "packed": True,
                       "sections_absent": True, "entropy": 7.9, "script_interpreter": False},
        "memory_seen": {"process": process, "bytes": 6_000_000, "bytes_left_out": 1, "milliseconds": 12.5,
                        "randomx_code": 3, "anonymous_code_bytes": 155648,
                        "families": [{"family": "randomx", "distinct": 20, "minimum": 3, "weak": False}], "texts": [text],
                        "allocations": [{"what": "randomx.cache", "bytes": 268439552, "count": 1}]},
        "socket_seen": {"process": process, "protocol": "tcp", "local": "10.0.0.5", "local_port": 40000,
                        "remote": "2001:db8::1", "remote_port": 24444, "state": "established", "inode": 1, "cookie": 2,
                        "bytes_sent": 900, "bytes_received": 5000, "idle_ms": 30, "net_namespace": 4026531840,
                        "server_name": "pool.example.org"},
        "preload_seen": {"path": "/etc/ld.so.preload", "libraries": ["/tmp/a.so"], "packages": [""],
                         "library_disagrees": True},
        "bpf_program_seen": {"id": 7, "program_type": "kprobe", "name": "x", "uid": 0, "tracing": True},
        "examination_end": {"observed_ns": 10**9, "processes": 1, "threads": 1, "lost": 1, "truncated": 2,
                            "unreadable": 3, "over_limit": 4},
    }
    for kind, members in fields.items():
        yield kind, compact({"type": kind, "at": 1767000100003000000, **members})
    yield "unknown_member", compact({"type": "sense_seen", "at": 1, "id": "a", "newer": {"x": [1, None]}})
    yield "wrong_type", compact({"type": "sense_seen", "at": "soon", "on": 1})
    yield "unknown_type", compact({"type": "nothing_seen", "at": 1})
    yield "limits", compact({"type": "process_seen", "at": -(2**63), "uid": 2**32 - 1, "nice": -(2**31)})
    yield "beyond_limits", compact({"type": "process_seen", "at": 2**63 - 1, "uid": 2**32, "process": {"pid": 2**63}})


def drill_lines():
    job = {"blob": "10" * 76, "job_id": "7", "target": "b88d0600", "algo": "rx/0", "height": 3, "seed_hash": "ab" * 32}
    yield "job", compact({"jsonrpc": "2.0", "method": "job", "params": job}) + "\n"
    yield "job_shortest", compact({"jsonrpc": "2.0", "method": "job", "params": {**job, "blob": "00" * 43}})
    yield "job_longest", compact({"jsonrpc": "2.0", "method": "job", "params": {**job, "blob": "ff" * 140}})
    yield "job_too_long", compact({"jsonrpc": "2.0", "method": "job", "params": {**job, "blob": "ff" * 141}})
    yield "job_wide_target", compact({"jsonrpc": "2.0", "method": "job", "params": {**job, "target": "ffffffff00000000"}})
    yield "job_odd_digits", compact({"params": {**job, "blob": "0" * 87}})
    yield "login_answer", compact({"id": 1, "jsonrpc": "2.0", "error": None, "result": {
        "id": "s", "job": job, "extensions": ["algo", "keepalive"], "status": "OK"}})
    yield "login", compact({"id": 1, "jsonrpc": "2.0", "method": "login", "params": {"login": "w", "pass": "x"}})
    yield "submit", compact({"id": 2, "method": "submit", "params": {"id": "s", "job_id": "7", "nonce": "00000001",
                                                                     "result": "cd" * 32}})
    yield "number_at_the_limit", '{"id":18446744073709551615,"params":0}'
    yield "number_over_the_limit", '{"id":18446744073709551616}'
    yield "escaped", r'{"id":"a\"b","params":"\u0041"}'
    yield "open_end", '{"id":"'


def pack_parts():
    return {
        "pools": {"sources": {"a": {"title": "A list", "licence": "MIT"}}, "entries": [
            {"host": "pool.example.org", "sources": ["a"]}, {"host": "bare.example", "bare": True, "sources": ["a"]},
            {"host": "10.0.0.0/8", "sources": ["a"]}, {"host": "2001:db8::1", "sources": ["a"]}]},
        "coin_sites": {"sources": {"a": {"title": "A list", "licence": "MIT"}}, "entries": [
            {"host": "coin.example", "sources": ["a"]}]},
        "ports": {"families": [{"family": "stratum_common", "note": "n", "source": "s", "ranges": [[3333, 3340]],
                                "ports": [6666]}]},
        "families": {"families": [{"family": "work", "source": "s", "names": ["work", "worker-cuda"]}]},
    }


def sealed_contents(parts, **more):
    """The first byte, header and body as pack_fuzz seals them; the header is padded to whole fours."""
    texts = {name: compact(part).encode() for name, part in sorted(parts.items())}
    lines = [{"name": n, "bytes": len(t), "sha256": hashlib.sha256(t).hexdigest()} for n, t in texts.items()]
    header = compact({"version": "1", "created": "2026-09-21T00:00:00.000Z", "serial": 1, "kind": "base", **more,
                      "parts": lines}).encode()
    header += b" " * (-len(header) % 4)
    assert len(header) // 4 < 256, len(header)
    return bytes([len(header) // 4]) + header + b"".join(texts.values())


def packs():
    parts = pack_parts()
    for index, name in enumerate(("pools", "coin_sites", "ports", "families")):
        yield f"part_{name}", bytes([index]) + compact(parts[name]).encode()
        yield f"sealed_{name}", sealed_contents({name: parts[name]})
    yield "sealed_all", sealed_contents(parts)
    yield "sealed_extra", sealed_contents({"pools": parts["pools"]}, kind="extra", author="somebody")
    yield "sealed_wrong_digest", sealed_contents({"ports": parts["ports"]})[:-1] + b" "
    yield "sealed_nothing", sealed_contents({})
    header = b'{"version":"1"}'
    frame = b"DAVYPACK" + struct.pack("<II", 1, len(header)) + bytes(136) + header
    yield "frame_unsigned", frame + bytes(64)
    yield "frame_cut", frame[:100]
    yield "frame_long_header", b"DAVYPACK" + struct.pack("<II", 1, 0xFFFFFFFF) + bytes(200)
    yield "frame_other_format", b"DAVYPACK" + struct.pack("<II", 2, 0) + bytes(200)


def yaml_texts():
    yield "pools", ("sources:\n  a: {title: \"A list\", licence: MIT}\nentries:\n"
                    "  - {host: pool.example.org, sources: [a]}\n  - {host: bare.example, bare: true, sources: [a]}\n")
    yield "evidence", ("kinds:\n  - id: package.unchanged\n    group: context\n    hypotheses: [mines]\n    decibans: -6\n"
                       "    basis: {kind: assigned, argument: \"because\"}\n    meaning:\n      zh: 程序 {path}\n"
                       "      en: \"its program {path}\"\n")
    yield "scalars", "a: 1\nb: -1.5e3\nc: 0x10\nd: 0o7\ne: ~\nf: yes\ng: .inf\nh: 18446744073709551616\ni: '1'\nj: !!str 1\n"
    yield "blocks", "text: |\n  two\n  lines\nfolded: >-\n  one\n  line\n"
    yield "anchors", "a: &x {b: 1}\nc: *x\nd: {<<: *x}\n"
    yield "many_anchors", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ne: [*d,*d]\n"
    yield "twice", "a: 1\na: 2\n"
    yield "odd_keys", "? [a, b]\n: 1\n{x: 1}: 2\n~: 3\n"
    yield "documents", "--- a\n...\n---\nb: 1\n"
    yield "deep", "[" * 40 + "]" * 40
    yield "tabs", "a:\n\t- b\n"
    yield "escapes", 'a: "\\x41\\u4e2d\\U0001F600\\0"\n'
    yield "bom", b"\xef\xbb\xbfa: 1\n"
    yield "no_text", b"a: \xff\xfe\n"


def elf(wide=True, segments=(), sections=0, machine=62, order=1, body=b"", phentsize=None, phnum=None, phoff=None):
    """An ELF header, its program headers and whatever bytes come behind."""
    header_bytes, entry = (64, 56) if wide else (52, 32)
    ident = b"\x7fELF" + bytes([2 if wide else 1, order, 1]) + bytes(9)
    end = "<" if order == 1 else ">"
    where = header_bytes if phoff is None else phoff
    sizes = (header_bytes, phentsize or entry, len(segments) if phnum is None else phnum, 64, sections, 0)
    out = ident + struct.pack(end + ("HHIQQQI6H" if wide else "HHIIIII6H"), 3, machine, 1, 0x1000, where,
                              0x400 if sections else 0, 0, *sizes)
    for kind, flags, offset, file_size, memory_size in segments:
        if wide:
            out += struct.pack(end + "IIQQQQQQ", kind, flags, offset, 0x1000, 0x1000, file_size, memory_size, 0x1000)
        else:
            out += struct.pack(end + "IIIIIIII", kind, offset, 0x1000, 0x1000, file_size, memory_size, flags, 0x1000)
    return out + body


def elves():
    noise = random.Random(1).randbytes(1024)
    load = (1, 5, 0x100, 0x200, 0x200)
    yield "plain_64", elf(segments=[(3, 4, 0, 16, 16), load, (1, 6, 0x300, 16, 4096)], sections=12, body=bytes(1024))
    yield "plain_32", elf(wide=False, segments=[load], sections=5, machine=3, body=bytes(1024))
    yield "no_sections", elf(segments=[load], body=bytes(1024))
    yield "noise_as_code", elf(segments=[(1, 5, 120, 1024, 1024)], body=noise)
    yield "packer_mark", elf(segments=[load], body=b"UPX!" + noise)
    yield "unpacks_itself", elf(segments=[(1, 7, 0, 64, 8 << 20)], body=bytes(64))
    yield "code_beyond_the_end", elf(segments=[(1, 5, 1 << 40, 1 << 40, 1 << 40)], body=bytes(64))
    yield "code_over_the_end", elf(segments=[(1, 5, 100, 2**64 - 1, 2**64 - 1)], body=bytes(64))
    yield "no_segments", elf()
    yield "segments_cut_off", elf(phnum=3)
    yield "segments_too_many", elf(phnum=65535)
    yield "segments_too_small", elf(segments=[load], phentsize=8)
    yield "segments_outside", elf(segments=[load], phoff=1 << 60)
    yield "big_endian", elf(segments=[load], order=2)
    yield "header_cut_off", elf()[:51]
    yield "script", b"#!/bin/sh\n"


def miner_texts():
    config = compact({"cpu": {"enabled": True}, "donate-level": 1, "pools": [
        {"algo": "rx/0", "url": "pool.example.org:3333", "user": MONERO + ".rig", "pass": "secret", "tls": True}]})
    yield "config", config
    yield "config_among_bytes", bytes(300) + config.encode() + b"\xff" * 300
    yield "login", compact({"id": 1, "jsonrpc": "2.0", "method": "login", "params": {
        "login": MONERO, "pass": "x", "agent": "XMRig/6.21.0", "algo": ["rx/0", "cn/r"]}})
    yield "login_without_wallet", compact({"method": "login", "params": {"login": "anna", "pass": "x", "agent": "XMRig/6"}})
    yield "authorize", compact({"id": 2, "method": "mining.authorize", "params": [WALLETS["bitcoin"] + ".rig", "x"]})
    yield "subscribe", compact({"id": 1, "method": "mining.subscribe", "params": ["miner/1.0", None]})
    yield "notify", compact({"id": None, "method": "mining.notify", "params": ["7", "00" * 32, "01", "02", [], "2", "1d", "6", True]})
    yield "job", compact({"blob": "a" * 152, "job_id": "7", "target": "b88d0600", "algo": "rx/0"})
    yield "pool_url", "stratum+tcp://anna:hunter2@pool.example.org:3333/x"
    yield "pool_url_v6", "stratum2+ssl://[2001:db8::1]:443"
    yield "pool_url_with_wallet", f"stratum1+ssl://{MONERO}.rig@pool.example.org:443"
    yield "pool_url_beside_wallet", b"stratum+tcp://pool.example.org:3333" + bytes(500) + MONERO.encode()
    yield "command_line", f"./a -o stratum+tcp://pool.example.org:3333 -u {MONERO}.rig -p x -a rx/0 --coin=monero -k"
    yield "command_line_passwords", "a -o pool.example.org:1 -phunter2 --pass=x -O anna:x --userpass=anna:x -u anna"
    yield "command_line_joined", f"./b --url=pool.example.org:4444 --user={WALLETS['ethereum']} --algo=etchash"
    yield "words_alone", 'the stratum+tcp scheme, "pools" and "donate-level", monero and mining'
    yield "anchor_at_the_end", 'x' * 100 + '"job_id'


def wallets():
    for name, address in WALLETS.items():
        yield name, address
    yield "all_in_a_text", " ".join(f"<{address}>," for address in WALLETS.values())
    yield "touching", MONERO + MONERO
    yield "one_changed", MONERO[:50] + ("2" if MONERO[50] != "2" else "3") + MONERO[51:]
    yield "one_missing", MONERO[:-1]
    yield "mixed_case_segwit", WALLETS["bitcoin_segwit"][:20] + WALLETS["bitcoin_segwit"][20:].upper()
    yield "ethereum_without_checksum", WALLETS["ethereum"].lower()
    yield "leading_ones", "1" * 34
    yield "among_bytes", b"\x00\xff" + WALLETS["bitcoin"].encode() + b"\x00"


def patterns(words, scanned):
    """Patterns and text as pattern_matcher_fuzz reads them; a pair (word, True) is matched without case."""
    out = b""
    for word in words:
        word, caseless = word if isinstance(word, tuple) else (word, False)
        out += bytes([len(word) | (0x80 if caseless else 0)]) + word
    return out + b"\x00" + scanned


def matcher_inputs():
    yield "one_word", patterns([b"stratum"], b"a stratum b stratum")
    yield "without_case", patterns([(b"XmRig", True), b"XmRig"], b"xmrig XMRIG XmRig")
    yield "overlapping", patterns([b"aa", b"aaa", b"a"], b"aaaaaa")
    yield "inside_each_other", patterns([b"abcd", b"bc", b"d"], b"abcdabcd")
    yield "same_twice", patterns([b"ab", b"ab"], b"abab")
    yield "zeros", patterns([b"\x00\x00"], bytes(16))
    yield "zeros_and_more", patterns([b"\x00\x00", b"\x00a"], bytes(8) + b"a" + bytes(8))
    yield "special_characters", patterns([b".*", b"\\x41", b"[a-z]", b"(?i)a"], b".* \\x41 [a-z] (?i)a A")
    yield "bytes", patterns([b"\xff\xfe", (b"\xc3\x84", True)], b"\xff\xfe\xc3\xa4\xc3\x84")
    yield "longest", patterns([b"x" * 127], b"x" * 300)
    yield "eight", patterns([bytes([c]) for c in b"abcdefgh"], b"hgfedcba")
    yield "nothing_to_scan", patterns([b"a"], b"")
    yield "no_patterns", b"\x00abc"


def settings_files():
    yield "all", ('language = "zh"\n[intel]\npack = "/srv/davy.pack"\nextra_packs = ["a.pack", "b.pack"]\n[check]\n'
                  'observe_seconds = 2.5\nmemory = false\n[response]\nmode = "ask"\n[host]\nwatts_per_core = 12\n')
    yield "dotted", 'check.observe_seconds = 0.1\nhost.watts_per_core = 1000.0\n'
    yield "inline", 'check = {observe_seconds = 3600, memory = true}\n'
    yield "unknown", "[check]\nobserv_seconds = 2\n"
    yield "out_of_range", "[check]\nobserve_seconds = 3600.1\n"
    yield "not_finite", "[check]\nobserve_seconds = nan\n[host]\nwatts_per_core = inf\n"
    yield "numbers", "[check]\nobserve_seconds = 1_0\n[host]\nwatts_per_core = 0x10\n"
    yield "wrong_type", '[check]\nmemory = "yes"\n'
    yield "strings", "language = 'en'\n[intel]\npack = \"\"\"\na\\\n  b\"\"\"\nextra_packs = ['''x''', \"\\u4e2d\"]\n"
    yield "comments", '# 设置\nlanguage = "en" # 语言\n'
    yield "foreign_name", '语言 = "zh"\n'
    yield "foreign_bytes", b'language = "\xff"\n'
    yield "tables_of_tables", "[[check]]\nmemory = true\n"
    yield "dates", "language = 1979-05-27T07:32:00Z\n"
    yield "deep", "x = " + "[" * 17 + "]" * 17 + "\n"
    yield "many_dots", "a" + ".a" * 40 + " = 1\n"
    yield "control", 'language = "zh"\n\x01\n'
    yield "open_bracket", "[\x01"


def json_texts():
    yield "scalars", '[null,true,false,0,-1,1.5,1e3,-0.0,9223372036854775807,-9223372036854775808,18446744073709551615]'
    yield "numbers_at_the_edge", '[1e308,1e-320,0.1,123456789012345678901234567890,5e-324,1.7976931348623157e308]'
    yield "strings", r'["","\"\\\/\b\f\n\r\t","\u0041\u00e9\u4e2d\ud83d\ude00","中文"]'
    yield "lone_surrogate", r'"\ud800"'
    yield "object", '{"a":{"b":[{}]},"a":2,"":[]}'
    yield "deep", "[" * 32 + "]" * 32
    yield "too_deep", "[" * 33 + "]" * 33
    yield "spaces", ' \t\r\n{ "a" : [ 1 , 2 ] } \n'
    yield "trailing", "{} x"
    yield "cut", '{"a":[1,"b'
    yield "no_text", b'"\xff\xc0\xaf\xed\xa0\x80"'
    yield "terminal", "\x1b[31m\x9bA\u009b\u0085\x7f"
    yield "bom", b"\xef\xbb\xbf{}"


def attribute(kind, payload):
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def socket(family=2, state=1, attributes=b"", kind=20, length=None):
    """One netlink message with an inet_diag_msg (linux/inet_diag.h)."""
    source, destination = (bytes([10, 0, 0, 5]), bytes([10, 9, 8, 7])) if family == 2 else (
        bytes(10) + b"\xff\xff" + bytes([10, 0, 0, 5]), bytes.fromhex("20010db8000000000000000000000001"))
    body = struct.pack("=BBBB", family, state, 0, 0) + struct.pack(">HH", 40000, 24444)
    body += source.ljust(16, b"\x00") + destination.ljust(16, b"\x00") + struct.pack("=III", 0, 7, 8)
    body += struct.pack("=IIIII", 0, 0, 0, 33, 4711) + attributes
    return struct.pack("=IHHII", 16 + len(body) if length is None else length, kind, 2, 1, 0) + body


def socket_dumps():
    done = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)
    info = attribute(2, bytes(range(200)))
    yield "ipv4", socket(attributes=info) + done
    yield "ipv6", socket(family=10, attributes=info) + done
    yield "short_info", socket(attributes=attribute(2, bytes(8)))
    yield "long_info", socket(attributes=attribute(2, bytes(400)))
    yield "other_attributes", socket(attributes=attribute(8, b"\x01") + attribute(4, b"cubic\x00") + info)
    yield "attribute_of_no_length", socket(attributes=struct.pack("=HH", 0, 2) + bytes(8))
    yield "attribute_too_long", socket(attributes=struct.pack("=HH", 65535, 2) + bytes(8))
    yield "three_and_done", socket() + socket(state=10) + socket(state=200) + done
    yield "other_family", socket(family=1)
    yield "message_cut", socket()[:40]
    yield "message_too_long", socket(length=0xFFFFFFFF)
    yield "message_of_no_length", socket(length=0)
    yield "error", struct.pack("=IHHIIi", 36, 2, 0, 1, 0, -1) + bytes(16)
    yield "hosts", "127.0.0.1 localhost\n# comment\n10.9.8.7\tpool.example.org  alias # more\n::1 ip6-localhost\n"
    yield "hosts_odd", b"\n\n   \n10.9.8.7\n 10.9.8.7 \xff\xfe\r\n256.0.0.1 x\n10.9.8.7 a.example\n10.9.8.7 b.example"


def maps_and_stat():
    line = "{:x}-{:x} {} {:08x} fd:01 {} {}\n".format
    yield "maps", (line(0x400000, 0x452000, "r-xp", 0, 1311768, "/bin/x") + line(0x651000, 0x652000, "rw-p", 0x51000, 1311768, "/bin/x")
                   + line(0x1000000, 0x1021000, "rw-p", 0, 0, "[heap]") + line(0x7f0000000000, 0x7f0000021000, "rwxp", 0, 0, "")
                   + line(0x7f1000000000, 0x7f1000100000, "r-xp", 0, 77, "/usr/lib/libx.so (deleted)")
                   + line(0x7ffc00000000, 0x7ffc00021000, "rw-p", 0, 0, "[stack]"))
    yield "maps_of_a_miner", (line(0x7f0000000000, 0x7f0000000000 + 268439552, "rw-p", 0, 0, "")
                              + line(0x7f2000000000, 0x7f2000000000 + 2181038080, "rw-p", 0, 0, "")
                              + line(0x7f4000000000, 0x7f4000000000 + (2 << 20), "rw-p", 0, 0, "//anon"))
    yield "maps_many", "".join(line(0x1000 * i, 0x1000 * i + 0x1000, "rwxp", 0, 0, "") for i in range(1, 60))
    yield "maps_odd", ("0-ffffffffffffffff r-xp 0 0:0 0\n5-4 rw-p 0 0:0 0 /a\nzz-1 r--p\n"
                       "1-2 ---p 00000000 00:00 18446744073709551616 /x y z\n1-2 rw")
    yield "maps_names", b"1000-2000 r-xp 00000000 08:01 5 /tmp/\xff\x1b[2J\\012x\n"
    yield "stat", "42 (work) R 1 42 42 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 1 0 700 1000 50 18446744073709551615 1 1 0 0 0 0\n"
    yield "stat_name", b"42 (a) R (\xff) b) S 1 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -20 1 0 700 1000 50\n"
    yield "stat_negative", "42 (x) Z -1 -1 -1 0 -1 0 0 0 0 0 0 0 0 0 -2 19 0 0 99999999999999999999 0 0\n"
    yield "stat_cut", "42 (work"
    yield "status", "Name:\twork\nUmask:\t0022\nTgid:\t42\nNgid:\t0\nPid:\t43\nPPid:\t1\n"
    yield "status_odd", "Tgid:\nTgid: x\nTgid:\t18446744073709551616\nXTgid:\t1\nTgid:\t7"


TARGETS = {
    "config_fuzz": settings_files, "elf_header_fuzz": elves, "fields_fuzz": drill_lines, "json_fuzz": json_texts,
    "memory_maps_fuzz": maps_and_stat, "miner_text_fuzz": miner_texts, "observation_fuzz": observations, "pack_fuzz": packs,
    "pattern_matcher_fuzz": matcher_inputs, "socket_walk_fuzz": socket_dumps, "wallet_fuzz": wallets,
    "yaml_source_fuzz": yaml_texts,
}


def all_seeds():
    out = {}
    for target, make in TARGETS.items():
        for name, content in make():
            out[f"{target}/{name}"] = content.encode() if isinstance(content, str) else content
    for target, make in wire_seeds.TARGETS.items():
        for name, content in make(MONERO):
            out[f"{target}/{name}"] = content.encode() if isinstance(content, str) else content
    return out


def main():
    folder = pathlib.Path(__file__).resolve().parent
    seeds = all_seeds()
    if "--check" not in sys.argv:
        for name, content in seeds.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    made = TARGETS.keys() | wire_seeds.TARGETS.keys()
    there = {str(p.relative_to(folder)): p.read_bytes() for p in folder.glob("*/*") if p.parent.name in made}
    wrong = sorted(name for name in seeds.keys() | there.keys() if seeds.get(name) != there.get(name))
    wrong += [f"{source.stem} has no seeds" for source in folder.parent.parent.glob("src/**/*_fuzz.cpp") if not any((folder / source.stem).glob("*"))]
    size = sum(map(len, seeds.values()))
    if size > BYTES_MAX:
        wrong.append(f"{size} bytes, more than {BYTES_MAX}")
    print("\n".join(wrong) or f"{len(seeds)} seeds for {len(made)} targets, {size} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
