#!/usr/bin/env python3
"""davy sensor on real interfaces, in network namespaces that the test makes and that end with its processes.

A namespace is one process, `unshare -n sleep`; others enter it by its descriptor. What a test needs and this machine
lacks (root, namespaces, packet sockets) skips it with the reason.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import trial

NOBODY = 65534


# A conversation with a pool in frames of a VLAN, written to an interface as they are. The kernel at the other end takes
# the tags out, and Davy puts them back.
TAGGED_TALK = """
import json, socket, struct, sys
ends = [(b"\\xc0\\x00\\x02\\x01", 40000), (b"\\xc0\\x00\\x02\\x02", 3333)]
numbers = [1000, 2000]
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind((sys.argv[1], 0))
def say(side, flags, words=b""):
    (source, sport), (destination, dport) = ends[side], ends[1 - side]
    tcp = struct.pack("!HHIIBBHHH", sport, dport, numbers[side], numbers[1 - side], 0x50, flags, 65535, 0, 0) + words
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + source + destination
    out.send(b"\\x02\\0\\0\\0\\0\\2\\x02\\0\\0\\0\\0\\1" + struct.pack("!HHH", 0x8100, int(sys.argv[2]), 0x0800) + ip + tcp)
    numbers[side] += len(words) + (flags & 2 != 0)
def line(side, **message):
    say(side, 24, json.dumps(message).encode() + b"\\n")
