#!/usr/bin/env python3
"""The command line as people and scripts meet it: every command with good and with wrong words and files.

Exit statuses and forms are those of docs/contracts.md. Nothing here looks at the machine.
"""
import json
import os
import pathlib
import re
import shutil
import stat
import unittest

import trial

COMMANDS = ("check", "replay", "intel", "config")
VERBS = ("build", "show", "verify", "update", "rollback", "key")
GROUPS = ("work", "wire", "identity", "stealth", "persistence", "entry", "load", "promise", "context")
HEADER = {"type": "recording", "version": 1, "intel": "1", "digest": "0"}
END = {"type": "examination_end", "at": 1, "processes": 1, "threads": 1}


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 0x01]) + content[at + 1:]


class Words(trial.Trial):
    """Options and words that are right, nearly right and wrong, for every command."""

    def test_help_of_every_command_has_two_examples(self):
        for command in [[c] for c in (*COMMANDS, "drill", "version")] + [["intel", verb] for verb in VERBS]:
            for language, heading in (("en", "Examples:"), ("zh", "示例:")):
                shown = self.davy(*command, "--help", "--lang", language, status=0)
                self.assertIn(heading, shown.out, command)
                examples = [line for line in shown.out.split(heading)[1].splitlines() if "davy" in line]
                self.assertGreaterEqual(len(examples), 2, shown.out)
                self.assertEqual(shown.err, "")

    def test_the_common_options_are_everywhere(self):
        for command in [[c] for c in COMMANDS] + [["intel", verb] for verb in VERBS]:
            shown = self.davy(*command, "--help", status=0).out
            for option in ("--format", "--lang", "--intel", "--config", "--fail-at", "--for", "-q", "-v"):
                self.assertIn(option, shown, command)

    def test_wrong_options_are_named(self):
        wrong = [["--nonsense"], ["--format", "xml"], ["--fail-at", "clear"], ["--fail-at", "certain"], ["--fail-at"],
                 ["--for", "-1s"], ["--for", "abc"], ["--for", "1y"], ["--for", "1e99"], ["--for", "nan"], ["--for", ""],
                 ["--quiet=yes"], ["-x"], ["--format"], ["--config", "/nonexistent/davy.toml"]]
        for command in (["check"], ["replay", "x"], ["config", "show"], ["intel", "show"], ["intel", "rollback"]):
            for words in wrong:
                named = words[-1].partition("=")[0]
                self.refused(*command, *words, status=2, names=[named])

    def test_a_wrong_language_is_named(self):
        for command in (["check"], ["replay", "x"], ["config", "show"], ["intel", "show"]):
            ran = self.davy(*command, "--lang", "xx", status=2)
            self.assertIn("xx", ran.err)
            self.assertIn("zh, en", ran.err)

    def test_the_asked_language_answers_wrong_words_too(self):
        for words in (["--lang", "zh", "--nonsense"], ["--nonsense", "--lang=zh"]):
            self.assert_advice(self.davy("check", *words, status=2), "zh")
        self.assert_advice(self.davy("check", "--nonsense", status=2, env=trial.environment(LC_ALL="zh_CN.UTF-8")), "zh")

    def test_mistyped_words_get_a_proposal(self):
        self.assertIn("check", self.davy("chek", status=2).err)
        self.assertIn("--format", self.davy("check", "--formt", "json", status=2).err)
        self.assertIn("verify", self.davy("intel", "verfy", status=2).err)

    def test_words_missing_or_too_many(self):
        for words in (["replay"], ["config"], ["intel"], ["intel", "verify"], ["intel", "update"]):
            self.refused(*words, status=2)
        for words in (["check", "surplus"], ["replay", "a", "surplus"], ["config", "show", "surplus"],
                      ["intel", "show", "a", "surplus"], ["intel", "rollback", "surplus"], ["version", "surplus"]):
            self.refused(*words, status=2, names=["surplus"])
        self.refused("config", "fly", status=2, names=["fly"])

    def test_foreign_bytes_in_words_do_not_reach_the_terminal(self):
        for word in (b"\xff\xfe", b"\x1b[31mred", b"new\nline", b"--\x1b[2J", "\u009b2J".encode()):
            for command in ([], ["check"], ["replay"], ["config"], ["intel"], ["intel", "verify"], ["check", "--intel"]):
                ran = self.davy(*command, word)
                self.assertIn(ran.status, (1, 2), ran)
                self.assert_printable(ran.err)
                self.assert_printable(ran.out)

    def test_long_and_many_words(self):
        self.davy("check", "--nonsense" + "x" * 100_000, status=2)
        self.davy("replay", *["x"] * 5_000, status=2)

    def test_the_overview_and_the_version(self):
        overview = self.davy("--help", status=0).out
        for command in (*COMMANDS, "drill", "version"):
            self.assertIn(f"davy {command}", overview)
        self.assertEqual(self.davy(status=0).out, overview)
        self.assertEqual(self.davy("--version", status=0).out, self.davy("version", status=0).out)

    def test_a_missing_twin_is_said(self):
        if os.path.exists("/usr/lib/davy/davy-drill"):
            self.skipTest("the exercise twin is installed here")
        for language, word in (("en", "davy-drill"), ("zh", "演练")):
            self.assertIn(word, self.davy("drill", "list", "--lang", language, status=2).err)

    def test_output_that_cannot_be_written_is_an_error(self):
        recording = self.path("short.davyrec", json.dumps(HEADER) + "\n" + json.dumps(END) + "\n")
        with open("/dev/full", "wb") as full:
            for words in (["replay", recording], ["config", "show"], ["intel", "show"], ["check", "--help"]):
                ran = self.davy(*words, stdout=full, status=3)
                self.assertIn("davy: ", ran.err)


