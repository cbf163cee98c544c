"""What the bench scripts share: whole processes measured in turn, where things are, the command line.

Python's standard library only: what is measured shares nothing with what measures.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = BUILD / "bench-venv"
NLTK_DATA = BUILD / "bench-nltk"
PEERS = ROOT / "bench" / "peers"
REQUIREMENTS = ROOT / "bench" / "requirements.txt"
STORAGE_PEERS = BUILD / "bench-storage"
STORAGE_PATH = f"/usr/bin:/usr/local/bin:{STORAGE_PEERS}:{STORAGE_PEERS}/usr/bin"


class BenchError(Exception):
    """Something that ends a script with one line instead of a trace."""


# --- Processes ---


@dataclass(frozen=True)
class Run:
    """One finished process: seconds on the clock, seconds of CPU, peak resident bytes, what it printed."""

    wall: float
    cpu: float
    max_rss: int
    output: str


@dataclass(frozen=True)
class Command:
    """A process to measure. `prepare` gets the number of the run, works outside the clock and returns the arguments."""

    name: str
    prepare: Callable[[int], Sequence[str | Path]]
    environment: dict[str, str]
    # How often it runs for one run of the others: short processes need more runs than long ones.
    per_round: int = 1


def fixed(name: str, arguments: Sequence[str | Path], environment: dict[str, str], per_round: int = 1) -> Command:
    """A command whose every run has the same arguments."""
    return Command(name, lambda _: arguments, environment, per_round)


Ending = tuple[int, resource.struct_rusage, int]


def wait_at_rest(pid: int) -> Ending:
    """Waits without costing the process anything: its status, use of resources, and peak resident bytes.

    Linux carries the parent's peak over to the child, so that nothing below that of this script (some 15 MiB) can be seen.
    """
    _, status, usage = os.wait4(pid, 0)
    return status, usage, usage.ru_maxrss * 1024


def wait_watching(pid: int) -> Ending:
    """Waits and looks at the memory every 5 ms, which sees small peaks too, for processes that run long enough."""
    seen = 0
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            peak = usage.ru_maxrss * 1024
            hidden = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            return status, usage, peak if peak > hidden else seen
        seen = max(seen, _high_water_mark(pid))
        time.sleep(0.005)


def _high_water_mark(pid: int) -> int:
    for line in read_lines(f"/proc/{pid}/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def run_process(arguments: Sequence[str | Path], environment: dict[str, str], wait: Callable[[int], Ending] = wait_at_rest) -> Run:
    """Runs one process to its end; a failure is an error that shows what it said."""
    words = [str(argument) for argument in arguments]
    if "/" not in words[0] or not os.access(words[0], os.X_OK):
        raise BenchError(f"{words[0]} is not there")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, err.fileno(), 2),
        ]
        start = time.perf_counter()
        pid = os.posix_spawn(words[0], words, environment, file_actions=actions)
        status, usage, peak = wait(pid)
        wall = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            said = err.read().decode(errors="replace").strip()
            raise BenchError(f"exit code {code} from: {' '.join(words)}\n{said}")
        return Run(wall, usage.ru_utime + usage.ru_stime, peak, out.read().decode(errors="replace"))


def run_in_turn(commands: Sequence[Command], rounds: int, warm_ups: int = 1) -> dict[str, list[Run]]:
    """Runs the commands A B A B ..., after `warm_ups` rounds that do not count; the runs by name of the command."""
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    counts = dict.fromkeys(runs, 0)
    for number in range(warm_ups + rounds):
        for command in commands:
            for _ in range(command.per_round):
                arguments = command.prepare(counts[command.name])
                counts[command.name] += 1
                run = run_process(arguments, command.environment)
                if number >= warm_ups:
                    runs[command.name].append(run)
    return runs


def clean_environment(home: Path) -> dict[str, str]:
    """An environment in which every folder that lumi uses is below `home`, and both sides read the same NLTK data."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "LUMI_HOME": str(home / "lumi"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "NLTK_DATA": str(NLTK_DATA),
    }


@contextmanager
def scratch_folder(under: Path | None = None) -> Iterator[Path]:
    """A folder on the disk of the build (the system's temporary folder may be memory), removed at the end."""
    parent = under or BUILD
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        yield Path(folder)


def read_lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


# --- Command line ---


def options_parser(description: str, runs: int) -> argparse.ArgumentParser:
    """The options that every script has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--lumi", type=Path, help="the program to measure (default: build/release, else build/ci)")
    parser.add_argument("--runs", type=int, default=runs, help=f"runs that count, of each side (default: {runs})")
    parser.add_argument(
        "--check", type=_bound, action="append", default=[], metavar="NAME=VALUE", help="fail unless the figure keeps this bound"
    )
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="also write the report there, as Markdown and JSON")
    return parser


def _bound(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE") from None


def find_lumi(given: Path | None) -> Path:
    candidates = [given] if given else [BUILD / preset / "src" / "cli" / "lumi" for preset in ("release", "ci")]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate.resolve()
    raise BenchError(f"{candidates[0]} is not there: cmake --preset release && cmake --build --preset release")


def venv_program(name: str) -> Path | None:
    """A program of the peers' environment, None if bench/setup did not install it."""
    program = VENV / "bin" / name
    return program if os.access(program, os.X_OK) else None


@dataclass(frozen=True)
class ModelPeers:
    """Programs that ask models about datasets, apart from the others: each wants its own versions of everything."""

    folder: Path
    python_packages: dict[str, str]
    node_packages: dict[str, str]

    def program(self, name: str) -> Path | None:
        """None if bench/setup --models did not install it."""
        in_node = self.folder / "node" / "node_modules" / ".bin" / name
        candidates = [self.folder / name / "bin" / name, in_node]
        return next((candidate for candidate in candidates if os.access(candidate, os.X_OK)), None)


# Program -> packages.
MODEL_PEERS = ModelPeers(
    BUILD / "bench-models",
    python_packages={"inspect": "inspect-ai==0.3.285 openai", "lm_eval": "lm-eval[api]==0.4.13"},
    node_packages={"promptfoo": "promptfoo@0.119.0"},
)


def find_bench_program(name: str) -> Path:
    """A program of bench/CMakeLists.txt, built if it is not there yet."""
    folders = [folder for folder in (BUILD / "release", BUILD / "ci") if (folder / "CMakeCache.txt").is_file()]
    for folder in folders:
        program = folder / "bench" / name
        if not os.access(program, os.X_OK):
            subprocess.run(["cmake", "--build", folder, "--target", name], stdout=subprocess.DEVNULL, check=False)
        if os.access(program, os.X_OK):
            return program
    raise BenchError(f"{name} is not there: cmake --preset release && cmake --build --preset release --target {name}")


def peer_python() -> Path:
    program = venv_program("python")
    if not program:
        raise BenchError("the peers are not installed: run bench/setup")
    return program


def pinned(package: str) -> str:
    """A package of the Python side with the version that bench/setup installs."""
    for line in read_lines(str(REQUIREMENTS)):
        if line.startswith(f"{package}=="):
            return line.replace("==", " ")
    raise BenchError(f"{package} is not in {REQUIREMENTS}")


def main_of(body: Callable[[], int]) -> None:
    """Runs a script's body; exit code 0 when done, 1 when a bound fails, 2 when it could not measure."""
    try:
        sys.exit(body())
    except BenchError as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(2)


def remove(path: Path) -> None:
    """Removes a file or a folder that may not be there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
