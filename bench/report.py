"""What a bench script found: medians, ratios, tables, and figures held against bounds."""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib import BenchError, clean_environment, read_lines, run_process, scratch_folder

MIB = 1 << 20


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """The median of the ratios of neighbours, which a slow moment of the machine hits on both sides."""
    return median([a / b for a, b in zip(numerators, denominators, strict=True)])


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:,.0f} ms"


def mebibytes(count: float) -> str:
    return f"{count / MIB:.1f} MiB"


def describe_machine() -> str:
    cpu = next((line.split(":", 1)[1].strip() for line in read_lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    system = next((line.split("=", 1)[1].strip('"') for line in read_lines("/etc/os-release") if line.startswith("PRETTY_NAME=")), "?")
    cores = len(os.sched_getaffinity(0))
    return f"{cpu}, {cores} cores, Linux {platform.release()}, {system}, load {os.getloadavg()[0]:.1f}"


@dataclass
class Report:
    """What one script found: tables for people, named figures for `--check`."""

    title: str
    options: argparse.Namespace
    lines: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    at_least: set[str] = field(default_factory=set)
    # Described first: the load is that of others, not of the measuring.
    machine: str = field(default_factory=describe_machine)

    def text(self, line: str) -> None:
        self.lines += [line, ""]

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.lines.append("| " + " | ".join(header) + " |")
        self.lines.append("|" + " --- |" + " ---: |" * (len(header) - 1))
        self.lines += ["| " + " | ".join(row) + " |" for row in rows]
        self.lines.append("")

    def small_is_good(self, name: str, value: float) -> None:
        self.figures[name] = value

    def large_is_good(self, name: str, value: float) -> None:
        self.figures[name] = value
        self.at_least.add(name)

    def finish(self) -> int:
        """Prints the report, writes it where `--output` says, and holds the figures against `--check`."""
        said = lumi_version(self.options.lumi)
        text = "\n".join([f"## {self.title}", "", f"{self.machine}; {said}", "", *self.lines])
        print(text)
        for name, value in sorted(self.figures.items()):
            print(f"{name} = {value:.4g}")
        if self.options.output:
            self.options.output.mkdir(parents=True, exist_ok=True)
            stem = self.options.output / Path(sys.argv[0]).name
            stem.with_suffix(".md").write_text(text)
            answer = {"machine": self.machine, "lumi": said, "runs": self.options.runs, "figures": self.figures}
            stem.with_suffix(".json").write_text(json.dumps(answer, indent=2) + "\n")
        return self.check()

    def check(self) -> int:
        failed = 0
        for name, bound in self.options.check:
            if name not in self.figures:
                raise BenchError(f"--check {name}: no such figure; there are {', '.join(sorted(self.figures))}")
            value, least = self.figures[name], name in self.at_least
            holds = value >= bound if least else value <= bound
            failed += not holds
            print(f"{'holds' if holds else 'FAILS'}: {name} = {value:.4g}, {'at least' if least else 'at most'} {bound:g}")
        return 1 if failed else 0


def lumi_version(lumi: Path) -> str:
    with scratch_folder() as home:
        said = json.loads(run_process([lumi, "version", "--json"], clean_environment(home)).output)
    return f"lumi {said['version']}, compiled by GCC {said['compiler']}"
