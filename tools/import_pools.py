#!/usr/bin/python3
"""Turns a merged list of pool hosts into the names of the intel pack.

    import_pools.py LIST.tsv DATA_INTEL_DIR

The list has a header line and the tab-separated columns host, sld (its registered domain), ports, coins, tls (0 or 1) and
sources, several values in one column separated by commas. Writes

    pools.yaml                what any source except the two below names
    coin_sites.yaml           what only the Block List Project names: sites about coins more often than pools
    extra/pools_sigma.yaml    what only Sigma rules name: their licence wants the author named, so it is a pack of its own

A host that is itself a registered domain is marked `bare` (src/intel/knowledge.h says what that means). Entries are
sorted, one a line, so that a new import is a readable difference. Exits 1 on a line that is malformed.
"""

import ipaddress
import pathlib
import re
import sys

SOURCES = {
    "blocklistproject": ("Block List Project, crypto list", "Unlicense"),
    "et-open": ("Emerging Threats Open rules", "BSD-3-Clause"),
    "falco": ("Falco rules", "Apache-2.0"),
    "maltrail": ("Maltrail trails", "MIT"),
    "mpdi-candidate": ("mining pool intel list, candidates", "Apache-2.0"),
    "mpdi-confirmed": ("mining pool intel list, confirmed", "Apache-2.0"),
    "sigma": ("Sigma rules on mining pools", "DRL-1.1"),
    "smashed2018": ("sMaSheD catalogue of pools, 2018", "facts from a published catalogue (Vesely and Zadnik, Digital Investigation 2019)"),
}
SIGMA_AUTHOR = "Florian Roth (Nextron Systems); Saw Winn Naung, Azure-Sentinel, @neu5ron (Sigma rules, DRL-1.1)"
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+\Z")
COIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+/-]{0,39}\Z")


class ListError(Exception):
    pass


def values(column):
    return [value.strip() for value in column.split(",") if value.strip()]


def is_public(host):
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return not host.endswith((".local", ".localhost", ".internal", ".lan", ".home.arpa"))


def read_entry(line):
    host, domain, ports, coins, tls, sources = line.split("\t")
    entry = {"host": host.lower(), "bare": host == domain, "tls": tls == "1", "coins": values(coins),
             "ports": sorted({int(port) for port in values(ports)}), "sources": sorted(set(values(sources)))}
    if not HOST.match(entry["host"]) or not is_public(entry["host"]):
        raise ListError(f"not a public host name: {host!r}")
    if not entry["sources"] or set(entry["sources"]) - set(SOURCES):
        raise ListError(f"{host}: unknown source in {sources!r}")
    if any(not 0 < port < 65536 for port in entry["ports"]) or any(not COIN.match(coin) for coin in entry["coins"]):
        raise ListError(f"{host}: a port or coin that is none")
    return entry


def read_list(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[0].split("\t") != ["host", "sld", "ports", "coins", "tls", "sources"]:
        raise ListError("not the expected header")
    entries = {}
    for number, line in enumerate(lines[1:], 2):
        try:
            entry = read_entry(line)
        except ValueError as problem:
            raise ListError(f"line {number}: {problem}") from None
        if entry["host"] in entries:
            raise ListError(f"line {number}: {entry['host']} stands twice")
        entries[entry["host"]] = entry
    return [entries[host] for host in sorted(entries)]


def file_of(entry):
    if entry["sources"] == ["sigma"]:
        return "extra/pools_sigma.yaml"
    return "coin_sites.yaml" if entry["sources"] == ["blocklistproject"] else "pools.yaml"


def as_line(entry):
    fields = [f'host: {entry["host"]}']
    if entry["bare"]:
        fields.append("bare: true")
    if entry["ports"]:
        fields.append(f'ports: [{", ".join(map(str, entry["ports"]))}]')
    if entry["coins"]:
        quoted = ", ".join('"' + coin + '"' for coin in entry["coins"])
        fields.append(f"coins: [{quoted}]")
    if entry["tls"]:
        fields.append("tls: true")
    fields.append(f'sources: [{", ".join(entry["sources"])}]')
    return f'  - {{{", ".join(fields)}}}\n'


def write(path, entries):
    used = sorted({source for entry in entries for source in entry["sources"]})
    out = "# Written by tools/import_pools.py; change the list or the script, not this file.\n"
    if path.name == "pools_sigma.yaml":
        out += f'author: "{SIGMA_AUTHOR}"\nclass: pool\n'
    out += "sources:\n"
    for source in used:
        title, licence = SOURCES[source]
        out += f'  {source}: {{title: "{title}", licence: "{licence}"}}\n'
    out += "entries:\n" + "".join(as_line(entry) for entry in entries)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(out, encoding="utf-8")


def main(arguments):
    if len(arguments) != 2:
        print("usage: import_pools.py LIST.tsv DATA_INTEL_DIR", file=sys.stderr)
        return 2
    try:
        entries = read_list(pathlib.Path(arguments[0]))
    except (ListError, OSError, UnicodeDecodeError) as problem:
        print(f"import_pools.py: {problem}", file=sys.stderr)
        return 1
    for name in ("pools.yaml", "coin_sites.yaml", "extra/pools_sigma.yaml"):
        chosen = [entry for entry in entries if file_of(entry) == name]
        write(pathlib.Path(arguments[1]) / name, chosen)
        print(f"{name}: {len(chosen)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
