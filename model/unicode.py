#!/usr/bin/env python3
"""Makes lua/cognito/unicode_data.lua from Python's copy of the Unicode data.

    python3 model/unicode.py            writes it
    python3 model/unicode.py --check    says whether it is up to date
"""
import re
import sys
import textwrap
import unicodedata

PATH = "lua/cognito/unicode_data.lua"

HEAD = """-- Made by model/unicode.py; do not edit. Hexadecimal numbers; Hangul syllables
-- are left out, because they follow a rule. From the Unicode Character Database,
-- Copyright (c) 1991-2021 Unicode, Inc.: model/unicode-licence.txt.
--
-- lower            first, count, step, difference: simple lower case
-- classes          first, count, class: canonical combining classes but 0
-- decompositions   character, =, first, second: canonical; ~ instead of =
--                  where it is never composed again; ~ and one character
"""


def characters():
    return (c for c in range(0x110000) if not 0xD800 <= c < 0xE000)


def lower_pairs():
    for c in characters():
        low = chr(c).lower()
        if len(low) == 1 and ord(low) != c:
            yield c, ord(low) - c


def runs(pairs, steps):
    """Neighbours with the same value, joined: [first, count, step, value]."""
    joined = []
    for c, value in pairs:
        last = joined[-1] if joined else None
        step = c - (last[0] + (last[1] - 1) * last[2]) if last else 0
        if last and last[3] == value and last[1] == 1 and step in steps:
            last[1], last[2] = 2, step
        elif last and last[3] == value and last[1] > 1 and step == last[2]:
            last[1] += 1
        else:
            joined.append([c, 1, 1, value])
    return joined


def signed(number):
    return ("-" if number < 0 else "") + "%X" % abs(number)


def lower():
    return ["%X,%X,%X,%s" % (a, n, step, signed(value))
            for a, n, step, value in runs(lower_pairs(), (1, 2))]


def classes():
    pairs = ((c, unicodedata.combining(chr(c))) for c in characters())
    return ["%X,%X,%X" % (a, n, value)
            for a, n, _, value in runs((p for p in pairs if p[1]), (1,))]


def decompositions():
    for c in characters():
        parts = unicodedata.decomposition(chr(c))
        if parts and not parts.startswith("<"):
            again = unicodedata.normalize("NFC", chr(c)) == chr(c)
            hexadecimal = ["%X" % int(part, 16) for part in parts.split()]
            yield "%X%s%s" % (c, "=" if again else "~", ",".join(hexadecimal))


def field(name, words):
    text = textwrap.fill(" ".join(words), 118, initial_indent="    ",
                         subsequent_indent="    ", break_on_hyphens=False)
    return "  %s = [[\n%s\n  ]],\n" % (name, text)


def generated():
    return (HEAD + 'return {\n  version = "%s",\n' % unicodedata.unidata_version
            + field("lower", lower()) + field("classes", classes())
            + field("decompositions", decompositions()) + "}\n")


def check():
    with open(PATH, encoding="utf-8") as file:
        kept = file.read()
    version = re.search(r'version = "(.*)"', kept).group(1)
    if version != unicodedata.unidata_version:
        print("%s is of Unicode %s, this Python of %s: not compared"
              % (PATH, version, unicodedata.unidata_version))
    elif kept != generated():
        sys.exit(PATH + " is stale: python3 model/unicode.py")


def main():
    if sys.argv[1:] == ["--check"]:
        check()
        return
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(generated())


main()
