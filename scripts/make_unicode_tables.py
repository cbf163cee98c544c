#!/usr/bin/env python3
"""Write src/core/metrics/text/unicode_tables.cpp: what Python 3.11 (Unicode 14.0) knows about characters.

Without an argument the facts come from this interpreter, which must have Unicode 14.0 (Python 3.11); otherwise from
a JSON file of ranges with the keys below.
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "src/core/metrics/text/unicode_tables.cpp"
SETS = {"word": "word", "decimal": "digit_Nd", "upper": "isupper", "lower": "islower", "cased": "cased",
        "case_ignorable": "case_ignorable"}


def is_case_ignorable(character):
    """Sigma becomes final only after a cased character; an ignorable one between them does not count."""
    return (character + "\u03a3").lower().endswith("\u03c3") and ("A" + character + "\u03a3").lower().endswith("\u03c2")


def is_cased(character):
    return (character + "\u03a3").lower().endswith("\u03c2")


def facts_of_this_python():
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"needs Unicode 14.0.0 (Python 3.11), this Python has {unicodedata.unidata_version}")
    word = re.compile(r"\w")
    decimal = re.compile(r"\d")
    tests = {
        "word": lambda c: word.match(c),
        "decimal": lambda c: decimal.match(c),
        "upper": str.isupper,
        "lower": str.islower,
        "cased": is_cased,
        "case_ignorable": is_case_ignorable,
    }
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    sets = {name: [ord(c) for c in characters if test(c)] for name, test in tests.items()}
    lower = {ord(c): [ord(x) for x in c.lower()] for c in characters if c.lower() != c}
    return sets, lower


def facts_of_file(path):
    facts = json.loads(Path(path).read_text())
    sets = {name: [c for first, last in facts[key] for c in range(first, last + 1)] for name, key in SETS.items()}
    return sets, {int(c, 16): lower for c, lower in facts["lower"].items()}


def runs(pairs):
    """Packs (code point, value) pairs into [first, last, step, value] with a step of 1 or 2."""
    packed = []
    for point, value in pairs:
        run = packed[-1] if packed else None
        if run and run[3] == value and point - run[1] == (run[2] if run[1] != run[0] else point - run[1]) <= 2:
            run[2] = point - run[1]
            run[1] = point
        else:
            packed.append([point, point, 1, value])
    return packed


def table(kind, name, rows):
    lines = [f"constexpr std::array<{kind}, {len(rows)}> k_{name}{{{{"]
    line = "   "
    for row in rows:
        item = " {" + ", ".join(row) + "},"
        if len(line) + len(item) > 118:
            lines.append(line)
            line = "   "
        line += item
    return "\n".join([*lines, line, "}};"])


def main():
    sets, lower = facts_of_file(sys.argv[1]) if len(sys.argv) > 1 else facts_of_this_python()
    parts = ["""// Made by scripts/make_unicode_tables.py from the Unicode 14.0 data of Python 3.11. Do not edit.
#include "core/metrics/text/unicode_tables.hpp"

#include <array>

namespace lumi::metrics::unicode {

namespace {

// clang-format off"""]
    for name, points in sets.items():
        beyond_ascii = [(c, None) for c in points if c >= 0x80]
        parts.append(table("Run", name, [[hex(a), hex(b), str(s)] for a, b, s, _ in runs(beyond_ascii)]))
    simple = [(c, to[0] - c) for c, to in sorted(lower.items()) if c >= 0x80 and len(to) == 1]
    parts.append(table("LowerRun", "to_lower", [[hex(a), hex(b), str(s), str(d)] for a, b, s, d in runs(simple)]))
    parts.append("// clang-format on\n\n}  // namespace\n")
    for name in sets:
        parts.append(f"std::span<const Run> {name}_runs() {{ return k_{name}; }}")
    parts.append("std::span<const LowerRun> lower_case_runs() { return k_to_lower; }\n")
    parts.append("}  // namespace lumi::metrics::unicode")
    OUTPUT.write_text("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
