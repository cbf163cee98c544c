"""Keeps src/ in layers: cli -> core -> store -> net -> base, each allowed to use only what is on its right.

Every third-party library belongs to the layers named here, SQL to src/store, the terminal to src/cli/io, and nobody ends
the process but main. Usage: layering.py [ROOT]
"""

import re
import sys
from pathlib import Path

from source_text import LAYERS, Source, read_source, report, source_files

# Where each library may be included: a folder or a file below src/.
THIRD_PARTY = {
    "CLI/": ("cli/",),
    "SQLiteCpp/": ("store/",),
    "sqlite3.h": ("store/",),
    "nlohmann/": ("store/", "core/", "cli/"),
    "yaml-cpp/": ("core/", "cli/"),
    "spdlog/": ("base/log.",),
    "fmt/": ("base/log.",),
    "openssl/": ("base/",),
    "curl/": ("net/",),
}
SYSTEM_FOLDERS = ("sys/", "linux/", "netinet/", "arpa/", "net/")

SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(\w+\s+)?"
    r"(TABLE|INDEX|VIEW|TRIGGER)\s|ALTER\s+TABLE\s|DROP\s+\w+\s|PRAGMA\s|BEGIN\s+(IMMEDIATE|EXCLUSIVE|TRANSACTION)|WITH\s+\w+\s+AS\s)"
)
TERMINAL = re.compile(
    r"\bstd::(cout|cerr|clog|print|println)\b|\bv?printf\s*\(|\bputs\s*\(|\bputchar\s*\(|\b(stdout|stderr)\b|\bSTD(OUT|ERR)_FILENO\b"
)
# One reader of the environment makes clear what has an influence.
ENVIRONMENT = re.compile(r"\b(secure_)?getenv\s*\(")
EXIT = re.compile(r"(?<![\w.>])(exit|quick_exit|_Exit|abort|std::terminate)\s*\(")


def include_problem(source: Source, layer: str, target: str) -> str | None:
    name = target[1:-1]
    if name.startswith("embedded/"):
        return None
    if target[0] == '"':
        of = name.split("/")[0]
        if of not in LAYERS or "/" not in name or ".." in name:
            return f"include {target} by its path below src/"
        if LAYERS.index(of) > LAYERS.index(layer):
            return f"{layer} must not include {of}"
        return None
    if name == "iostream":
        return "<iostream> costs every command start-up time and knows the terminal: use base/byte_stream.hpp or cli/io"
    if name == "nlohmann/json.hpp" and source.path.endswith(".hpp"):
        return "headers include only <nlohmann/json_fwd.hpp>"
    for library, allowed in THIRD_PARTY.items():
        if name.startswith(library):
            inside = source.path.removeprefix("src/")
            return None if inside.startswith(allowed) else f"<{name}> belongs to {', '.join(allowed)}"
    if "/" in name and not name.startswith(SYSTEM_FOLDERS):
        return f"<{name}> has no layer yet: give its library one in tests/lint/layering.py"
    return None


def problems_of(source: Source) -> list[tuple[int, str]]:
    layer = source.path.split("/")[1]
    if layer not in LAYERS:
        return [(1, f"src/{layer} is not a layer: {' '.join(LAYERS)}")]
    found = []
    for line, target in source.includes:
        if problem := include_problem(source, layer, target):
            found.append((line, problem))
    if layer != "store":
        found += [(line, f"SQL belongs to src/store: {text.split()[0]} …") for line, text in source.literals if SQL.match(text)]
    if not source.path.startswith("src/cli/io/"):
        found += [(line, f"{text}: only src/cli/io writes to the terminal") for line, text in source.lines_matching(TERMINAL)]
    if not source.path.startswith("src/base/environment."):
        found += [(line, f"{text}…): use base/environment.hpp") for line, text in source.lines_matching(ENVIRONMENT)]
    found += [(line, f"{text}…): only main ends the process, throw an Error") for line, text in source.lines_matching(EXIT)]
    return sorted(found)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2])
    files = source_files(root, "src")
    problems = []
    for file in files:
        source = read_source(root, file)
        problems += [f"{source.path}:{line}: {problem}" for line, problem in problems_of(source)]
    if not files:
        problems.append(f"{root}/src: no source files")
    return report("layering", problems)


if __name__ == "__main__":
    sys.exit(main())
