"""A key is in no file, no message and no log, however a server gives it back and however much the log tells."""

import json
import sys
from pathlib import Path

import support
from canaries import find_any, forms_of

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from fault_server import FaultServer

KEY = 'sk-canary/with"odd"+characters&=%'
FORMS = forms_of(KEY)
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
        self.assertEqual(find_any([KEY], results, [self.lumi.folder]), [])

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


class Stored(Secret):
    """Secrets that lumi keeps itself."""

    def setUp(self):
        super().setUp()
        self.server = FaultServer({"key": KEY})
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.host = self.server.url.removeprefix("http://").removesuffix("/v1")
        self.env = {"LUMI_LOG": "trace"}

    def keep(self, *options, **how):
        return self.lumi.run("secret", "set", "Lab_Key", *options, data=KEY + "\n", env=self.env, **how)

    def ask(self, *options, **how):
        file = self.write_csv("rows.csv", [("examples", "ground_truth"), *((f"row {i}", "x") for i in range(ROWS))])
        experiment = self.lumi.json("experiment", "create", "--name", "e", "--dataset", file)["id"]
        endpoint = ("--model", "m", "--base-url", self.server.url, "--secret-key-name", "LAB_KEY", "--metric", "rouge")
        how = {"env": self.env, "code": None} | how
        return self.lumi.run("workflow", "create", "--experiment", experiment, *endpoint, *options, **how)

    def test_it_is_sent_to_its_host_and_is_nowhere_else(self):
        results = [self.keep("--host", self.host), self.ask(), self.ask("--json"), self.ask("--detach", "--json")]
        self.assertEqual([result.code for result in results], [0, 0, 0, 0], results)
        workflow = results[-1].json()["id"]
        results.append(self.lumi.run("workflow", "wait", workflow, env=self.env))
        self.assertEqual(len(self.server.requests), 3 * ROWS)
        self.assertEqual({request.headers["authorization"] for request in self.server.requests}, {f"Bearer {KEY}"})
        for words in (["secret", "list"], ["secret", "check", "lab_key"], ["workflow", "get", workflow], ["job", "list"], ["doctor"]):
            results += [self.lumi.run(*words, *more, env=self.env) for more in ((), ("--json",))]
        results.append(self.lumi.run("secret", "rekey", env=self.env))
        results.append(self.ask())
        self.assertEqual(results[-1].code, 0, results[-1])
        self.assert_nowhere(*results)

    def test_a_passphrase_is_typed_once_also_for_a_job_in_the_background(self):
        self.keep("--host", self.host)
        self.lumi.run("secret", "rekey", "--new-passphrase", data="a long passphrase\n")
        self.assert_says(self.ask("--json", code=4).error(), "passphrase", "LUMI_SECRET_PASSPHRASE")
        self.assertEqual(self.server.requests, [])
        words = ("workflow", "create", "--experiment", self.lumi.json("experiment", "list")["items"][0]["id"], "--model", "m")
        words += ("--base-url", self.server.url, "--secret-key-name", "lab_key", "--metric", "rouge")
        for more in ((), ("--detach",)):
            seen = self.lumi.terminal(*words, *more, keys="a long passphrase\n", asks="shown): ", env=self.env)
            self.assertEqual(seen.count("Passphrase of the secrets"), 1, seen)
            self.assertNotIn("a long passphrase", seen)
        ids = [item["id"] for item in self.lumi.json("workflow", "list")["items"]]
        waited = self.lumi.json("workflow", "wait", *ids)
        self.assertEqual([item["status"] for item in waited["items"]], ["succeeded", "succeeded"])
        self.assertEqual(len(self.server.requests), 2 * ROWS)

    def test_it_goes_to_no_other_host(self):
        self.keep("--host", "api.example")
        error = self.lumi.fail("secret", "check", "other", code=5)
        result = self.ask("--json", code=4)
        self.assert_says(result.error(), "may not go to", "--allow-host")
        self.keep("--json")
        self.assertEqual(self.lumi.json("secret", "list")["items"][0]["hosts"], ["api.example"], "what is not given stays")
        self.assertEqual((self.server.requests, error["code"]), ([], "not_found"))
        self.assertEqual(self.ask("--allow-host", self.host).code, 0)

    def test_without_its_key_it_is_of_no_use(self):
        self.keep("--host", self.host)
        (self.lumi.folder / "lumi.key").unlink()
        self.assertEqual(self.ask(code=4).code, 4)
        self.assertFalse((self.lumi.folder / "lumi.key").exists(), "no new key is made")
        self.assertEqual(self.server.requests, [])

    def test_a_key_is_not_in_the_environment_of_the_process(self):
        """While it waits for an answer, nobody can read the key from /proc."""
        with FaultServer({"default": {"fault": "ok", "latency": 60}}) as slow:
            file = self.write_csv("rows.csv", [("examples",), ("one",)])
            args = ["job", "create", "inference", "--dataset", file, "--model", "m", "--provider", "openai"]
            args += ["--base-url", slow.url, "--allow-host", "127.0.0.1"]
            process = self.lumi.start(*args, env={"OPENAI_API_KEY": KEY})
            try:
                support.wait_until(lambda: slow.requests)
                self.assertEqual(slow.requests[0].headers["authorization"], f"Bearer {KEY}")
                try:
                    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
                except PermissionError:
                    environment = b""
                self.assertNotIn(KEY.encode(), environment)
            finally:
                process.terminate()
                process.communicate(timeout=60)

    def test_checking_a_model(self):
        self.keep("--host", self.host)
        words = ("model", "check", f"m@{self.server.url}", "--secret-key-name", "lab_key")
        check = self.lumi.json(*words)
        self.assertEqual((check["ok"], check["status"], check["key"]), (True, 200, 'secret "lab_key"'))
        self.assertGreater(check["latency_ms"], 0)
        self.assertEqual(self.server.requests[-1].body["max_tokens"], 1)
        self.server.plan["refuses"] = ["seed", "top_p"]
        self.assertEqual(set(self.lumi.json(*words)["refused_parameters"]), {"seed", "top_p"})
        self.server.plan["key"] = "another"
        result = self.lumi.run(*words, "--json", code=4)
        self.assertEqual((result.json()["ok"], result.json()["status"]), (False, 401))
        self.assert_nowhere(result)


if __name__ == "__main__":
    support.main()
