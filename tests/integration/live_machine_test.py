#!/usr/bin/env python3
"""davy check on the machine itself, in surroundings that are less than perfect.

Every run is bounded in time. What a test needs and this machine lacks (root, namespaces) skips it with the reason.
Only processes that a test has started itself are ended, by their descriptor.
"""
import contextlib
import functools
import json
import os
import pathlib
import pty
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest

import trial

NOBODY = 65534
PYTHON = sys.executable
SANITIZED = bool(os.environ.get("DAVY_SANITIZE"))
BUSY = "import time\nend = time.monotonic() + 20\nwhile time.monotonic() < end: pass"
IDLE = "import time\ntime.sleep(20)"


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "needs root")(test)


@contextlib.contextmanager
def running(*command, **how):
    """A process of the test's own, ended afterwards whatever happens."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Machine(trial.Trial):
    def check(self, *words, **how):
        how.setdefault("cwd", "/")
        return self.davy("check", "--format", "jsonl", "--config", self.settings, "--intel", self.pack, "--for", "1s", *words, **how)

    def recorded(self, *words, **how):
        """A check and all its observations, by type."""
        file = self.path(f"{time.monotonic_ns()}.davyrec")
        ran = self.check("--record", file, *words, **how)
        by_type = {}
        for line in file.read_text(encoding="utf-8").split("\n")[1:-1]:
            seen = json.loads(line)
            by_type.setdefault(seen["type"], []).append(seen)
        return ran, by_type

    def assert_off(self, ran, *names):
        for name in names:
            sense = ran.sense(name)
            self.assertIsNotNone(sense, f"{name} is not listed\n{ran}")
            self.assertEqual(sense["state"], "off", ran)


class Surroundings(Machine):
    """Fewer rights, fewer facilities, a smaller view of the machine."""

    def test_as_it_is(self):
        for form, words in (("jsonl", []), ("text", ["--format", "text"]), ("quiet", ["--format", "text", "-q"])):
            ran = self.check(*words)
            if form == "jsonl":
                self.assert_examined(ran)
                self.assertGreaterEqual(ran.summary()["examined"]["processes"], 2)
            self.assert_printable(ran.out)
            self.assertEqual(ran.err, "")

    def test_progress_is_for_terminals_and_not_for_results(self):
        ours, theirs = pty.openpty()
        davy = subprocess.Popen([self.program, "check", "--format", "jsonl", "--config", self.settings, "--for", "1s"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, env=trial.environment())
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # a terminal that nobody holds any more is an error to read from
            while part := os.read(ours, 4096):
                shown += part
        out, _ = davy.communicate(timeout=trial.SECONDS_MAX)
        os.close(ours)
        self.assert_examined(trial.Ran(davy.returncode, out, b""))
        self.assertRegex(shown.decode(), r"\[#*-*\] \d+/100 %, \d+ left")

    @needs_root
    def test_an_unprivileged_user(self):
        ran = self.check(user=NOBODY, group=NOBODY, extra_groups=[])
        self.assert_examined(ran)
        self.assert_off(ran, "memory", "fp.ptrace", "bpf.task_iter")
        self.assertIn("root", ran.sense("memory")["why"])
        text = self.check("--format", "text", user=NOBODY, group=NOBODY, extra_groups=[]).out
        self.assertIn("could not be seen", text)
        self.assertIn("- memory: needs root", text)

    @needs_root
    def test_root_without_capabilities(self):
        if shutil.which("setpriv") is None:
            self.skipTest("there is no setpriv here")
        self.assert_examined(self.check(before=["setpriv", "--bounding-set=-all", "--inh-caps=-all"]))

    def test_without_bpf(self):
        ran = self.check("--no-bpf")
        self.assert_examined(ran)
        self.assert_off(ran, "bpf.task_iter")

    def test_without_memory(self):
        ran, seen = self.recorded("--no-memory")
        self.assert_examined(ran)
        self.assertNotIn("memory_seen", seen)

    @needs_root
    def test_sys_unmounted_or_empty(self):
        trial.unshared("-m")
        for cover in ("umount -l /sys", "mount -t tmpfs none /sys", "mount -t tmpfs none /sys && mount -t tmpfs none /etc"):
            ran = self.check(before=["unshare", "-m", "sh", "-c", f'{cover} && exec "$@"', "sh"])
            self.assert_examined(ran)

    @needs_root
    def test_system_files_that_are_damaged(self):
        noise = "head -c 20000000 /dev/urandom"
        damage = (
            f"{noise} > /etc/passwd; {noise} > /etc/hosts; {noise} > /etc/ld.so.preload",
            "mkdir /etc/passwd /etc/hosts /etc/ld.so.preload",
            "mkfifo /etc/passwd /etc/group /etc/hosts",
            r"printf 'ro\033[2Jot:x:0:0::/:/bin/sh\n' > /etc/passwd; printf '/tmp/\033[2J\377.so\n' > /etc/ld.so.preload",
            f"mount -t tmpfs none /var/lib/dpkg && mkdir /var/lib/dpkg/info && cd /var/lib/dpkg/info && {noise} > sed.list;"
            " mkdir bash.list; mkfifo grep.list; ln -s /dev/zero dash.list",
        )
        for made in damage:
            with self.subTest(made):
                cover = [*trial.unshared("-m"), "sh", "-c", f'mount -t tmpfs none /etc && {{ {made}; }} && exec "$@"', "sh"]
                self.assert_examined(self.check(before=cover))
                self.assert_printable(self.check("--format", "text", before=cover).out)

    @needs_root
    @unittest.skipIf(SANITIZED, "the sanitizers themselves need /proc")
    def test_proc_empty_or_missing(self):
        trial.unshared("-m")
        for cover in ("umount -l /proc", "mount -t tmpfs none /proc"):
            for words in ([], ["--no-bpf"]):
                ran = self.check(*words, before=["unshare", "-m", "sh", "-c", f'{cover} && exec "$@"', "sh"])
                self.assertIn(ran.status, (1, 2, 3), f"{cover}: a machine without /proc is not clear\n{ran}")
                if ran.status != 2:
                    self.assert_examined(ran)

    @needs_root
    def test_in_a_process_namespace(self):
        for words in ([], ["--no-bpf"]):
            ran = self.check(*words, before=trial.unshared("-pf", "--mount-proc"))
            self.assert_examined(ran)
            self.assert_off(ran, "bpf.task_iter")
            self.assertLessEqual(ran.summary()["examined"]["processes"], 10)

    @needs_root
    def test_in_a_user_namespace(self):
        self.assert_examined(self.check(before=trial.unshared("-U", "-r")))
        self.assert_examined(self.check(before=trial.unshared("-U", "-r", "-m", "-n", "-i", "-u")))

    @needs_root
    def test_in_a_network_namespace(self):
        self.assert_examined(self.check(before=trial.unshared("-n")))

    def test_small_limits(self):
        descriptors = [(resource.RLIMIT_NOFILE, most) for most in (5, 6, 7, 8, 10, 12, 15, 32)]
        for limit, most in (*descriptors, (resource.RLIMIT_NPROC, 1),
                            (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MEMLOCK, 0)):
            if SANITIZED and 0 < most < 32 and limit == resource.RLIMIT_NOFILE:
                continue  # the sanitizers themselves need descriptors
            with self.subTest(limit=limit, most=most):
                ran = self.check(preexec_fn=functools.partial(resource.setrlimit, limit, (most, most)))
                if ran.status == 2:
                    self.assert_advice(ran, "en")
                else:
                    hidden = [f for f in self.assert_examined(ran) if "listing.disagrees" in str(f["evidence"])]
                    self.assertEqual(hidden, [], "what davy could not open is taken for hidden")

    def test_closed_standard_streams(self):
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            ran = self.check(before=["sh", "-c", f'exec "$@" {closed}', "sh"])
            self.assertIn(ran.status, (0, 1, 3), f"{closed}\n{ran}")
            if closed != "<&-" and closed != "2>&-":
                self.assertIn(ran.status, (1, 3), "results that nobody received look like success")

    def test_results_never_end_up_in_another_file(self):
        file = self.path("no-results.davyrec")
        self.check("--record", file, before=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"])
        types = [json.loads(line)["type"] for line in file.read_text(encoding="utf-8").split("\n")[:-1]]
        self.assertEqual((types[0], types[-1]), ("recording", "examination_end"))
        self.assertFalse({"summary", "finding"} & set(types))


class Processes(Machine):
    """Other processes that are strange, many, or short-lived."""

    def test_a_command_line_of_a_megabyte(self):
        words = ["x" * 120_000] * 8 + ["y"] * 20_000
        for program in (IDLE, BUSY):
            with running(PYTHON, "-c", program, *words) as process:
                ran, seen = self.recorded()
            self.assert_examined(ran)
            mine = [p for p in seen["process_seen"] if p["process"]["pid"] == process.pid]
            self.assertTrue(mine and mine[0]["argv_truncated"], mine)
            self.assertLessEqual(sum(map(len, mine[0]["argv"])), 4096)
            self.assertGreaterEqual(ran.summary()["dropped"]["truncated"], 1)

    def strange(self):
        """A program whose path, name and arguments are no text at all, asleep."""
        hostile = b"\xff\xfe\n\"'\x1b[31m\xc2\x9b\\"
        program = os.path.join(os.fsencode(self.folder), hostile)
        shutil.copy(shutil.which("sleep"), program)
        script = "import os, sys\nos.execv(os.fsencode(sys.argv[1]), [b'\\xff\\x1b[2J\\n\"', b'20'])"
        return running(PYTHON, "-c", script, os.fsdecode(program))

    def test_names_that_are_no_text(self):
        with self.strange() as process:
            time.sleep(0.5)
            ran, seen = self.recorded("--format", "json")
            text = self.check("--format", "text", "-v")
        whole = json.loads(ran.out_bytes.decode("utf-8"))
        self.assert_summary(whole["summary"])
        mine = [p for p in seen["process_seen"] if p["process"]["pid"] == process.pid]
        self.assertEqual(len(mine), 1, "a process was lost because of its name")
        for name in ("comm", "exe", "executed_as"):
            self.assertIn("\ufffd", mine[0][name])
            self.assert_printable(mine[0][name])
        self.assert_printable(text.out)

    @needs_root
    def test_names_that_are_no_text_in_a_finding(self):
        trial.unshared("-m")
        with self.strange() as process:
            time.sleep(0.5)
            cover = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs none /proc/{process.pid} && exec "$@"', "sh"]
            ran = self.check(before=cover)
            text = self.check("--format", "text", "-v", before=cover)
        findings = self.assert_examined(ran)
        self.assertIn(process.pid, [finding["subject"].get("pid") for finding in findings], ran)
        self.assertIn(str(process.pid), text.out)
        self.assert_printable(text.out)

    def test_processes_that_come_and_go(self):
        churn = ("import os, time\nend = time.monotonic() + 15\n"
                 "while time.monotonic() < end:\n"
                 "  pid = os.fork()\n"
                 "  if pid == 0: os._exit(0)\n"
                 "  os.waitpid(pid, 0)")
        with running(PYTHON, "-c", churn), running("sh", "-c", "i=0; while [ $i -lt 20000 ]; do /bin/true; i=$((i+1)); done"):
            for words in ([], ["--no-bpf"]):
                self.assert_examined(self.check(*words))

    def test_threads_that_come_and_go(self):
        churn = ("import threading, time\nend = time.monotonic() + 15\n"
                 "while time.monotonic() < end:\n"
                 "  t = threading.Thread(target=lambda: sum(range(5000)))\n  t.start()\n  t.join()")
        with running(PYTHON, "-c", churn):
            for words in ([], ["--no-bpf"]):
                self.assert_examined(self.check(*words))

    def test_zombies_and_stopped_processes(self):
        zombies = "import os, time\nfor _ in range(50):\n  if os.fork() == 0: os._exit(0)\ntime.sleep(20)"
        with running(PYTHON, "-c", zombies), running(PYTHON, "-c", BUSY) as stopped:
            time.sleep(0.3)
            stopped.send_signal(signal.SIGSTOP)
            ran, seen = self.recorded()
        self.assert_examined(ran)
        self.assertIn(stopped.pid, [p["process"]["pid"] for p in seen["process_seen"]])

    def test_a_program_that_was_deleted_or_never_a_file(self):
        program = self.path("gone")
        shutil.copy(shutil.which("sleep"), program)
        memory = ("import os, shutil\nfd = os.memfd_create('x\\x1b[2J')\n"
                  "os.write(fd, open(shutil.which('sleep'), 'rb').read())\nos.execv(f'/proc/self/fd/{fd}', ['sleep', '20'])")
        with running(program, "20") as deleted, running(PYTHON, "-c", memory) as in_memory:
            time.sleep(0.5)
            program.unlink()
            ran, seen = self.recorded()
            self.assert_printable(self.check("--format", "text").out)
        self.assert_examined(ran)
        by_pid = {p["process"]["pid"]: p for p in seen["process_seen"]}
        self.assertTrue(by_pid[deleted.pid]["exe"].endswith(" (deleted)"))
        self.assertTrue(by_pid[in_memory.pid]["exe_in_memory"])


class Worker(Machine):
    """The confined process that parses foreign bytes is killed while davy looks."""

    def start(self, *words):
        command = [self.program, "check", "--format", "jsonl", "--config", self.settings, "--intel", self.pack, *words]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=trial.environment())

    def worker_of(self, davy):
        """A descriptor of the worker that this davy started, or none; a number alone could be another's by then."""
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                descriptor = os.pidfd_open(int(entry.name))
                _, _, rest = (entry / "stat").read_text(errors="replace").rpartition(")")
                if int(rest.split()[1]) == davy.pid and (entry / "comm").read_text() == "davy-examiner\n":
                    return descriptor
                os.close(descriptor)
        return None

    def kill_workers(self, davy, times):
        killed = 0
        while davy.poll() is None and killed < times:
            worker = self.worker_of(davy)
            if worker is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(worker, signal.SIGKILL)
                killed += 1
            os.close(worker)
        out, err = davy.communicate(timeout=trial.SECONDS_MAX)
        self.assertGreater(killed, 0, "no worker was seen")
        return trial.Ran(davy.returncode, out, err)

    def test_killed_once_before_it_is_needed(self):
        with running(PYTHON, "-c", BUSY):
            ran = self.kill_workers(self.start("--for", "2s"), 1)
        self.assert_examined(ran)
        self.assertEqual(ran.summary()["dropped"]["unreadable"], 0, ran)
        if os.geteuid() == 0:
            self.assertGreater(ran.summary()["examined"]["bytes"], 0, f"no memory was read\n{ran}")
            self.assertEqual(ran.sense("memory")["state"], "on", ran)

    def test_killed_whenever_it_appears(self):
        with running(PYTHON, "-c", BUSY):
            ran = self.kill_workers(self.start("--for", "2s"), 10_000)
        self.assert_examined(ran)
        if ran.summary()["dropped"]["unreadable"] > 0:
            self.assertIn(ran.status, (1, 3), ran)

    def test_it_ends_with_davy(self):
        davy = self.start("--for", "10s")
        worker = None
        until = time.monotonic() + 20
        while worker is None and time.monotonic() < until:
            worker = self.worker_of(davy)
        self.assertIsNotNone(worker, "no worker was seen")
        davy.kill()
        davy.communicate()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                signal.pidfd_send_signal(worker, 0)
            except ProcessLookupError:
                break
            time.sleep(0.02)
        else:
            self.fail("the worker outlives davy")
        os.close(worker)


