"""What the lints share: C++ source files, taken apart into code and string literals."""

import re
from dataclasses import dataclass
from pathlib import Path

LAYERS = ("base", "net", "store", "core", "cli")

_TOKEN = re.compile(
    r"""
      (?P<comment>//(?:[^\n\\]|\\.)*|/\*.*?\*/)
    | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\s\\]{0,16})\((?P<raw_text>.*?)\)(?P=mark)")
    | (?P<string>"(?P<text>(?:[^"\\\n]|\\.)*)")
    | (?P<char>(?<![0-9A-Za-z_])'(?:[^'\\\n]|\\.)+')
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<target>[<"][^>"\n]+[>"])', re.MULTILINE)


@dataclass
class Source:
    """A source file: its code with comments and literals blanked, its string literals, its includes, with line numbers."""

    path: str
    code: str
    literals: list[tuple[int, str]]
    includes: list[tuple[int, str]]

    def lines_matching(self, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
        """Line number and matched text of each place in the code."""
        return [(self.code.count("\n", 0, m.start()) + 1, m.group().strip()) for m in pattern.finditer(self.code)]


def read_source(root: Path, file: Path) -> Source:
    text = file.read_text(encoding="utf-8")
    includes = [(text.count("\n", 0, m.start()) + 1, m["target"]) for m in _INCLUDE.finditer(text)]
    literals: list[tuple[int, str]] = []

    def blank(match: re.Match[str]) -> str:
        content = match["raw_text"] if match["raw"] else match["text"] if match["string"] else None
        if content is not None:
            literals.append((text.count("\n", 0, match.start()) + 1, content))
        return " " + "\n" * match.group().count("\n")

    return Source(file.relative_to(root).as_posix(), _TOKEN.sub(blank, text), literals, includes)


def source_files(root: Path, *folders: str) -> list[Path]:
    """The C++ files under the folders of `root`, sorted."""
    return sorted(f for folder in folders for f in (root / folder).rglob("*") if f.suffix in (".cpp", ".hpp", ".c", ".h"))


def report(name: str, problems: list[str]) -> int:
    """Prints the problems; the exit code of a lint that found them."""
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0
