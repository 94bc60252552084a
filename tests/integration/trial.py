"""What the end-to-end tests share: running the built davy, and saying of what it printed whether it keeps its promises.

The build names the program and the rest in the environment: DAVY (the program), DAVY_PACK (the pack beside it),
DAVY_KEY (the development key), DAVY_DATA (the data folder), DAVY_SOURCE (the source tree), DAVY_SANITIZE (which
sanitizers the program was built with, if any).
Run one class: DAVY=... python3 command_line_test.py Intel
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SECONDS_MAX = 60  # of any one run; a run that takes longer hangs
SKIPPED = 77  # exit status that ctest reads as "skipped"

NOT_PRINTABLE = [chr(c) for c in [*range(0x20), 0x7F, *range(0x80, 0xA0)] if chr(c) not in "\n"]


class Ran:
    """One run of davy: status, and both outputs as bytes and as text."""

    def __init__(self, status, out, err):
        self.status, self.out_bytes, self.err_bytes = status, out, err
        self.out, self.err = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    def lines(self):
        return [json.loads(line) for line in self.out_bytes.decode("utf-8").split("\n") if line]

    def summary(self):
        return self.lines()[-1]

    def sense(self, name):
        return next((sense for sense in self.summary()["senses"] if sense["id"] == name), None)

    def __str__(self):
        return f"exit status {self.status}\n--- out\n{self.out[:4000]}\n--- err\n{self.err[:4000]}"


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def unshared(*words):
    """The words that put a command into namespaces of its own; skips the test where the kernel refuses."""
    command = ["unshare", *words]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        raise unittest.SkipTest(f"'{' '.join(command)}' is refused here")
    return command


class Trial(unittest.TestCase):
    """A test with a folder of its own, in which davy stands as a package installs it, so that any user can run it."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="davy-trial-")
        cls.folder = pathlib.Path(cls._folder.name)
        cls.folder.chmod(0o755)
        cls.program, cls.pack = cls.folder / "bin" / "davy", cls.folder / "share" / "davy" / "davy.pack"
        for made, origin in ((cls.program, "DAVY"), (cls.pack, "DAVY_PACK")):
            made.parent.mkdir(parents=True)
            shutil.copy(os.environ[origin], made)
        cls.settings = cls.folder / "empty.toml"
        cls.settings.write_text("")

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def path(self, name, content=None):
        """A path in the folder of the test, with that content if there is any."""
        out = self.folder / name
        if content is not None:
            out.write_bytes(content if isinstance(content, bytes) else content.encode())
        return out

    def davy(self, *words, before=(), status=None, seconds=SECONDS_MAX, env=None, **how):
        """Runs davy (with the words of `before` in front of it) and waits. A death by signal fails the test."""
        command = [*map(str, before), str(self.program), *map(os.fspath, words)]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=how.pop("stdout", subprocess.PIPE),
                               stderr=subprocess.PIPE, timeout=seconds, check=False, env=env or environment(), **how)
        ran = Ran(ended.returncode, ended.stdout or b"", ended.stderr)
        self.assertGreaterEqual(ran.status, 0, f"{command} was ended by a signal\n{ran}")
        self.assertNotIn("Sanitizer", ran.err)
        if status is not None:
            self.assertEqual(ran.status, status, f"{command}\n{ran}")
        return ran

    def refused(self, *words, status, names=(), **how):
        """It says on standard error alone what is wrong, about what, and what to do; in both languages."""
        for language in ("en", "zh"):
            ran = self.davy(*words, "--lang", language, status=status, **how)
            self.assertEqual(ran.out, "", ran)
            self.assert_advice(ran, language)
            for name in names:
                self.assertIn(str(name), ran.err)
        return ran

    def assert_advice(self, ran, language):
        first, _, advice = ran.err.partition("\n")
        self.assertTrue(first.startswith("davy: ") and advice.strip(), ran)
        self.assertEqual(any("\u4e00" <= c <= "\u9fff" for c in advice), language == "zh", ran)
        self.assert_printable(ran.err)

    def assert_printable(self, text):
        found = [c for c in NOT_PRINTABLE if c in text]
        self.assertEqual(found, [], f"control characters reach the terminal: {text!r}")

    def assert_examined(self, ran, statuses=(0, 1, 3)):
        """What every jsonl output promises (docs/contracts.md). Returns the findings."""
        self.assertIn(ran.status, statuses, ran)
        *findings, summary = ran.lines()
        self.assert_summary(summary)
        for finding in findings:
            self.assert_finding(finding)
        lost = summary["dropped"]["unreadable"] + summary["dropped"]["limit"]
        if lost > 0 and not findings:
            self.assertEqual(ran.status, 3, f"{lost} things were not examined\n{ran}")
        self.assertEqual(ran.status == 1, bool(findings), ran)
        return findings

    def assert_summary(self, summary):
        self.assertEqual(list(summary)[:2], ["type", "command"])
        self.assertEqual(summary["type"], "summary")
        for name in ("version", "intel", "seconds", "examined", "dropped", "senses", "verdicts"):
            self.assertIn(name, summary)
        self.assertEqual(set(summary["dropped"]), {"packets", "events", "truncated", "unreadable", "limit"})
        self.assertEqual(set(summary["verdicts"]), {"suspicious", "likely", "confirmed"})
        self.assertLessEqual({"packets", "bytes", "flows", "files", "processes"}, set(summary["examined"]))
        for sense in summary["senses"]:
            self.assertIn(sense["state"], ("on", "off"))
            if sense["state"] == "off":
                self.assertTrue(sense.get("why"), f"{sense} is off without a reason")

    def assert_finding(self, finding):
        self.assertEqual(finding["type"], "finding")
        self.assertRegex(finding["id"], "^[A-Z2-7]{26}$")
        self.assertIn(finding["hypothesis"], ("mines", "tampered", "solicits", "forbidden"))
        self.assertIn(finding["verdict"], ("suspicious", "likely", "confirmed"))
        for name in ("decibans", "declared", "subject", "class", "against", "related", "campaign", "actions"):
            self.assertIn(name, finding)
        self.assertEqual(set(finding["explanation"]), {"zh", "en"})
        self.assertTrue(finding["evidence"])
        for piece in finding["evidence"] + finding["against"]:
            self.assertLessEqual({"kind", "group", "decibans", "basis", "attack", "at", "summary", "detail"}, set(piece))
            self.assertEqual(set(piece["summary"]), {"zh", "en"})
        for action in finding["actions"]:
            self.assertEqual(set(action), {"id", "reversible", "command"})
        if finding["subject"]["kind"] == "process":
            self.assertLessEqual({"host", "pid", "start_time", "exe", "sha256", "cmdline", "user", "container", "lineage"},
                                 set(finding["subject"]))


def main():
    """unittest's own, except that a run in which everything was skipped ends with SKIPPED."""
    ended = unittest.main(exit=False, verbosity=2).result
    if not ended.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if ended.testsRun and len(ended.skipped) == ended.testsRun else 0)
