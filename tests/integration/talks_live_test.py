#!/usr/bin/env python3
"""The twin's talks played live, in clear, in TLS and through a relay; and `davy probe` asking each of its servers."""
import concurrent.futures
import contextlib
import os
import pathlib
import subprocess

import trial

# What a probe sees of each mock pool. The others do not answer any of its questions: their greeting is none that it asks.
ANSWERS = {"stratum": "likely", "stratum.zcash": "likely", "stratum.alephium": "likely", "ethereumstratum.1": "likely", "ethproxy": "likely",
           "cryptonote": "suspicious", "getblocktemplate": "likely", "coinhive": "likely"}
NEAR_MISSES = ("electrum", "node_rpc", "language_server", "model_context", "job_scheduler", "login_api", "chat_about_stratum", "websocket_chat")


class Talks(trial.Trial):
    """Servers and clients of the twin on loopback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drill = pathlib.Path(os.environ["DAVY"]).with_name("davy-drill")

    @contextlib.contextmanager
    def running(self, *words):
        with subprocess.Popen([self.drill, *map(str, words), "--seconds", "60"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                yield int(server.stdout.readline().split()[1])
            finally:
                server.terminate()

    def join(self, talk, port, *words):
        ended = subprocess.run([self.drill, "talk", talk, "--connect", f"127.0.0.1:{port}", "--shares", "3", "--gap", "60", "--seconds", "20", *words],
                               capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_in_clear_and_in_tls(self):
        for talk in ("cryptonote", "stratum", "ethproxy", "grin", "coinhive", "monerod", "duino"):
            for tls in ((), ("--tls", "1.2"), ("--tls", "1.3")):
                with self.subTest(talk=talk, tls=tls), self.running("talk", talk, "--serve", "--job-gap", 50, *tls) as port:
                    self.join(talk, port, *tls)

    def test_through_a_relay_that_takes_tls_off_and_puts_it_on(self):
        with self.running("talk", "cryptonote", "--serve", "--tls", "1.2") as port, \
                self.running("relay", "--to", f"127.0.0.1:{port}", "--tls-in", "1.3", "--tls-out", "1.2") as relay:
            self.join("cryptonote", relay, "--tls", "1.3", "--padding", "128", "--sni", "pool.example")

    def test_what_cannot_be_played_live_says_so(self):
        ended = subprocess.run([self.drill, "talk", "stratum_v2", "--serve"], capture_output=True, text=True, check=False)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("--pcap", ended.stderr)

    def probe(self, talk):
        log = self.path(f"{talk}.jsonl")
        log.unlink(missing_ok=True)
        config = self.path(f"{talk}.toml", f'[probe]\nenabled = true\ntargets = ["127.0.0.0/8:*"]\nseconds = 0.6\nlog = "{log}"\n')
        with self.running("talk", talk, "--serve") as port:
            ran = self.davy("probe", "--format", "jsonl", "--config", config, f"127.0.0.1:{port}")
        return talk, [line["verdict"] for line in ran.lines() if line["type"] == "finding"], ran

    def test_a_probe_knows_the_mock_pools_and_no_near_miss(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for talk, verdicts, ran in pool.map(self.probe, [*ANSWERS, *NEAR_MISSES]):
                with self.subTest(talk=talk):
                    self.assertEqual(verdicts, [ANSWERS[talk]] if talk in ANSWERS else [], ran)


if __name__ == "__main__":
    trial.main()
