"""The committed man pages, docs/json-output.md and docs/schema.md are what the program writes. Usage: up_to_date.py LUMI [ROOT]"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

FIX = "cmake --build build/dev --target docs"


def texts(folder: Path, pattern: str) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob(pattern))}


def main() -> int:
    lumi = sys.argv[1]
    root = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parents[2])
    differences = 0
    for kind, committed, pattern in (
        ("man", root / "man", "*.1"),
        ("json-docs", root / "docs", "json-output.md"),
        ("schema-docs", root / "docs", "schema.md"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([lumi, "__generate", kind, "--out", folder], check=True, timeout=60)
            new, old = texts(Path(folder), pattern), texts(committed, pattern)
        if not new:
            print(f"lumi __generate {kind} writes nothing")
            differences += 1
        for name in sorted({*new, *old}):
            if new.get(name) != old.get(name):
                differences += 1
                lines = (text.get(name, "").splitlines(keepends=True) for text in (old, new))
                sys.stdout.writelines(difflib.unified_diff(*lines, f"committed/{name}", f"generated/{name}", n=1))
    print(f"{differences} files differ" + (f": {FIX}, then read and commit the difference" if differences else ""))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