class Settings(trial.Trial):
    """davy config, and the settings of every other command."""

    def test_the_defaults_are_shown_with_their_origin(self):
        shown = self.davy("config", "show", "--config", self.settings, status=0).out
        for name in ("language", "intel.pack", "check.observe_seconds", "host.watts_per_core"):
            self.assertIn(name + " = ", shown)
        self.assertIn("(default)", shown)

    def test_a_file_is_shown_with_file_and_line(self):
        file = self.path("good.toml", '# Davy\nlanguage = "zh"\n[check]\nobserve_seconds = 2\n')
        shown = self.davy("config", "show", "--config", file, status=0).out
        self.assertIn(f"check.observe_seconds = 2  ({file}:4)", shown.replace("2.0", "2"))
        self.assertIn("配置", self.davy("config", "check", "--config", file, status=0).out)

    def test_settings_as_json(self):
        file = self.path("json.toml", "[host]\nwatts_per_core = 12.5\n")
        shown = json.loads(self.davy("config", "show", "--format", "json", "--config", file, status=0).out)
        by_name = {setting["name"]: setting for setting in shown["settings"]}
        self.assertEqual(by_name["host.watts_per_core"]["value"], "12.5")
        self.assertEqual(by_name["host.watts_per_core"]["origin"], f"{file}:2")
        self.assertEqual(set(by_name["language"]["help"]), {"zh", "en"})
        lines = self.davy("config", "show", "--format", "jsonl", "--config", file, status=0).lines()
        self.assertEqual([line["name"] for line in lines], list(by_name))
        self.assertTrue(json.loads(self.davy("config", "check", "--format", "json", "--config", file, status=0).out))

    def test_wrong_settings_are_named_with_file_and_line(self):
        wrong = {
            "unknown": ('[check]\nobserv_seconds = 2\n', 2, "check.observe_seconds"),
            "group": ('[chekc]\nmemory = true\n', 1, "chekc"),
            "type": ('[check]\nobserve_seconds = "long"\n', 2, "number"),
            "range": ('[check]\nobserve_seconds = 0\n', 2, "0.1"),
            "infinite": ('[check]\nobserve_seconds = inf\n', 2, "3600"),
            "choice": ('\n\nlanguage = "fr"\n', 3, "zh"),
            "list": ('[intel]\nextra_packs = [1, 2]\n', 2, "extra_packs"),
            "twice": ('language = "zh"\nlanguage = "en"\n', 2, ""),
            "syntax": ('language = \n', 1, ""),
            "control": ('language = "zh"\n\x01\n', 2, "control"),
            "foreign": ('语言 = "zh"\n', 1, ""),
            "deep": ("x = " + "[" * 1000 + "\n", 1, "deep"),
        }
        for name, (content, line, word) in wrong.items():
            file = self.path(f"wrong-{name}.toml", content)
            for command in (["config", "check"], ["config", "show"], ["check"], ["replay", "x"], ["intel", "show"]):
                self.refused(*command, "--config", file, status=2, names=[f"{file}:{line}", word])

    def test_files_that_are_no_settings(self):
        folder = self.path("folder.toml")
        folder.mkdir()
        for file in (folder, self.path("bytes.toml", bytes(range(256))), self.path("absent.toml"),
                     self.path("long.toml", "#" * (2 << 20)), "/dev/zero"):
            self.refused("config", "check", "--config", file, status=2, names=[file])

    def test_escapes_in_values_do_not_reach_the_terminal(self):
        file = self.path("escape.toml", '[intel]\npack = "\\u001b[2J\\u009b"\n')
        self.assert_printable(self.davy("config", "show", "--config", file, status=0).out)

    def test_an_extra_pack_that_is_damaged_is_named(self):
        extra = self.path("extra.pack", b"DAVYPACK" + bytes(300))
        file = self.path("extra.toml", f'[intel]\nextra_packs = ["{extra}"]\n')
        self.refused("intel", "show", "--config", file, status=1, names=[extra])
        self.refused("replay", "x", "--config", file, status=2, names=[extra])

    def test_the_language_of_the_file_is_spoken(self):
        file = self.path("zh.toml", 'language = "zh"\n')
        self.assert_advice(self.davy("config", "fly", "--config", file, status=2), "zh")
        self.assert_advice(self.davy("config", "fly", "--config", file, "--lang", "en", status=2), "en")


