#!/usr/bin/env python3
"""Every conversation that davy-drill can play, in every form, as a capture file that `davy pcap` reads.

Mining is found with the right dialect and at least likely; near misses give no finding.
"""
import os
import pathlib
import subprocess

import trial

FORMS = {
    "plain": (),
    "spaced": ("--spaced",),
    "reordered": ("--reordered",),
    "split": ("--split", "1"),
    "midstream": ("--midstream",),
    "connect": ("--via", "connect"),
    "socks5": ("--via", "socks5"),
}

# Not found yet: short lines of text that arrive byte by byte, where a flow is given up before its first line ends.
MISSED = {("duino", "split")}


class Conversations(trial.Trial):
    """Each dialect and each near miss in each form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drill = pathlib.Path(os.environ["DAVY"]).with_name("davy-drill")
        shown = subprocess.run([cls.drill, "talk", "--list"], capture_output=True, text=True, check=True).stdout
        cls.talks = {name: kind.strip() for name, kind, _ in (line.split("\t") for line in shown.splitlines())}

    def findings(self, name, form):
        capture = self.path(f"{name}.{form}.pcap")
        subprocess.run([self.drill, "talk", name, *FORMS[form], "--pcap", capture], check=True, timeout=10)
        ran = self.davy("pcap", "--format", "jsonl", capture)
        self.assertIn(ran.status, (0, 1), ran)
        return [line for line in ran.lines() if line["type"] == "finding"]

    def assert_mining(self, name, form):
        found = [(one["subject"].get("dialect"), one["verdict"]) for one in self.findings(name, form)]
        self.assertTrue({(name, "likely"), (name, "confirmed")} & set(found), found)

    def test_both_kinds_are_listed(self):
        self.assertEqual(set(self.talks.values()), {"mining", "near miss"})

    def test_mining_is_found_in_every_form(self):
        for name in (name for name, kind in self.talks.items() if kind == "mining"):
            for form in FORMS:
                if (name, form) in MISSED:
                    continue
                with self.subTest(talk=name, form=form):
                    self.assert_mining(name, form)

    def test_near_misses_give_no_finding(self):
        for name in (name for name, kind in self.talks.items() if kind == "near miss"):
            for form in FORMS:
                with self.subTest(talk=name, form=form):
                    self.assertEqual(self.findings(name, form), [])


if __name__ == "__main__":
    trial.main()
