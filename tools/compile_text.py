#!/usr/bin/python3
"""Compiles data/text/*.yaml into the table of texts.

    compile_text.py OUTDIR FILE...

Each file maps a dotted id to its texts:

    check.verdict.clear: {zh: "没有发现 {pid}", en: "nothing found in {pid}"}

Writes OUTDIR/text_ids.inc (enumerators) and OUTDIR/text_table.inc (rows, sorted by id). Exits 1, naming file and id, when
an id is malformed or given twice, a language is missing, a key is unknown or the named arguments of the languages differ.
"""

import pathlib
import re
import sys

import yaml

LANGUAGES = ("zh", "en")
ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+\Z")
ARGUMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
RESERVED = {"and_eq", "not_eq", "or_eq", "xor_eq", "static_cast", "const_cast", "dynamic_cast", "reinterpret_cast",
            "static_assert", "thread_local", "char8_t", "char16_t", "char32_t", "wchar_t", "co_await", "co_return",
            "co_yield"}
TEXTS_MAX = 65535


class TextError(Exception):
    pass


class Loader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, which plain YAML would silently overwrite."""


def construct_mapping(loader, node):
    seen = set()
    for key_node, _ in node.value:
        key = key_node.value
        if key in seen:
            raise TextError(f"{key_node.start_mark.name}:{key_node.start_mark.line + 1}: {key}: given twice")
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, construct_mapping)


def arguments_of(pattern):
    """The set of named arguments; raises ValueError on a brace that belongs to none."""
    bare = pattern.replace("{{", "").replace("}}", "")
    names = set(ARGUMENT.findall(bare))
    if re.search(r"[{}]", ARGUMENT.sub("", bare)):
        raise ValueError("a brace that is no {argument}; write {{ or }} for a brace")
    return names


def check_entry(where, entry):
    if not isinstance(entry, dict):
        raise TextError(f"{where}: not a mapping with zh and en")
    for key in entry:
        if key not in LANGUAGES:
            raise TextError(f"{where}: unknown key '{key}'")
    names = {}
    for language in LANGUAGES:
        pattern = entry.get(language)
        if not isinstance(pattern, str) or not pattern.strip():
            raise TextError(f"{where}: language {language} is missing")
        try:
            names[language] = arguments_of(pattern)
        except ValueError as problem:
            raise TextError(f"{where}: {language}: {problem}") from None
    if names["zh"] != names["en"]:
        differing = ", ".join(sorted(names["zh"] ^ names["en"]))
        raise TextError(f"{where}: arguments differ between zh and en: {differing}")


def load(path, table, identifiers):
    with open(path, encoding="utf-8") as stream:
        content = yaml.load(stream, Loader)
    if not isinstance(content, dict):
        raise TextError(f"{path}: not a mapping of ids to texts")
    for name, entry in content.items():
        where = f"{path}: {name}"
        identifier = str(name).replace(".", "_")
        if not isinstance(name, str) or not ID.match(name) or "__" in identifier or identifier in RESERVED:
            raise TextError(f"{where}: not a dotted lower-case id")
        if identifier in identifiers:
            raise TextError(f"{where}: already given in {identifiers[identifier]}")
        check_entry(where, entry)
        identifiers[identifier] = path
        table[name] = entry


def literal(words):
    """A C++ string literal of the UTF-8 bytes of `words`; octal escapes cannot swallow what follows them."""
    parts = []
    for byte in words.encode("utf-8"):
        char = chr(byte)
        plain = 32 <= byte < 127 and char not in '"\\?'
        parts.append(char if plain else f"\\{byte:03o}")
    return '"' + "".join(parts) + '"'


def write_if_changed(path, content):
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    path.touch()


def main(arguments):
    if len(arguments) < 2:
        print("usage: compile_text.py OUTDIR FILE...", file=sys.stderr)
        return 2
    outdir = pathlib.Path(arguments[0])
    table, identifiers = {}, {}
    try:
        for path in sorted(arguments[1:]):
            load(path, table, identifiers)
        if len(table) > TEXTS_MAX:
            raise TextError(f"{len(table)} texts, at most {TEXTS_MAX} fit")
    except (TextError, OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        print(f"compile_text.py: {problem}", file=sys.stderr)
        return 1
    names = sorted(table)
    ids = "".join(f"{name.replace('.', '_')},\n" for name in names)
    rows = "".join(f"{{{literal(name)}, {literal(table[name]['zh'])}, {literal(table[name]['en'])}}},\n" for name in names)
    write_if_changed(outdir / "text_ids.inc", ids)
    write_if_changed(outdir / "text_table.inc", rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