class Intel(trial.Trial):
    """Packs: built, shown, verified, installed, taken back; whole, damaged and by strangers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.pack.read_bytes()

    def build(self, name, *words, key=None, status=0, data=None, version="1"):
        out = self.path(name)
        ran = self.davy("intel", "build", "--key", key or os.environ["DAVY_KEY"], "--data", data or os.environ["DAVY_DATA"],
                        "--out", out, "--version", version, *words, status=status)
        return out if status == 0 else ran

    def stranger(self):
        key = self.path("stranger.pem")
        if not key.exists():
            self.davy("intel", "key", "--out", key, status=0)
        return key

    def damaged(self):
        """Every way in which a file can be no sound pack, by name."""
        good, third = self.good, len(self.good) // 3
        yield "first-third", flipped(good, third // 2)
        yield "second-third", flipped(good, third + third // 2)
        yield "last-third", flipped(good, 2 * third + third // 2)
        yield "certificate", flipped(good, 40)
        yield "signature", flipped(good, len(good) - 1)
        yield "magic", flipped(good, 0)
        yield "format", flipped(good, 8)
        yield "header-length", good[:12] + b"\xff\xff\xff\xff" + good[16:]
        for bytes_left in (0, 7, 16, 151, 1000, len(good) // 2, len(good) - 1):
            yield f"cut-{bytes_left}", good[:bytes_left]
        yield "longer", good + b"x"
        yield "twice", good + good
        yield "text", b"version: 1\n" * 100
        yield "over-the-limit", bytes((32 << 20) + 1)

    def test_a_sound_pack(self):
        for form in ("text", "json", "jsonl"):
            self.assertTrue(self.davy("intel", "verify", self.pack, "--format", form, status=0).out)
        self.assertEqual(self.davy("intel", "verify", "-q", self.pack, status=0).out, "")
        shown = json.loads(self.davy("intel", "show", self.pack, "--format", "json", status=0).out)
        self.assertEqual(shown["trust"], "development")
        self.assertGreater(shown["counts"]["pools"], 0)
        self.assertEqual(shown, json.loads(self.davy("intel", "show", "--format", "json", status=0).out))
        self.assertIn(shown["digest"], self.davy("intel", "show", self.pack, status=0).out)

    def test_the_answers_as_json(self):
        verified = json.loads(self.davy("intel", "verify", self.pack, "--format", "json", status=0).out)
        self.assertEqual((verified["type"], verified["command"], verified["outcome"]), ("done", "intel verify", "intact"))
        self.assertEqual(verified["path"], str(self.pack))
        self.assertEqual(set(verified["message"]), {"zh", "en"})
        foreign = self.build("json-foreign.pack", key=self.stranger())
        self.assertEqual(self.davy("intel", "verify", foreign, "--format", "jsonl", status=3).lines()[0]["outcome"],
                         "signer_unknown")

    def test_damage_is_refused_everywhere(self):
        into = self.path("never")
        for name, content in self.damaged():
            with self.subTest(name):
                pack = self.path(f"{name}.pack", content)
                self.refused("intel", "verify", pack, status=1, names=[pack])
                self.refused("intel", "show", pack, status=1, names=[pack])
                self.refused("intel", "update", "--into", into, pack, status=1, names=[pack])
                self.refused("replay", "x", "--intel", pack, status=2, names=[pack])
                self.assertFalse(into.exists(), "a refused pack left something behind")

    def test_files_that_are_not_there_or_no_files(self):
        folder = self.path("folder.pack")
        folder.mkdir(exist_ok=True)
        for pack in (self.path("absent.pack"), folder, "/dev/null", "/dev/zero"):
            for verb in (["verify"], ["show"], ["update", "--into", self.path("never")]):
                self.refused("intel", *verb, pack, status=1, names=[pack])
            self.refused("check", "--intel", pack, status=2, names=[pack])

    def test_every_flipped_byte_of_the_frame_is_noticed(self):
        for at in (*range(0, 160, 7), *range(len(self.good) - 64, len(self.good), 9)):
            pack = self.path("flipped.pack", flipped(self.good, at))
            ran = self.davy("intel", "verify", pack)
            self.assertIn(ran.status, (1, 3), f"byte {at}\n{ran}")
            self.davy("intel", "update", "--into", self.path("never"), pack, status=1)

    def test_a_stranger_is_neither_trusted_nor_called_broken(self):
        foreign = self.build("foreign.pack", key=self.stranger())
        self.assertIn(str(foreign), self.davy("intel", "verify", foreign, status=3).out)
        self.refused("intel", "show", foreign, status=1, names=[foreign])
        self.refused("intel", "update", "--into", self.path("never"), foreign, status=1, names=[foreign])
        self.refused("check", "--intel", foreign, status=2, names=[foreign])
        self.refused("intel", "verify", self.path("f.pack", flipped(foreign.read_bytes(), 5000)), status=1)

    def test_keys(self):
        key = self.path("fresh.pem")
        made = json.loads(self.davy("intel", "key", "--out", key, "--format", "json", status=0).out)
        self.assertRegex(made["public"], "^[0-9a-f]{64}$")
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        before = key.read_bytes()
        self.refused("intel", "key", "--out", key, status=2, names=[key])
        self.assertEqual(key.read_bytes(), before, "a key was overwritten")
        for days in ("0", "-1", "x", "3651"):
            self.refused("intel", "key", "--out", self.path("never.pem"), "--days", days, status=2, names=[days])
        self.refused("intel", "key", status=2, names=["--out"])
        self.refused("intel", "key", "--out", self.path("no/such/folder/k.pem"), status=1, names=["no/such/folder"])
        self.refused("intel", "key", "--out", self.path("never.pem"), "--root", self.path("absent.pem"), status=1,
                     names=["absent.pem"])
        self.assertFalse(self.path("never.pem").exists())

    def test_a_key_with_a_certificate(self):
        signing = self.path("signing.pem")
        self.davy("intel", "key", "--out", signing, "--root", os.environ["DAVY_KEY"], "--days", "1", status=0)
        pack = self.build("certified.pack", key=signing)
        self.davy("intel", "verify", pack, status=0)
        certificate = self.path("signing.pem.certificate")
        certificate.write_bytes(b"zz" + certificate.read_bytes()[2:])
        ran = self.build("never.pack", key=signing, status=1)
        self.assertIn("signing.pem.certificate", ran.err)

    def test_wrong_orders_to_build(self):
        self.refused("intel", "build", status=2, names=["--key"])
        for data, word in ((self.path("no-data"), "no-data"), (self.path("empty-data"), "empty-data")):
            if word == "empty-data":
                data.mkdir()
            self.assertIn(word, self.build("never.pack", data=data, status=1).err)
        broken = self.path("broken-data")
        shutil.copytree(os.environ["DAVY_DATA"], broken)
        next((broken / "intel").glob("pools.yaml")).write_text("entries: [\n")
        self.assertIn("pools.yaml", self.build("never.pack", data=broken, status=1).err)
        for version in ("", "a b", "x" * 100, "../1"):
            self.assertIn("version", self.build("never.pack", version=version, status=1).err)
        for serial in ("-1", "one", "99999999999999999999"):
            self.assertIn(serial, self.build("never.pack", "--serial", serial, status=2).err)
        no_key = self.path("no-key.pem", "not a key\n")
        self.assertIn("no-key.pem", self.build("never.pack", key=no_key, status=1).err)
        self.assertFalse(self.path("never.pack").exists())

    def test_update_downgrade_and_rollback(self):
        into = self.path("installed")
        first, second = self.build("first.pack", "--serial", "5"), self.build("second.pack", "--serial", "7", version="2")
        self.refused("intel", "rollback", "--into", into, status=1, names=[into])
        self.davy("intel", "update", "--into", into, first, status=0)
        self.refused("intel", "rollback", "--into", into, status=1, names=[into])
        installed = json.loads(self.davy("intel", "update", "--into", into, second, "--format", "json", status=0).out)
        self.assertEqual((installed["outcome"], installed["version"], installed["serial"]), ("installed", "2", "7"))
        ran = self.refused("intel", "update", "--into", into, first, status=1, names=[first, "5", "7"])
        self.assertEqual((into / "current.pack").read_bytes(), second.read_bytes(), ran)
        self.davy("intel", "rollback", "--into", into, status=0)
        self.assertEqual((into / "current.pack").read_bytes(), first.read_bytes())
        self.refused("intel", "update", "--into", into, self.build("sixth.pack", "--serial", "6"), status=1)
        self.davy("intel", "update", "--into", into, second, status=0)
        self.davy("intel", "update", "--into", into, second, status=0)

    def test_damage_to_what_is_installed(self):
        into = self.path("damaged-folder")
        for name, serial in (("a.pack", "1"), ("b.pack", "2")):
            self.davy("intel", "update", "--into", into, self.build(name, "--serial", serial), status=0)
        current = (into / "current.pack").read_bytes()
        (into / "previous.pack").write_bytes(flipped(current, 3000))
        self.refused("intel", "rollback", "--into", into, status=1, names=[into / "previous.pack"])
        self.assertEqual((into / "current.pack").read_bytes(), current)
        (into / "last_seen").write_text("{")
        self.refused("intel", "update", "--into", into, self.path("b.pack"), status=1, names=[into / "last_seen"])

    def test_a_folder_that_cannot_be_made(self):
        self.refused("intel", "update", "--into", self.path("a-file", "x"), self.pack, status=1, names=["a-file"])

    def test_a_pipe_is_not_replaced_by_a_file(self):
        pipe = self.path("pipe.pack")
        os.mkfifo(pipe)
        self.refused("intel", "build", "--key", os.environ["DAVY_KEY"], "--data", os.environ["DAVY_DATA"], "--version", "1",
                     "--out", pipe, status=1, names=[pipe])
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become nobody")
    def test_a_folder_of_another_user(self):
        into = self.path("roots")
        into.mkdir(mode=0o755)
        self.refused("intel", "update", "--into", into, self.pack, status=1, names=[into], user=65534, group=65534,
                     extra_groups=[], cwd="/")

    def test_an_extra_pack_only_adds(self):
        data = os.path.join(os.environ["DAVY_DATA"], "intel", "extra", "pools_sigma.yaml")
        extra = self.build("extra.pack", "--extra", data=data)
        self.davy("intel", "verify", extra, status=0)
        self.refused("intel", "update", "--into", self.path("never"), extra, status=1, names=[extra])
        self.refused("check", "--intel", extra, status=2, names=[extra])
        settings = self.path("with-extra.toml", f'[intel]\nextra_packs = ["{extra}"]\n')
        plain, more = (json.loads(self.davy("intel", "show", "--format", "json", *words, status=0).out)
                       for words in ([], ["--config", settings]))
        self.assertGreater(more["counts"]["pools"], plain["counts"]["pools"])


class Replay(trial.Trial):
    """Recordings come from other machines: whole, cut, damaged, hostile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = os.path.join(os.environ["DAVY_SOURCE"], "tests", "scenarios")
        with open(os.path.join(folder, "randomx_with_configuration.davyrec"), encoding="utf-8") as file:
            cls.lines = file.read().splitlines()

    def replay(self, content, *words, **how):
        return self.davy("replay", "--format", "jsonl", self.path("a.davyrec", content), *words, **how)

    def test_a_whole_recording_in_every_form(self):
        whole = "\n".join(self.lines) + "\n"
        ran = self.replay(whole, status=1)
        findings = self.assert_examined(ran)
        self.assertEqual(ran.summary()["command"], "replay")
        one = json.loads(self.davy("replay", "--format", "json", self.path("a.davyrec"), status=1).out)
        self.assertEqual(one, {"findings": findings, "summary": ran.summary()})
        for language, word in (("en", "onfirmed"), ("zh", "已证实")):
            self.assertIn(word, self.davy("replay", "--lang", language, self.path("a.davyrec"), status=1).out)
        self.assertEqual(ran.out, self.replay("\n".join(self.lines), status=1).out, "the last line end is optional")

    def test_the_exit_status_follows_the_verdict(self):
        confirmed = "\n".join(self.lines)
        for verdict in ("suspicious", "likely", "confirmed"):
            self.replay(confirmed, "--fail-at", verdict, status=1)
        folder = os.path.join(os.environ["DAVY_SOURCE"], "tests", "scenarios")
        likely = os.path.join(folder, "hidden_but_idle.davyrec")
        self.davy("replay", likely, "--fail-at", "likely", status=1)
        self.davy("replay", likely, "--fail-at", "confirmed", status=0)

    def test_what_is_no_recording_is_named(self):
        folder = self.path("folder.davyrec")
        folder.mkdir()
        wrong = [folder, self.path("absent.davyrec"), self.path("empty.davyrec", ""), "/dev/null",
                 self.path("binary.davyrec", bytes(range(256)) * 100), self.path("zeros.davyrec", bytes(100_000)),
                 self.path("elf.davyrec", self.program.read_bytes()[:100_000]), self.path("version.davyrec", json.dumps(
                     {**HEADER, "version": 2})), self.path("array.davyrec", "[]\n"), self.path("blank.davyrec", "\n\n"),
                 self.path("no/such/folder.davyrec")]
        for file in wrong:
            self.refused("replay", file, status=2, names=[file])

    def test_damaged_lines_are_named_by_number(self):
        bad = ["{", "not json", "{}", '{"type":"no_such_thing","at":1}', '{"type":"sense_seen","at":"soon"}', "",
               '{"type":"process_seen","at":1,"process":7}', '{"type":"host_seen","at":1,"cpus":-1}',
               '{"type":"host_seen","at":1e400}', '{"type":"sense_seen","at":1,"id":"\\ud800"}', "[" * 100,
               '{"type":"examination_end","at":1,"lost":18446744073709551616}']
        for line in bad:
            content = "\n".join([*self.lines[:3], line, *self.lines[3:]])
            self.refused("replay", self.path("bad.davyrec", content), status=2, names=["line 4", self.path("bad.davyrec")])
        invalid = "\n".join(self.lines[:3]).encode() + b'\n{"type":"sense_seen","at":1,"id":"\xff"}\n'
        self.refused("replay", self.path("utf8.davyrec", invalid), status=2, names=["line 4"])

    def test_a_line_that_is_too_long(self):
        content = json.dumps(HEADER) + '\n{"type":"sense_seen","at":1,"id":"' + "x" * (5 << 20) + '"}\n'
        self.refused("replay", self.path("long.davyrec", content), status=2, names=["line 2", "long.davyrec"])

    def test_a_flood_is_bounded_in_time_and_told(self):
        process = '"process":{"pid":%d,"start_boottime_ns":1}'
        floods = {
            "hidden": '{"type":"hidden_seen","at":1,' + process + ',"walks":5,"missing_in_proc":true,"witness":"w"}',
            "memory": '{"type":"memory_seen","at":1,' + process + ',"randomx_code":3}',
            "socket": '{"type":"socket_seen","at":1,' + process + ',"protocol":"tcp","local":"10.0.0.1","local_port":1,'
                      '"remote":"10.0.0.2","remote_port":3333,"state":"established"}',
            "sense": '{"type":"sense_seen","at":%d,"id":"x","on":true}',
        }
        for name, line in floods.items():
            with self.subTest(name):
                content = "\n".join([json.dumps(HEADER), *(line % i for i in range(1, 20_001)), json.dumps(END)])
                ran = self.replay(content, "-q")
                self.assert_examined(ran)
                self.assertLessEqual(len(ran.summary()["senses"]), 256)
                if name == "sense":
                    self.assertGreater(ran.summary()["dropped"]["limit"], 0)

    def test_a_recording_cut_between_two_lines_is_incomplete(self):
        for kept in range(1, len(self.lines)):
            ran = self.replay("\n".join(self.lines[:kept]) + "\n")
            self.assertIn(ran.status, (1, 3), f"cut after line {kept}\n{ran}")
            self.assert_examined(ran)
            self.assertEqual(ran.sense("recording")["state"], "off")
        for language, word in (("en", "incomplete"), ("zh", "不完整")):
            self.assertIn(word, self.davy("replay", "--lang", language, self.path("a.davyrec")).out)

    def test_a_recording_cut_anywhere_is_never_clear(self):
        whole = "\n".join(self.lines).encode()
        for bytes_left in range(0, len(whole) - 1, 211):
            ran = self.replay(whole[:bytes_left])
            self.assertIn(ran.status, (1, 2, 3), f"cut after byte {bytes_left}\n{ran}")

    def test_observations_in_any_order_and_number(self):
        header, *rest = self.lines
        for content in ([header, *reversed(rest)], [header, *rest, *rest], [header, *[line for line in rest for _ in (0, 1)]],
                        [header, rest[-1]] * 1 + rest, [header] + rest[-1:]):
            self.assert_examined(self.replay("\n".join(content)))

    def test_hostile_text_does_not_reach_the_terminal(self):
        hostile = "\x1b[2J\u009b31m\"'\n\r\x07\x7f\u0085"
        changed = [self.lines[0]]
        for line in map(json.loads, self.lines[1:]):
            self.spoil(line, hostile)
            changed.append(json.dumps(line))
        changed.insert(1, json.dumps({"type": "sense_seen", "at": 1, "id": hostile, "on": False, "why": hostile}))
        self.assert_examined(self.replay("\n".join(changed)))
        for words in (["-v"], ["-q"], ["--lang", "zh"]):
            ran = self.davy("replay", *words, self.path("a.davyrec"))
            self.assertIn(ran.status, (1, 3), ran)
            self.assert_printable(ran.out)
            self.assert_printable(ran.err)

    def spoil(self, value, hostile):
        for name, inner in value.items():
            if isinstance(inner, str) and name not in ("type", "place", "kind", "architecture", "state", "protocol"):
                value[name] = inner + hostile
            elif isinstance(inner, dict):
                self.spoil(inner, hostile)
            elif isinstance(inner, list):
                value[name] = [item + hostile if isinstance(item, str) else item for item in inner]

    def test_findings_name_only_kinds_that_are_listed(self):
        listed = {}
        for file in pathlib.Path(os.environ["DAVY_DATA"], "evidence").glob("*.yaml"):
            listed.update(re.findall(r"- id: (\S+)\n\s+group: (\S+)", file.read_text(encoding="utf-8")))
        self.assertGreater(len(listed), 20)
        for kind, group in listed.items():
            self.assertRegex(kind, r"^[a-z0-9_]+\.[a-z0-9_]+$")
            self.assertIn(group, GROUPS)
        for recording in pathlib.Path(os.environ["DAVY_SOURCE"], "tests", "scenarios").glob("*.davyrec"):
            for finding in self.assert_examined(self.davy("replay", "--format", "jsonl", recording)):
                for piece in finding["evidence"] + finding["against"]:
                    self.assertEqual(listed.get(piece["kind"]), piece["group"], piece)

    def test_every_member_is_in_the_contract(self):
        contract = pathlib.Path(os.environ["DAVY_SOURCE"], "docs", "contracts.md").read_text(encoding="utf-8")
        promised = set(re.findall(r"`([a-z_0-9]+)`", contract))
        seen = set()
        for recording in pathlib.Path(os.environ["DAVY_SOURCE"], "tests", "scenarios").glob("*.davyrec"):
            for line in self.davy("replay", "--format", "jsonl", recording).lines():
                self.members(line, seen)
        for words in (["config", "show"], ["config", "check"], ["version"], ["intel", "verify", self.pack]):
            for line in self.davy(*words, "--format", "jsonl").lines():
                self.members(line, seen)
        self.assertGreater(len(seen), 40)
        self.assertEqual(sorted(seen - promised - {"zh", "en", "path"}), [])

    def members(self, value, seen):
        """The names of all members; what stands in `detail` is each kind's own."""
        if isinstance(value, list):
            for item in value:
                self.members(item, seen)
        if isinstance(value, dict):
            seen.update(value)
            for name, inner in value.items():
                if name != "detail":
                    self.members(inner, seen)

    def test_another_pack_is_said(self):
        changed = json.dumps({**HEADER, "digest": "abc", "intel": "1999.1"})
        ran = self.replay("\n".join([changed, *self.lines[1:]]), status=1)
        self.assertIn("1999.1", ran.err)


if __name__ == "__main__":
    trial.main()
