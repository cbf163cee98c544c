"""Every command can be found from its name, and every file from its command: `lumi dataset list` is
src/cli/commands/dataset_list.cpp with dataset_list_command(), tests/cli/dataset_list_test.cpp, and man/lumi-dataset-list.1.

Usage: names.py LUMI [ROOT]
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from source_text import report


def command_paths(lumi: str) -> list[str]:
    """The paths of all commands, from the program's own description of itself."""
    dump = subprocess.run([lumi, "__dump-cli"], capture_output=True, text=True, check=True, timeout=60).stdout
    return [command["path"] for command in json.loads(dump)["commands"]]


def problems_of(root: Path, paths: list[str]) -> list[str]:
    problems = []
    if not paths:
        problems.append("lumi __dump-cli names no command")
    known = {path.lstrip("_").replace(" ", "_").replace("-", "_"): path for path in paths}
    for stem, path in sorted(known.items()):
        files = [f"src/cli/commands/{stem}.cpp"]
        if not path.startswith("__"):  # users do not see those
            files += [f"tests/cli/{stem}_test.cpp", f"man/lumi-{path.replace(' ', '-')}.1"]
        for file in files:
            if not (root / file).is_file():
                problems.append(f"lumi {path}: {file} is missing")
        source = root / f"src/cli/commands/{stem}.cpp"
        if source.is_file() and not re.search(rf"\b{stem}_command\(\)", source.read_text(encoding="utf-8")):
            problems.append(f"lumi {path}: {source.relative_to(root)} has no {stem}_command()")
    for file in sorted((root / "src/cli/commands").glob("*.cpp")):
        if f"{file.stem}_command()" in file.read_text(encoding="utf-8") and file.stem not in known:
            problems.append(f"{file.relative_to(root)}: no command has this name")
    for file in sorted((root / "man").glob("lumi-*.1")):
        if file.stem.removeprefix("lumi-").replace("-", "_") not in known:
            problems.append(f"{file.relative_to(root)}: no command has this name")
    return problems


def main() -> int:
    root = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parents[2])
    return report("names", problems_of(root, command_paths(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
