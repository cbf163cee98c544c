"""Reads in the program that the hardening flags took effect, and that no shared library came in that costs start-up time.

Usage: hardening.py LUMI
"""

import re
import subprocess
import sys

from source_text import report

SHARED_LIBRARIES = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


def main() -> int:
    flags = ["-W", "--file-header", "--program-headers", "--dynamic", "--dyn-syms"]
    elf = subprocess.run(["readelf", *flags, sys.argv[1]], capture_output=True, text=True, check=True).stdout
    problems = []

    def expect(pattern: str, what: str) -> None:
        if not re.search(pattern, elf):
            problems.append(f"{sys.argv[1]}: {what}")

    expect(r"FLAGS_1.*\bPIE\b", "not position independent")
    expect(r"GNU_RELRO", "relocations stay writable")
    expect(r"FLAGS_1.*\bNOW\b", "symbols are bound lazily")
    expect(r"GNU_STACK +\S+ \S+ \S+ \S+ \S+ RW ", "the stack is executable")
    expect(r"__stack_chk_fail", "no stack protector")
    expect(r"__\w+_chk@", "no fortified functions")
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", elf))
    if unexpected := needed - SHARED_LIBRARIES:
        problems.append(f"{sys.argv[1]}: loads {', '.join(sorted(unexpected))} at every start (docs/adr/0003)")
    return report("hardening", problems)


if __name__ == "__main__":
    sys.exit(main())
