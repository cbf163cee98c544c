"""An S3 server of a few lines that keeps whole objects in memory and believes every key: for tests of what becomes of keys, where a
real one (s3_server.py) would take longer to start than the test.

    with PlainS3() as server:
        ... server.url, server.requests ...
        server.refuses = True         # from now on it answers 403 as real ones do, with all that it was sent
"""

import hashlib
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class PlainS3:
    def __init__(self):
        self.objects: dict[str, bytes] = {}
        self.requests: list[dict] = []
        self.refuses = False
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # head and body at once

            def log_message(self, *_):
                pass

            def do_GET(self):
                owner._answer(self)

            do_PUT = do_HEAD = do_DELETE = do_POST = do_GET

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(headers)
        status, answer, more = self._decide(request.command, request.path, headers, body)
        request.send_response(status)
        for name, value in more.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(answer)

    def _decide(self, method: str, target: str, headers: dict, body: bytes):
        path, _, query = target.partition("?")
        parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        _, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
        if self.refuses:
            sent = "\n".join(f"{name}:{value}" for name, value in headers.items())
            return self._error(403, "SignatureDoesNotMatch", f"<CanonicalRequest>{escape(sent)}\n{escape(target)}</CanonicalRequest>")
        if "uploads" in parameters and method == "GET":
            return 200, f"<ListMultipartUploadsResult {SPACE}><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>".encode(), {}
        if not key and method == "GET":
            return 200, self._listing(parameters.get("prefix", "")), {}
        if method == "PUT":
            self.objects[key] = body
            return 200, b"", {"ETag": self._tag(body)}
        if method == "DELETE":
            self.objects.pop(key, None)
            return 204, b"", {}
        if method not in ("GET", "HEAD"):
            return self._error(501, "NotImplemented")
        if key not in self.objects:
            return self._error(404, "NoSuchKey")
        return self._part(self.objects[key], headers.get("range"))

    def _part(self, content: bytes, wanted):
        facts = {"ETag": self._tag(content), "Last-Modified": "Thu, 26 Nov 2026 08:56:00 GMT"}
        if not wanted:
            return 200, content, facts
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        begin, end = int(first), min(int(last or len(content) - 1), len(content) - 1)
        if begin >= len(content):
            return self._error(416, "InvalidRange")
        return 206, content[begin : end + 1], facts | {"Content-Range": f"bytes {begin}-{end}/{len(content)}"}

    def _listing(self, prefix: str) -> bytes:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>{self._tag(content)}</ETag>"
            f"<LastModified>2026-11-26T08:56:00.000Z</LastModified></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult {SPACE}><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()

    @staticmethod
    def _tag(content: bytes) -> str:
        return f'"{hashlib.md5(content).hexdigest()}"'

    @staticmethod
    def _error(status: int, code: str, more: str = ""):
        return status, f"<Error><Code>{code}</Code><Message>{code}</Message>{more}</Error>".encode(), {"Content-Type": "application/xml"}