class Files(Machine):
    """Packs, settings and recordings that are damaged or in the way."""

    def test_a_damaged_pack(self):
        content = self.pack.read_bytes()
        damaged = self.path("damaged.pack", content[:1000] + b"\xff" + content[1001:])
        self.refused("check", "--for", "1s", "--intel", damaged, status=2, names=[damaged])
        settings = self.path("damaged.toml", f'[intel]\npack = "{damaged}"\n')
        self.refused("check", "--for", "1s", "--config", settings, status=2, names=[damaged])

    def test_a_damaged_pack_beside_the_program_is_not_passed_over(self):
        content = self.pack.read_bytes()
        try:
            self.pack.write_bytes(content[:-1])
            self.refused("check", "--for", "1s", "--config", self.settings, status=2, names=["davy.pack"])
        finally:
            self.pack.write_bytes(content)

    def test_no_pack_at_all(self):
        if os.path.exists("/var/lib/davy/intel/current.pack"):
            self.skipTest("a pack is installed here")
        hidden = self.pack.rename(self.pack.with_suffix(".hidden"))
        try:
            ran = self.davy("check", "--for", "1s", "--config", self.settings, status=2)
            self.assertIn("davy intel build", ran.err)
        finally:
            hidden.rename(self.pack)

    def test_a_recording_is_judged_the_same(self):
        file = self.path("same.davyrec")
        live = self.check("--record", file)
        again = self.davy("replay", "--format", "jsonl", "--intel", self.pack, file)
        self.assertEqual(live.lines()[:-1], again.lines()[:-1])
        self.assertEqual(live.status, again.status)
        first, second = live.summary(), again.summary()
        self.assertEqual({**first, "command": ""}, {**second, "command": ""})
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def test_a_recording_that_cannot_be_made(self):
        precious = self.path("precious.davyrec", "precious")
        self.refused("check", "--for", "1s", "--record", precious, status=2, names=[precious])
        self.assertEqual(precious.read_text(), "precious")
        self.refused("check", "--for", "1s", "--record", self.path("no/folder/a.davyrec"), status=2, names=["no/folder"])

    @needs_root
    def test_a_disk_that_fills_up_while_recording_keeps_the_findings(self):
        mount = self.path("small")
        mount.mkdir()
        small = ["sh", "-c", f'mount -t tmpfs -o size=8k none "{mount}" && exec "$@"', "sh"]
        ran = self.check("--record", mount / "a.davyrec", before=[*trial.unshared("-m"), *small])
        self.assertIn(ran.status, (1, 3), ran)
        self.assert_examined(ran)
        self.assertIn("a.davyrec", ran.sense("recording")["why"])

    def test_how_long(self):
        for time_words, most in (("0", 15), ("0.2", 15), ("500ms", 15)):
            start = time.monotonic()
            self.assert_examined(self.check("--for", time_words))
            self.assertLess(time.monotonic() - start, most)


if __name__ == "__main__":
    trial.main()
