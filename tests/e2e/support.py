"""Runs the built program in a world of its own: a private home, a clean environment, nothing of the user's."""

from __future__ import annotations

import atexit
import csv
import ctypes
import io
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

BINARY = os.environ.get("LUMI_BINARY", "")
SANITIZED = bool(os.environ.get("LUMI_TEST_SANITIZE"))
LONG = bool(os.environ.get("LUMI_TEST_LONG"))
SOURCE = Path(__file__).resolve().parents[2]
DATA = SOURCE / "tests" / "data"
TIMEOUT = 120.0


def fast_folder() -> str | None:
    """Memory rather than a disk, if there is enough of it: what these tests wait for is fsync."""
    memory = "/dev/shm"
    enough = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    return os.environ.get("LUMI_TEST_DIR") or (memory if enough else None)


# What a sanitizer or coverage build needs to know.
PASSED_ON = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "GCOV_PREFIX")


@dataclass(frozen=True)
class Result:
    """How a run of the program ended and what it wrote."""

    args: tuple
    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def errors(self) -> str:
        return self.err.decode()

    def json(self):
        return json.loads(self.text)

    def json_lines(self) -> list:
        return [json.loads(line) for line in self.text.splitlines()]

    def rows(self) -> list:
        """The cells of tab-separated output."""
        return [line.split("\t") for line in self.text.splitlines()]

    def messages(self) -> list:
        """The JSON objects of stderr, which with --json has nothing else."""
        return [json.loads(line) for line in self.errors.splitlines()]

    def error(self) -> dict:
        """The error in JSON, which is the last line of stderr."""
        return self.messages()[-1]["error"]

    def __str__(self) -> str:
        return f"lumi {' '.join(map(str, self.args))}\nexit {self.code}\nstdout: {self.out[-3000:]!r}\nstderr: {self.err[-3000:]!r}"


