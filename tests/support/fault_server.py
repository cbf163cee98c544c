"""A model server for tests that fails as it is told: chat completions over real sockets, with everything that goes wrong.

In a test:
    with FaultServer(plan) as server:
        ... server.url ...            # http://127.0.0.1:PORT/v1
        server.requests               # what arrived, in order; server.count("a prompt"), server.over_limit, server.most_at_once
Alone: fault_server.py [PLAN.json] prints its URL, serves until killed; GET /stats tells the counts as JSON.

A plan is a dict; all of it is optional:
    "steps": [step, ...]              one for each request in the order of arrival, while they last
    "prompts": {"prompt": [step, ...]}  the nth request with this prompt (the last user message, or the longest such part
                                      of it) gets the nth step; the last one repeats
    "default": step                   for all others ("ok")
    "key": "secret"                   other keys get 401
    "rate_limit": 10                  more requests in a second get 429, and are counted in over_limit
    "retry_after": "1"                what those 429 say; None: they do not say it
    "refuses": ["seed"]               parameters that get 400, as a server says it that does not know them
    "latency": 0.05                   seconds before every answer
A step is the name of a fault (see fault_answers.py), a status, or a dict: {"fault": name, "status": 429, "headers": {...},
"text": "what the model says", "latency": 0.5, "body": "raw body", "times": 3}; "times" is how often it is used.
"""

import asyncio
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import fault_answers


@dataclass
class Request:
    """A request as it arrived."""

    path: str
    headers: dict
    body: dict
    prompt: str
    at: float = field(default_factory=time.monotonic)
    step: dict = field(default_factory=dict)
    over_limit: bool = False


class FaultServer:
    def __init__(self, plan=None):
        self.plan = plan or {}
        self.requests: list[Request] = []
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self._steps = deque(_spread(self.plan.get("steps", [])))
        self._prompts = {prompt: deque(_spread(steps)) for prompt, steps in self.plan.get("prompts", {}).items()}
        self._recent: deque[float] = deque()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        # Connections inherit it: head and body go out one after the other, without 40 ms in between.
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    def wait(self):
        """Serves until the process ends."""
        self._thread.start()
        self._thread.join()

    # --- what arrived ---

    def count(self, prompt: str) -> int:
        """How many requests had this prompt."""
        return sum(request.prompt == prompt for request in self.requests)

    @property
    def counts(self) -> Counter:
        """Requests by prompt."""
        return Counter(request.prompt for request in self.requests)

    @property
    def over_limit(self) -> int:
        return sum(request.over_limit for request in self.requests)

    def stats(self) -> dict:
        return {
            "requests": len(self.requests),
            "connections": self.connections,
            "over_limit": self.over_limit,
            "most_at_once": self.most_at_once,
            "prompts": dict(self.counts),
        }

    # --- serving ---

    async def _serve(self):
        server = await asyncio.start_server(self._connection, sock=self._listener, limit=1 << 26)
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connection(self, reader, writer):
        self.connections += 1
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _request(self, reader, writer) -> bool:
        """Answers one request; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        connection = Connection(reader, writer)
        if method == "GET":
            return await connection.send_json(200, self.stats() if path.endswith("/stats") else fault_answers.models())
        body = _parse(raw)
        request = Request(path, headers, body, _prompt_of(body))
        self.requests.append(request)
        request.step = self._step_for(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(request.step.get("latency", self.plan.get("latency", 0)))
            return await fault_answers.answer(connection, request)
        finally:
            self._at_once -= 1

    def _step_for(self, request: Request) -> dict:
        if "key" in self.plan and self.plan["key"] not in (
            request.headers.get("authorization", "").removeprefix("Bearer "),
            request.headers.get("x-api-key"),
        ):
            return {"fault": "status", "status": 401}
        if self._is_over_limit():
            request.over_limit = True
            wait = self.plan.get("retry_after", "1")
            return {"fault": "status", "status": 429, "headers": {"Retry-After": wait} if wait else {}}
        if refused := [name for name in self.plan.get("refuses", []) if name in request.body]:
            return {"fault": "refused_parameter", "parameter": refused[0]}
        if self._steps:
            return self._steps.popleft()
        parts = [prompt for prompt in self._prompts if prompt in request.prompt]
        if parts:
            steps = self._prompts[max(parts, key=len)]
            return steps.popleft() if len(steps) > 1 else steps[0]
        return _as_step(self.plan.get("default", "ok"))

    def _is_over_limit(self) -> bool:
        if "rate_limit" not in self.plan:
            return False
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.plan["rate_limit"]:
            return True
        self._recent.append(now)
        return False


class Connection:
    """How an answer is written, or not."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer

    async def write(self, data) -> None:
        self._writer.write(data.encode() if isinstance(data, str) else data)
        await self._writer.drain()

    async def head(self, status: int, headers: dict) -> None:
        lines = [f"HTTP/1.1 {status} {fault_answers.REASONS.get(status, 'Whatever')}", *(f"{name}: {value}" for name, value in headers.items())]
        await self.write("\r\n".join(lines) + "\r\n\r\n")

    async def send(self, status: int, body, content_type: str, headers=None) -> bool:
        data = body.encode() if isinstance(body, str) else body
        await self.head(status, {"Content-Type": content_type, "Content-Length": len(data)} | (headers or {}))
        await self.write(data)
        return True

    async def send_json(self, status: int, body, headers=None) -> bool:
        return await self.send(status, json.dumps(body), "application/json", headers)

    async def chunk(self, text: str) -> None:
        data = text.encode()
        await self.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def reset(self) -> bool:
        """Ends the connection with a reset."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        return False

    async def until_the_client_goes(self) -> bool:
        await self._reader.read()
        return False


def _as_step(step) -> dict:
    if isinstance(step, int):
        return {"fault": "status", "status": step}
    if isinstance(step, str):
        return {"fault": step}
    return {"fault": "status" if step.get("status", 200) != 200 else "ok"} | step


def _spread(steps) -> list[dict]:
    return [step for given in steps for step in [_as_step(given)] * (given.get("times", 1) if isinstance(given, dict) else 1)]


def _parse(raw: bytes) -> dict:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _prompt_of(body: dict) -> str:
    """The text of the last user message."""
    for message in reversed(body.get("messages") or []):
        if message.get("role") == "user":
            content = message.get("content")
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or [])
    return ""


if __name__ == "__main__":
    with open(sys.argv[1] if len(sys.argv) > 1 else "/dev/null") as file:
        server = FaultServer(json.loads(file.read() or "{}"))
    print(server.url, flush=True)
    server.wait()
