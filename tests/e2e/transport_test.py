"""The HTTP client against real servers: everything that goes wrong, certificates, a resolver that hangs; and what the log tells."""

import base64
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import support

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from fault_server import FaultServer

REQUEST = os.environ.get("LUMI_HTTP_REQUEST", "")
KEY = "sk-canary/with+odd=characters"

# What the fault server does -> fault and status of the client
OUTCOMES = {
    "ok": ("none", 200),
    "html_502": ("none", 502),
    "blank_lines": ("none", 200),
    "half_json": ("none", 200),
    "cut": ("cut", 200),
    "cut_at_once": ("cut", 0),
    "reset": ("cut", 0),
    "silent": ("timed_out", 0),
    "huge": ("too_large", 200),
    "endless_head": ("too_large", 200),
    "not_http": ("other", 0),
    "error_in_200": ("none", 200),
}


class Transport(support.LumiTest):
    def request(self, url, *options, env=None, code=0):
        process = subprocess.run(
            [REQUEST, url, *options],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)} | (env or {}),
            capture_output=True,
            text=True,
            timeout=support.TIMEOUT,
        )
        self.assertEqual(process.returncode, code, process.stderr)
        return json.loads(process.stdout), process.stderr

    def ask(self, server, prompt, *options):
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": prompt}]})
        return self.request(server.url + "/chat/completions", "--body", body, *options)[0]

    def test_every_fault_is_seen_for_what_it_is(self):
        with FaultServer({"prompts": {name: [{"fault": name, "size": 3_000_000}] for name in OUTCOMES}}) as server:
            for name, outcome in OUTCOMES.items():
                with self.subTest(name):
                    answer = self.ask(server, name, "--total-ms", "2000", "--max-body", "1000000")
                    self.assertEqual((answer["fault"], answer["status"]), outcome, answer)
                    self.assertEqual(answer["fault_text"] == "", outcome[0] == "none")
                    self.assertLessEqual(answer["bytes"], 1_000_000 + 65536)
            self.assertEqual(set(server.counts.values()), {1}, "nothing is asked twice")

    def test_statuses_and_their_headers_come_through(self):
        steps = [{"status": status, "headers": {"Retry-After": str(status)}} for status in (401, 402, 404, 408, 413, 422, 429, 500, 503, 529)]
        with FaultServer({"steps": steps}) as server:
            for step in steps:
                answer = self.ask(server, "x")
                self.assertEqual((answer["fault"], answer["status"]), ("none", step["status"]))
                self.assertIn(f"Retry-After: {step['status']}\r\n", answer["head"])
                self.assertIn("error", json.loads(answer["body"]))

    def test_the_log_tells_all_but_the_keys(self):
        with FaultServer() as server:
            url = server.url.replace("//", "//someone:hidden@") + "/chat/completions?X-Amz-Signature=hidden"
            options = ["--header", f"Authorization: Bearer {KEY}", "--header", "x-api-key: hidden", "--header", f"X-Other: {KEY}"]
            _, log = self.request(url, "--body", "{}", "--secret", KEY, *options, env={"LUMI_LOG": "trace"})
        for line in ("> Authorization: <REDACTED>", "> x-api-key: <REDACTED>", "> X-Other: <REDACTED>", "< HTTP/1.1 200 OK", "POST http"):
            self.assertIn(line, log)
        for secret in (KEY, "hidden", "canary", base64.b64encode(KEY.encode()).decode()):
            self.assertNotIn(secret, log)

    def test_only_what_talks_to_servers_loads_libcurl(self):
        def libraries(command):
            env = self.lumi.env | {"LD_DEBUG": "libs"}
            return subprocess.run(list(map(str, command)), env=env, capture_output=True, text=True, timeout=support.TIMEOUT).stderr

        self.assertIn("libcurl", libraries([REQUEST, "http://127.0.0.1:1/"]))
        data = self.write_csv("data.csv", [("examples", "ground_truth"), ("a", "b")])
        for words in (["--version"], ["health"], ["dataset", "create", data], ["dataset", "list"], ["job", "list"], ["doctor"]):
            loaded = libraries([support.BINARY, *words])
            self.assertIn("libc.so", loaded)
            self.assertNotIn("libcurl", loaded, words)

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_certificates_are_checked(self):
        folder = self.folder / "tls"
        folder.mkdir()
        subprocess.run(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost"
            " -addext subjectAltName=DNS:localhost && mkdir hashed && cp cert.pem hashed/$(openssl x509 -hash -noout -in cert.pem).0",
            shell=True,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        server.RequestHandlerClass.log_message = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)

        def get(host, **env):
            return self.request(f"https://{host}:{server.server_port}/", env=env)[0]

        self.assertEqual(get("localhost")["fault"], "tls", "signed by nobody")
        self.assertEqual(get("localhost", SSL_CERT_FILE=str(folder / "cert.pem"))["status"], 200)
        self.assertEqual(get("localhost", AWS_CA_BUNDLE=str(folder / "cert.pem"))["status"], 200)
        self.assertEqual(get("localhost", SSL_CERT_DIR=str(folder / "hashed"))["status"], 200)
        self.assertEqual(get("127.0.0.1", SSL_CERT_FILE=str(folder / "cert.pem"))["fault"], "tls", "another name")
        self.assertEqual(get("localhost", SSL_CERT_FILE="/nonexistent")["fault"], "tls")

    def test_a_resolver_that_hangs_is_given_up(self):
        silent_resolver = "import socket,time; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('127.0.0.1',53)); time.sleep(60)"
        configuration = self.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:20 attempts:1\n")
        script = (
            'ip link set lo up && mount --bind "$1" /etc/resolv.conf || exit 77\n'
            f'"$2" -c "{silent_resolver}" & resolver=$!\n'
            'sleep 0.5; "$3" http://some.host.example/ --connect-ms 500; code=$?; kill $resolver; exit $code'
        )
        command = ["unshare", "-mn", "sh", "-c", script, "sh", configuration, sys.executable, REQUEST]
        start = time.monotonic()
        try:
            process = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=support.TIMEOUT)
        except FileNotFoundError:
            self.skipTest("unshare is not installed")
        if process.returncode in (1, 77, 127) and not process.stdout:
            self.skipTest(f"no namespace of its own: {process.stderr.strip()}")
        self.assertIn(json.loads(process.stdout)["fault"], ("timed_out", "cannot_resolve"))
        self.assertLess(time.monotonic() - start, 10)


if __name__ == "__main__":
    support.main()
