#!/usr/bin/env python3
"""Boots other kernels in an emulator and runs `davy check` there beside the exercise twin.

Each kernel saves a thread's floating-point control word in its own place; here every layout is read on a real kernel.
  bench/old_kernel.py                        Debian's kernels of the series below, one after the other
  bench/old_kernel.py --only 6.1             one of them
  bench/old_kernel.py --kernel FOLDER        a folder with an unpacked kernel package instead
Needs a release build, the Debian packages qemu-system-x86, busybox-static and cpio, and Debian's archive for kernels that
are not yet in build/old-kernel; they are unpacked there and never installed. Without network: --kernel.
The guest has no network device and no disk; it powers off by itself, and the script ends it after --minutes at the latest.
Emulation is slow: a bit over a minute for each kernel on two processors.
Prints a table; exits 1 when a control word could not be read, a twin was not found, or an idle look found something.
"""
import argparse
import json
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
WORK = ROOT / "build" / "old-kernel"
INIT = pathlib.Path(__file__).resolve().parent / "old_kernel_init.sh"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# series -> suite of Debian's archive. The layouts: before 5.16, to 6.15, later.
SERIES = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "bookworm-backports", "newest": "trixie-backports"}
PACKAGE = "linux-image-cloud-amd64"
PARTS = ("linux-image-", "linux-binary-", "linux-modules-")
MODULES = ("inet_diag", "tcp_diag")  # what `ss` and davy ask for the sockets; a real machine loads them by itself
LOOKS = {"idle": None, "readable": "confirmed", "scrubbed": "likely", "bind-mount": "confirmed"}
NEEDED = {"bpf.task_iter", "fp.saved_control"}
ORDER = ["clear", "suspicious", "likely", "confirmed"]
PACKAGES_MAX = 8  # for one kernel


def run(*words, **more):
    return subprocess.run([str(w) for w in words], check=True, timeout=600, **more)


class Archive:
    """One suite of Debian's archive, with lists of its own: the machine's package sources stay as they are."""

    def __init__(self, suite):
        self.folder = WORK / "apt" / suite
        (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        sources = self.folder / "sources.list"
        sources.write_text(f"deb [signed-by={KEYRING}] {self.mirror()} {suite} main\n", encoding="utf-8")
        places = {"Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-", "Dir::State::lists": self.folder / "lists",
                  "Dir::Cache": self.folder, "APT::Architecture": "amd64", "APT::Sandbox::User": "root"}
        self.options = [f"-o{key}={value}" for key, value in places.items()]
        run("apt-get", *self.options, "update", stdout=subprocess.DEVNULL)

    @staticmethod
    def mirror():
        """Where this machine has Debian from."""
        wanted = "$(ORIGIN)|$(CODENAME)|$(REPO_URI)"
        lines = run("apt-get", "indextargets", "--format", wanted, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for origin, name, uri in (line.split("|") for line in lines):
            if origin == "Debian" and name == "bookworm":
                return uri
        raise SystemExit("this machine has no package source of Debian bookworm: give --kernel")

    def unpack(self, target):
        """Fetches the package without a version, then the parts of the kernel that it leads to."""
        wanted = [PACKAGE]
        for package in wanted:  # grows on the way
            print(f"fetching {package}", file=sys.stderr)
            run("apt-get", *self.options, "download", package, cwd=self.folder, stdout=subprocess.DEVNULL)
            deb = next(self.folder.glob("*.deb"))
            run("dpkg-deb", "-x", deb, target)
            depends = run("dpkg-deb", "-f", deb, "Depends", stdout=subprocess.PIPE, text=True).stdout
            deb.unlink()
            for name in re.findall(r"[a-z0-9][a-z0-9.+-]+", depends):
                if name.startswith(PARTS) and name not in wanted and len(wanted) < PACKAGES_MAX:
                    wanted.append(name)


def vmlinuz_in(folder):
    return max(folder.glob("**/vmlinuz*"), default=None)


def kernel_folder(series):
    folder = WORK / series
    if vmlinuz_in(folder) is None:
        folder.mkdir(parents=True, exist_ok=True)
        Archive(SERIES[series]).unpack(folder)
    return folder


def libraries(program):
    """The shared libraries and the loader of a program, as the loader names them."""
    listed = run("ldd", program, stdout=subprocess.PIPE, text=True).stdout
    return set(re.findall(r"(/\S+) \(0x", listed))


def put(source, root, place):
    target = root / place.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def put_module(name, kernel, root):
    found = next(iter(kernel.glob(f"**/{name}.ko*")), None)
    if found is None:
        return  # built into this kernel
    content = lzma.decompress(found.read_bytes()) if found.suffix == ".xz" else found.read_bytes()
    (root / "modules" / f"{name}.ko").write_bytes(content)


def make_initramfs(kernel, seconds, observe):
    """A root file system in memory: the release build, its libraries, busybox and the script that runs the looks."""
    root = WORK / "root"
    shutil.rmtree(root, ignore_errors=True)
    for name in "bin dev proc sys tmp run etc modules davy/bin davy/intel".split():
        (root / name).mkdir(parents=True)
    for program in (BUILD / "bin").iterdir():
        put(program, root, f"davy/bin/{program.name}")
        for library in libraries(program):
            put(library, root, library)
    put(BUILD / "intel" / "davy.pack", root, "davy/intel/davy.pack")
    put(shutil.which("busybox"), root, "bin/busybox")
    put(INIT, root, "init")
    (root / "init").chmod(0o755)
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/:/bin/sh\n", encoding="utf-8")
    (root / "looks.conf").write_text(f"seconds={seconds}\nobserve={observe}\n", encoding="utf-8")
    for name in MODULES:
        put_module(name, kernel, root)
    image = WORK / "initramfs.gz"
    run("sh", "-c", f"find . | cpio -o -H newc -R 0:0 --quiet | gzip -1 > '{image}'", cwd=root)
    return image


def boot(kernel, image, log, minutes):
    """Emulates until the guest powers off; gives the wall time, or None when its time was up."""
    vmlinuz = vmlinuz_in(kernel)
    if vmlinuz is None:
        raise SystemExit(f"no vmlinuz in {kernel}")
    command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-m", "2048", "-smp", "2", "-nic", "none", "-display", "none",
               "-monitor", "none", "-no-reboot", "-serial", f"file:{log}", "-kernel", vmlinuz, "-initrd", image,
               "-append", "console=ttyS0 quiet loglevel=1 panic=-1"]
    start = time.monotonic()
    emulator = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=lambda: os.nice(10))
    try:
        emulator.wait(minutes * 60)
    except subprocess.TimeoutExpired:
        return None
    finally:
        emulator.kill()
        emulator.wait()
    return time.monotonic() - start


