#!/usr/bin/env python3
"""Every conversation that davy-drill can play, in every form, as a capture file that `davy pcap` reads.

Mining is found with the right dialect and at least likely; near misses give no finding.
"""
import os
import pathlib
import re
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


# Forms that a conversation cannot have, and why.
IMPOSSIBLE = {
    ("stratum_v2.noise", "midstream"): "encrypted from its first byte: only the handshake tells",
    ("stratum_v2.noise", "split"): "a key comes in one piece, or it is told from nothing",
    ("monerod.zmq", "midstream"): "the client subscribes once, then it is silent",
}
# The coin, where the dialect or the wallet in it says which.
COINS = {"cryptonote": "monero", "monerod": "monero", "monerod.zmq": "monero", "stratum.zcash": "zcash", "stratum.alephium": "alephium",
         "stratum.aeternity": "aeternity", "stratum.kaspa": "kaspa", "stratum.ergo": "ergo", "stratum.conflux": "conflux",
         "stratum.kawpow": "ravencoin", "ethereumstratum.1": "ethereum", "ethereumstratum.2": "ethereum", "ethproxy": "ethereum",
         "grin": "grin", "beam": "beam", "nimiq": "nimiq", "ergo_node": "ergo", "chia": "chia", "duino": "duino"}


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
        found = [(one["subject"].get("dialect"), one["verdict"], one["subject"].get("coin")) for one in self.findings(name, form)]
        self.assertTrue([one for one in found if one[0] == name and one[1] in ("likely", "confirmed")], found)
        if name in COINS:
            self.assertEqual(found[0][2], COINS[name], found)

    def test_both_kinds_are_listed(self):
        self.assertEqual(set(self.talks.values()), {"mining", "near miss"})

    def test_mining_is_found_in_every_form(self):
        for name in (name for name, kind in self.talks.items() if kind == "mining"):
            for form in (form for form in FORMS if (name, form) not in IMPOSSIBLE):
                with self.subTest(talk=name, form=form):
                    self.assert_mining(name, form)

    def test_what_is_impossible_is_so(self):
        for name, form in IMPOSSIBLE:
            with self.subTest(talk=name, form=form), self.assertRaises(AssertionError):
                self.assert_mining(name, form)

    def test_every_dialect_is_there(self):
        text = (pathlib.Path(os.environ["DAVY_SOURCE"]) / "docs" / "dialects.md").read_text(encoding="utf-8")
        family = ""
        for row in (line.split("|")[1:4] for line in text.splitlines() if line.startswith("| `")):
            for name in re.findall(r"`([^`]+)`", row[0]):
                name, family = (family + name, family) if name.startswith(".") else (name, name.partition(".")[0])
                if name != "p2pool_peer":  # its handshake takes work
                    self.assertIn(name, self.talks)

    def test_near_misses_give_no_finding(self):
        for name in (name for name, kind in self.talks.items() if kind == "near miss"):
            for form in FORMS:
                with self.subTest(talk=name, form=form):
                    self.assertEqual(self.findings(name, form), [])


if __name__ == "__main__":
    trial.main()