say(0, 2), say(1, 18), say(0, 16)
line(0, id=1, method="mining.subscribe", params=["cgminer/4.12"])
line(1, id=1, result=[[["mining.notify", "ab"]], "08000002", 4], error=None)
line(1, id=None, method="mining.notify", params=["j", "0" * 64, "01", "02", [], "20000000", "1d00ffff", "5e9a5b8e", True])
"""


class Namespace:
    """A network of its own with loopback up; ends with the `with` block."""

    def __enter__(self):
        self.holder = subprocess.Popen(["unshare", "-n", "sleep", "120"], stdin=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            if self.holder.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise unittest.SkipTest("'unshare -n' is refused here")
            time.sleep(0.01)
        self.run("ip", "link", "set", "lo", "up")
        return self

    def __exit__(self, *_):
        self.holder.kill()
        self.holder.wait()

    def inside(self, *command):
        return ["nsenter", "-t", str(self.holder.pid), "-n", *map(str, command)]

    def run(self, *command):
        ran = subprocess.run(self.inside(*command), capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise unittest.SkipTest(f"'{' '.join(map(str, command))}' is refused here: {ran.stderr.strip()}")


def send(words, host, port):
    """The words of a program that sends one datagram."""
    script = ("import socket, sys\n"
              "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(sys.argv[1].encode(), (sys.argv[2], int(sys.argv[3])))")
    return ["python3", "-c", script, words, host, port]


class Sensor(trial.Trial):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        for tool in ("unshare", "nsenter", "ip"):
            if shutil.which(tool) is None:
                self.skipTest(f"there is no {tool} here")

    @contextlib.contextmanager
    def sensor(self, space, *words):
        """A running sensor that has begun to listen; `ended()` gives what it said."""
        command = space.inside(self.program, "sensor", "--format", "jsonl", "--config", self.settings, "--intel", self.pack, *words)
        davy = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=trial.environment())

        def ended():
            out, err = davy.communicate(timeout=trial.SECONDS_MAX)
            ran = trial.Ran(davy.returncode, out, davy.listening + err)
            self.assertNotIn("Sanitizer", ran.err)
            return ran

        davy.listening = davy.stderr.readline()
        davy.ended = ended
        try:
            yield davy
        finally:
            davy.kill()
            davy.wait()
            davy.stdout.close()
            davy.stderr.close()

    @contextlib.contextmanager
    def mining(self, space, seconds):
        """The exercise twin and its pool on loopback; the pool's port."""
        drill = os.environ["DAVY_DRILL"]
        with contextlib.ExitStack() as stack:
            def started(*words):
                process = stack.enter_context(subprocess.Popen(space.inside(drill, *words, "--seconds", seconds), text=True,
                                                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
                stack.callback(process.kill)
                return process

            pool = started("pool", "--difficulty", "100")
            port = next(int(line.split()[1]) for line in pool.stdout if line.startswith("port"))
            started("mine", "--pool", f"127.0.0.1:{port}")
            yield port

    def test_the_twin_is_found_while_it_mines(self):
        file = self.path("live.davyrec")
        with Namespace() as space, self.sensor(space, "--record", file, "lo") as davy:
            with self.mining(space, 30) as port:
                first = json.loads(davy.stdout.readline())  # said while it goes on
                self.assertIsNone(davy.poll())
                time.sleep(4)
            davy.send_signal(signal.SIGINT)
            ran = davy.ended()
        self.assertEqual(ran.status, 1, ran)
        findings = [first] + ran.lines()[:-1]
        for finding in findings:
            self.assert_finding(finding)
            self.assertEqual(finding["id"], first["id"], "one flow, one finding")
            self.assertEqual(finding["subject"]["dialect"], "cryptonote")
            self.assertEqual(finding["subject"]["dport"], port)
        order = ["suspicious", "likely", "confirmed"]
        verdicts = [order.index(finding["verdict"]) for finding in findings]
        self.assertEqual(verdicts, sorted(set(verdicts)), "told again without a higher verdict")
        self.assert_summary(ran.summary())
        self.assertEqual(sum(ran.summary()["verdicts"].values()), 1)
        self.assertEqual(ran.summary()["dropped"]["packets"], 0, ran)
        again = self.davy("replay", "--format", "jsonl", "--intel", self.pack, file, status=1)
        self.assertEqual(again.lines()[-1]["verdicts"], ran.summary()["verdicts"])
        self.assertEqual(again.lines()[0]["id"], first["id"])

    def test_a_tagged_conversation_on_a_cable(self):
        file = self.path("tagged.davyrec")
        with Namespace() as space:
            space.run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
            space.run("ip", "link", "set", "near", "up")
            space.run("ip", "link", "set", "far", "up")
            with self.sensor(space, "--record", file, "far") as davy:
                space.run("python3", "-c", TAGGED_TALK, "near", "7")
                davy.send_signal(signal.SIGINT)
                ran = davy.ended()
        self.assertEqual(ran.summary()["dropped"]["packets"], 0, ran)
        self.assertGreaterEqual(ran.summary()["examined"]["packets"], 6, ran)
        seen = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")[1:-1]]
        flows = [one for one in seen if one["type"] == "flow_seen"]
        self.assertTrue(flows, ran)
        self.assertEqual({(one["vlan"], one["flow"]["server_port"], one["handshake"]) for one in flows}, {(7, 3333, True)})

    def test_loopback_is_not_seen_twice(self):
        with Namespace() as space, self.sensor(space, "lo") as davy:
            for _ in range(20):
                space.run(*send("hello", "127.0.0.1", 9))
            davy.send_signal(signal.SIGINT)
            ran = davy.ended()
        # each datagram to a closed port is answered by one message of ICMP
        self.assertEqual(ran.summary()["examined"]["packets"], 40, ran)
        self.assertEqual(ran.summary()["examined"]["flows"], 20, ran)

    def test_neither_it_nor_its_workers_keep_privileges(self):
        with Namespace() as space, self.sensor(space, "lo") as davy:
            children = pathlib.Path(f"/proc/{davy.pid}/task/{davy.pid}/children").read_text().split()
            self.assertTrue(children, "no worker was started")
            for pid in (davy.pid, *children):
                status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
                self.assertEqual(status["Uid"].split(), [str(NOBODY)] * 4)
                self.assertEqual(int(status["CapEff"], 16) | int(status["CapPrm"], 16), 0)
                if pid != davy.pid:
                    self.assertEqual(status["Seccomp"].strip(), "2")

    def test_a_worker_that_is_killed_is_told_and_replaced(self):
        with Namespace() as space, self.sensor(space, "lo") as davy:
            space.run(*send("hello", "127.0.0.1", 9))
            time.sleep(0.5)
            for pid in pathlib.Path(f"/proc/{davy.pid}/task/{davy.pid}/children").read_text().split():
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(1.5)
            space.run(*send("hello", "127.0.0.1", 9))
            davy.send_signal(signal.SIGINT)
            ran = davy.ended()
        self.assertEqual(ran.status, 3, ran)
        self.assertIn("worker", ran.sense("capture")["why"])
        self.assertEqual(ran.summary()["examined"]["packets"] + ran.summary()["dropped"]["packets"], 4, ran)

    def test_it_ends_when_its_time_is_over(self):
        with Namespace() as space, self.sensor(space, "--for", "500ms", "lo") as davy:
            ran = davy.ended()
        self.assertEqual(ran.status, 0, ran)
        self.assertGreaterEqual(ran.summary()["seconds"], 0.5)

    def test_it_ends_when_asked(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with Namespace() as space, self.sensor(space, "lo") as davy:
                davy.send_signal(number)
                ran = davy.ended()
            self.assertEqual(ran.status, 0, ran)
            self.assertEqual(ran.summary()["command"], "sensor")

    def test_an_interface_that_goes_away(self):
        with Namespace() as space:
            space.run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
            space.run("ip", "link", "set", "near", "up")
            with self.sensor(space, "near", "lo") as davy:
                space.run("ip", "link", "del", "near")
                time.sleep(1)
                davy.send_signal(signal.SIGINT)
                ran = davy.ended()
        self.assertEqual(ran.status, 3, ran)
        self.assertIn("down", ran.sense("capture.near")["why"])


class Refusals(trial.Trial):
    def test_no_such_interface(self):
        for name in ("no-such-davy0", "x" * 40, "\x1b[2J"):
            ran = self.refused("sensor", "--config", self.settings, "--intel", self.pack, name, status=2)
            self.assertIn("no such network interface", ran.err)

    def test_wrong_words(self):
        self.refused("sensor", status=2)
        self.refused("sensor", "--config", self.settings, "--intel", self.pack, "", status=2)
        self.refused("sensor", "--memory", "lots", "lo", "--intel", self.pack, status=2, names=["--memory"])
        self.refused("sensor", "--for", "soon", "lo", status=2)

    def test_an_unprivileged_user(self):
        how = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        ran = self.refused("sensor", "--config", self.settings, "--intel", self.pack, "--for", "1s", "lo", status=2, names=["lo"], **how)
        self.assertIn("CAP_NET_RAW", ran.err)

    def test_an_interface_that_is_down(self):
        if os.geteuid() != 0 or shutil.which("nsenter") is None:
            self.skipTest("needs root, and nsenter")
        with Namespace() as space:
            space.run("ip", "link", "set", "lo", "down")
            ran = self.refused("sensor", "--config", self.settings, "--intel", self.pack, "lo", status=2, names=["lo"], before=space.inside())
        self.assertIn("down", ran.err)


if __name__ == "__main__":
    trial.main()