def take(line, look):
    try:
        parsed = json.loads(line)
        kind = parsed["type"]
    except (ValueError, TypeError, KeyError):  # words, or a line that the time limit cut off
        look["said"].append(line)
        return
    if kind == "finding":
        look["findings"].append(parsed)
    else:
        look["summary"] = parsed


def parse(console):
    """name -> one look: the twin's pid, the findings, the summary, the exit status and what was said beside them."""
    looks, look = {}, None
    for line in console.splitlines():
        line = line.strip()
        if line.startswith("@@ look "):
            _, _, name, pid = line.split()
            look = looks[name] = {"pid": int(pid), "findings": [], "summary": {}, "status": None, "said": []}
        elif look and line.startswith("@@ end "):
            look["status"], look = int(line.split()[2]), None
        elif look:
            take(line, look)
    return looks


def said_by(console, word):
    return next((line.split(" ", 2)[2].strip() for line in console.splitlines() if line.startswith(f"@@ {word} ")), "?")


def kinds(*findings):
    return " ".join(sorted(e["kind"] for f in findings for e in f["evidence"]))


def judge(name, look):
    """What this look saw, and whether it is as it should be."""
    if look is None or look["status"] not in (0, 1, 3):
        print(f"  {name:11}did not come to an end: {look}")
        return False
    on = {sense["id"] for sense in look["summary"].get("senses", []) if sense["state"] == "on"}
    mine = [f for f in look["findings"] if f["subject"].get("pid") == look["pid"] and f["hypothesis"] == "mines"]
    others = [f for f in look["findings"] if f not in mine]
    verdict = mine[0]["verdict"] if mine else "clear"
    print(f"  {name:11}{verdict if LOOKS[name] else 'no twin':11}" + kinds(*mine))
    for f in others:
        print(f"{'':13}and: {f['hypothesis']}, {f['verdict']}, process {f['subject'].get('pid', '-')}: {kinds(f)}")
    # That something hides a process is a finding of its own, and right where one is hidden.
    wrong = [f for f in others if not (name == "bind-mount" and f["hypothesis"] == "tampered")]
    return on >= NEEDED and not wrong and (LOOKS[name] is None or ORDER.index(verdict) >= ORDER.index(LOOKS[name]))


def report(title, console, wall):
    looks = parse(console)
    name, saves, booted, first, second = (said_by(console, word) for word in ("kernel", "saves", "booted", "readable", "scrubbed"))
    print(f"\n{title}: {name} (saves by {saves}); booted in {booted} s, twin ready after {first} and {second} s; " +
          (f"{wall:.0f} s in all" if wall else "ended by the time limit"))
    for sense in looks.get("idle", {}).get("summary", {}).get("senses", []):
        print(f"  {sense['id']:18}{sense['state']:5}{sense.get('why', '')}")
    good = [judge(name, looks.get(name)) for name in LOOKS]
    print(f"  {'as expected' if all(good) else 'NOT as expected'}; console: {(WORK / title).relative_to(ROOT)}.log")
    return all(good)


def check_needs():
    missing = [word for word in ("qemu-system-x86_64", "busybox", "cpio", "ldd", "dpkg-deb") if not shutil.which(word)]
    missing += [name for name in ("bin/davy", "bin/davy-drill", "intel/davy.pack") if not (BUILD / name).exists()]
    if missing:
        raise SystemExit(f"missing: {', '.join(missing)}. Needed: apt-get install qemu-system-x86 busybox-static cpio; a release build (./run)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=SERIES, help="one series")
    parser.add_argument("--kernel", type=pathlib.Path, help="folder with an unpacked kernel package")
    parser.add_argument("--minutes", type=int, default=10, help="for each kernel, at most")
    parser.add_argument("--seconds", type=int, default=600, help="the twin's life in the guest")
    parser.add_argument("--observe", default="10s", help="davy check --for")
    args = parser.parse_args()
    check_needs()
    WORK.mkdir(parents=True, exist_ok=True)
    good = True
    for series in [args.kernel.name] if args.kernel else [args.only] if args.only else SERIES:
        kernel = args.kernel or kernel_folder(series)
        log = WORK / f"{series}.log"
        log.unlink(missing_ok=True)
        wall = boot(kernel, make_initramfs(kernel, args.seconds, args.observe), log, args.minutes)
        good &= report(series, log.read_text(encoding="utf-8", errors="replace") if log.exists() else "", wall)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
