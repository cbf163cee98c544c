"""Every relative link in the documents leads to a file. Usage: links.py [ROOT]"""

import re
import sys
from pathlib import Path

from source_text import report

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)]*)?\)")


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2])
    documents = sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "bench").rglob("*.md")])
    problems = [] if documents else [f"{root}: no documents"]
    for document in documents:
        for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
            for match in LINK.finditer(line):
                if not (document.parent / match[1]).exists():
                    problems.append(f"{document.relative_to(root)}:{number}: {match[1]} does not exist")
    return report("links", problems)


if __name__ == "__main__":
    sys.exit(main())
