"""A key is in no file, no message and no log, however a server gives it back and however much the log tells."""

import base64
import json
import sys
import urllib.parse
from pathlib import Path

import support

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from fault_server import FaultServer

KEY = 'sk-canary/with"odd"+characters&=%'
FORMS = [KEY, urllib.parse.quote(KEY, safe="-._~"), base64.b64encode(KEY.encode()).decode(), json.dumps(KEY)[1:-1]]
ROWS = 6


class Secret(support.LumiTest):
    def infer(self, server, *options, **how):
        file = self.write_csv("rows.csv", [("examples",), *((f"row {number}",) for number in range(ROWS))])
        endpoint = ("--model", "m", "--provider", "openai", "--base-url", server.url, "--allow-host", "127.0.0.1")
        env = {"OPENAI_API_KEY": KEY, "LUMI_LOG": "trace"}
        return self.lumi.run(
            "job", "create", "inference", "--dataset", file, *endpoint, "--max-retries", "1", *options, env=env, code=None, **how
        )

    def assert_nowhere(self, *results):
        texts = {str(path): path.read_bytes() for path in self.lumi.folder.rglob("*") if path.is_file()}
        for result in results:
            texts |= {f"stdout of {result.args[:3]}": result.out, f"stderr of {result.args[:3]}": result.err}
        for name, text in texts.items():
            for form in FORMS:
                self.assertNotIn(form.encode(), text, name)

    def test_servers_that_give_the_key_back(self):
        bodies = [json.dumps({"error": {"message": f"Incorrect API key provided: {form}", "code": "invalid_api_key"}}) for form in FORMS]
        bodies.append(json.dumps({"debug": {"headers": {"Authorization": f"Bearer {KEY}"}}}))
        steps = [{"status": status, "body": body} for status in (400, 401, 500) for body in bodies]
        steps += [{"fault": "status", "status": 302, "headers": {"Location": f"http://127.0.0.1:1/?key={FORMS[1]}"}}]
        with FaultServer({"steps": steps}) as server:
            results = [self.infer(server), self.infer(server, "--json")]
            self.assertTrue(any(request.headers.get("authorization") == f"Bearer {KEY}" for request in server.requests), "it was sent")
        self.assertIn("<REDACTED>", results[0].errors, "the log tells what was sent")
        for job in self.lumi.json("job", "list")["items"]:
            for words in (("get",), ("logs",), ("samples",), ("result",)):
                results.append(self.lumi.run("job", *words, job["id"], code=None))
        self.assert_nowhere(*results)

    def test_models_that_give_the_key_back(self):
        """Their text is kept as it is; the log does not tell it."""
        with FaultServer({"default": {"fault": "ok", "text": f"your key is {KEY}"}}) as server:
            result = self.infer(server, "--json")
        self.assertEqual(result.code, 0, result)
        self.assertNotIn(KEY, result.errors)

    def test_a_server_that_is_not_there(self):
        with FaultServer() as server:
            pass
        self.assert_nowhere(self.infer(server), self.infer(server, "--json"))


if __name__ == "__main__":
    support.main()
