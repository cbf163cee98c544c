"""A proxy before a real S3 server that spoils a part of the answers, chosen by a seeded random number.

    with S3FaultProxy(server.port, seed=1) as proxy:
        ... proxy.url, proxy.counts ...

Each fault is one that servers, load balancers and networks are known for; `share` of the requests get one.
"""

import email.utils
import http.client
import random
import socket
import socketserver
import struct
import threading
import time
from collections import Counter

XML = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>made up by a test</Message></Error>'


def error_answer(status: int, code: str, date_offset: int = 0, headers: str = "") -> bytes:
    body = XML.format(code=code).encode()
    date = email.utils.formatdate(time.time() + date_offset, usegmt=True)
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/xml\r\nDate: {date}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        try:
            while self.one_request():
                pass
        except (OSError, http.client.HTTPException, ValueError):
            pass

    def one_request(self) -> bool:
        line = self.rfile.readline(65536)
        if not line.strip():
            return False
        self.method, self.target, _ = line.decode().split()
        self.headers = http.client.parse_headers(self.rfile)
        fault = self.server.choose(self)
        if fault == "reset":
            return self.reset()
        if fault == "early_cut":  # before the request has arrived as a whole
            return False
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        made_up = {
            "500": (500, "InternalError"),
            "502": (502, "BadGateway"),
            "503": (503, "SlowDown"),
            "429": (429, "TooManyRequests"),
            "request_timeout": (400, "RequestTimeout"),
            "bad_digest": (400, "BadDigest"),
        }
        if fault in made_up:
            self.wfile.write(error_answer(*made_up[fault]))
            return True
        if fault == "retry_after":
            self.wfile.write(error_answer(503, "ServiceUnavailable", headers="Retry-After: 0.02\r\n"))
            return True
        if fault == "redirect":
            host = self.headers["Host"]
            self.wfile.write(error_answer(307, "TemporaryRedirect", headers=f"Location: http://{host}{self.target}\r\n"))
            return True
        if fault == "html":
            page = b"<html><body>502 Bad Gateway</html>"
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
            return True
        return self.forward(body, fault)

    def forward(self, body: bytes, fault: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        try:
            connection.putrequest(self.method, self.target, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
            head = [(name, value) for name, value in answer.getheaders() if name.lower() != "transfer-encoding"]
            return self.answer(answer.status, answer.reason, head, content, fault)
        finally:
            connection.close()

    def answer(self, status: int, reason: str, head: list, content: bytes, fault: str) -> bool:
        if fault == "applied_500":
            self.wfile.write(error_answer(500, "InternalError"))
            return True
        if fault == "lost":
            return False
        if fault == "error_in_200" and self.method == "POST":
            page = XML.format(code="InternalError").encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
            return True
        length = len(content)
        if fault == "short" and content and status < 300:  # a whole answer by HTTP's rules, of fewer bytes
            content = content[: self.server.random.randrange(length)]
            length = len(content)
        if fault == "flip" and content and status < 300:
            at = self.server.random.randrange(length)
            content = content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :]
        names = {name.lower() for name, _ in head}
        lines = [f"HTTP/1.1 {status} {reason}"]
        for name, value in head:
            if name.lower() == "content-length" and self.method != "HEAD":
                value = str(length)
            if name.lower() == "etag" and fault == "wrong_etag":
                value = '"00000000000000000000000000000000"'
            if name.lower() not in ("connection", "keep-alive"):
                lines.append(f"{name}: {value}")
        if "content-length" not in names and self.method != "HEAD" and status != 204:
            lines.append(f"Content-Length: {length}")
        data = "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if self.method == "HEAD" else content)
        if fault == "cut":
            self.wfile.write(data[: self.server.random.randrange(len(data))])
            return False
        if fault == "cut_reset":
            self.wfile.write(data[: self.server.random.randrange(len(data))])
            return self.reset()
        self.wfile.write(data)
        return True

    def reset(self) -> bool:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False


FAULTS = ("reset early_cut 500 502 503 429 request_timeout bad_digest retry_after redirect html applied_500 lost error_in_200 "
          "short flip wrong_etag cut cut_reset").split()


class S3FaultProxy(socketserver.ThreadingTCPServer):
    """Serves on 127.0.0.1; `choose_fault(handler)` may take over from chance: it returns a name of FAULTS, or ""."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, behind: int, seed: int = 0, share: float = 0.3, choose_fault=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = behind
        self.random = random.Random(seed)
        self.share = share
        self.choose_fault = choose_fault
        self.counts = Counter()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def choose(self, handler) -> str:
        with self.lock:
            if self.choose_fault:
                fault = self.choose_fault(handler)
            else:
                fault = self.random.choice(FAULTS) if self.random.random() < self.share else ""
            self.counts[fault or "none"] += 1
            return fault

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        pass
