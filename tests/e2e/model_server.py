"""A chat completions endpoint on this machine that answers as a test wants and counts what it was asked."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Reply:
    """What goes back: a status, a body, headers; after a while, or cut off in the middle."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


def said(text: str, finish_reason="stop", usage=True, **more) -> Reply:
    """An answer of a model."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "tiny",
        "system_fingerprint": "fp_test",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}],
    }
    if usage:
        body["usage"] = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return Reply(body=json.dumps(body | more).encode(), headers={"Content-Type": "application/json"})


def failed(status: int, message="no", code=None, headers=None) -> Reply:
    """An error in OpenAI's words."""
    body = {"error": {"message": message, "type": "some_error", "param": None, "code": code}}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"} | (headers or {}))


class ModelServer:
    """Answers `answer(prompt, how_often)` to every request; the default repeats the prompt."""

    def __init__(self, answer=None, delay=0.0):
        self.answer = answer or (lambda prompt, seen: said("to " + prompt))
        self.delay = delay
        self.asked = Counter()  # prompt -> requests
        self.answered = Counter()  # prompt -> answers with 200 that were sent as a whole
        self.times = []
        self.requests = []
        self.running = 0
        self.most_running = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _connection(self, reader, writer):
        try:
            while await self._request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _request(self, reader, writer) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
        prompt = body["messages"][-1]["content"]
        self.asked[prompt] += 1
        self.times.append(time.monotonic())
        self.requests.append((headers, body))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            reply = self.answer(prompt, self.asked[prompt])
            if self.delay or reply.delay:
                await asyncio.sleep(self.delay + reply.delay)
        finally:
            self.running -= 1
        reply.headers["Content-Length"] = str(len(reply.body))
        fields = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        whole = f"HTTP/1.1 {reply.status} X\r\n{fields}\r\n".encode() + reply.body
        writer.write(whole[: len(whole) // 2] if reply.cut else whole)
        await writer.drain()
        if reply.status == 200 and not reply.cut:
            self.answered[prompt] += 1
        return not reply.cut