class Lumi:
    """The program with a home below `folder`."""

    def __init__(self, folder: Path, cache: Path):
        self.folder = folder
        self.home = folder / "lumi"
        self.config = folder / "config.yaml"
        self.env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.env |= {
            "HOME": str(folder / "user"),
            "LUMI_HOME": str(self.home),
            "LUMI_CONFIG": str(self.config),
            "XDG_CACHE_HOME": str(cache),
            "TMPDIR": str(folder / "tmp"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        for name in ("user", "tmp", "work"):
            (folder / name).mkdir(exist_ok=True)

    def start(self, *args, env=None, binary=None, **popen) -> subprocess.Popen:
        """A process of the program; stdin is empty and the output is kept unless `popen` says otherwise."""
        settings = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "cwd": self.folder / "work",
        }
        command = [binary or BINARY, *(arg if isinstance(arg, bytes) else str(arg) for arg in args)]
        return subprocess.Popen(command, env=self.env | (env or {}), **(settings | popen))

    def run(self, *args, code=0, data=None, timeout=TIMEOUT, **how) -> Result:
        """Runs to the end, giving `data` on stdin. Fails unless the exit code is `code` (None: any but a crash)."""
        if data is not None:
            how["stdin"] = subprocess.PIPE
        with self.start(*args, **how) as process:
            try:
                out, err = process.communicate(data.encode() if isinstance(data, str) else data, timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        result = Result(args, process.returncode, out or b"", err or b"")
        if result.code < 0 or (code is not None and result.code != code):
            raise AssertionError(f"expected exit {code}\n{result}")
        return result

    def json(self, *args, **how):
        return self.run(*args, "--json", **how).json()

    def fail(self, *args, code: int, **how) -> dict:
        """The error of a run that must fail with `code` and say so in JSON, as its last words and only there."""
        result = self.run(*args, "--json", code=code, **how)
        error = result.error()
        if error["exit_code"] != code or list(error) != ["code", "message", "hint", "exit_code"]:
            raise AssertionError(f"wrong error {error}\n{result}")
        if sum("error" in message for message in result.messages()) != 1:
            raise AssertionError(f"more than one error\n{result}")
        return error

    def create(self, file, *args, **how) -> dict:
        """A new dataset of a file."""
        return self.json("dataset", "create", file, *args, **how)

    def terminal(self, *args, columns=100, code=0, keys="", asks="?", env=None, timeout=TIMEOUT) -> str:
        """What a person sees who runs this on a terminal and types `keys` once something is asked, for which `asks` stands."""
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = self.start(*args, stdin=theirs, stdout=theirs, stderr=theirs, env={"TERM": "xterm"} | (env or {}))
        os.close(theirs)
        seen = b""
        deadline = time.monotonic() + timeout
        try:
            while time.monotonic() < deadline:
                if not select.select([ours], [], [], 0.5)[0]:
                    continue
                try:
                    piece = os.read(ours, 65536)
                except OSError:  # how Linux tells that the other side is closed
                    break
                if not piece:
                    break
                seen += piece
                if keys and asks.encode() in seen:
                    os.write(ours, keys.encode())
                    keys = ""
        finally:
            os.close(ours)
            if time.monotonic() >= deadline:
                process.kill()
            ended = process.wait()
        text = seen.decode().replace("\r\n", "\n")
        if ended < 0 or (code is not None and ended != code):
            raise AssertionError(f"expected exit {code}, got {ended}\nlumi {' '.join(map(str, args))}\n{text}")
        return text


class LumiTest(unittest.TestCase):
    """A test with a home of its own that does not exist yet."""

    maxDiff = 4000
    longMessage = True

    def setUp(self):
        self.lumi = self.new_lumi()
        self.folder = self.lumi.folder / "work"

    def new_lumi(self) -> Lumi:
        folder = Path(tempfile.mkdtemp(prefix="lumi-e2e-", dir=fast_folder()))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return Lumi(folder, CACHE)

    def write(self, name: str, content) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write_csv(self, name: str, rows) -> Path:
        return self.write(name, csv_text(rows))

    def assert_says(self, error, *parts):
        """The message or hint of an error (or the text of any) has all the parts."""
        text = error["message"] + " | " + (error["hint"] or "") if isinstance(error, dict) else str(error)
        for part in parts:
            self.assertIn(part, text)

    def assert_same_files(self, before: dict):
        self.assertEqual(snapshot(self.lumi.folder / "work"), before)

    def assert_nothing_kept(self):
        """There is no dataset, no job and no object."""
        for noun in ("dataset", "job"):
            self.assertEqual(self.lumi.json(noun, "list"), {"total": 0, "items": []})
        self.assertEqual(object_files(self.lumi), set())

    def assert_no_temporary_files(self):
        left = [path for path in self.lumi.folder.rglob("*") if path.name.endswith((".part", ".tmp"))]
        self.assertEqual(left + list((self.lumi.folder / "tmp").iterdir()), [])


def csv_text(rows) -> str:
    """RFC 4180 with LF line ends. Python's writer leaves a lone carriage return unquoted before 3.13."""

    def cell(text) -> str:
        text = str(text)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text

    return "".join(",".join(map(cell, row)) + "\n" for row in rows)


def read_csv(text: str) -> list:
    return list(csv.reader(io.StringIO(text, newline="")))


def snapshot(folder: Path) -> dict:
    """Name and content of every file in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def object_files(lumi: Lumi) -> set:
    """The keys of the files in the local object store, temporary ones included."""
    root = lumi.home / "objects"
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def bound_by_permissions() -> dict:
    """How to start a process that cannot read what the permissions forbid, even as root."""
    if os.geteuid() != 0:
        return {}
    libc = ctypes.CDLL(None)

    def drop_overrides():
        for capability in range(4):  # CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: gone with the next exec

    return {"preexec_fn": drop_overrides}


def wait_until(what, timeout=TIMEOUT):
    """Polls until `what()` is true, and returns it."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.005)
    raise AssertionError("waited too long")


def main():
    """Runs the tests of the calling file."""
    if not os.access(BINARY, os.X_OK):
        sys.exit("set LUMI_BINARY to the program to test")
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    unittest.main(verbosity=2)


# What is made once (METEOR's WordNet cache) serves all tests of a file.
CACHE = Path(tempfile.mkdtemp(prefix="lumi-e2e-cache-"))
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
