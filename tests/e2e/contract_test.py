"""What scripts rely on: stdout and stderr, exit codes, the shapes of JSON, tab-separated text."""

import json

import support
from shapes import ABSENT_ID, DATASET_FIELDS, JOB_FIELDS, RFC3339, UUID
from support import LumiTest

ROWS = [["examples", "ground_truth", "predictions"], ["a b c", "a b", "a b c"], ["d", "e f g", "e f"]]


class Health(LumiTest):
    def test_answers_as_lumigator_does(self):
        self.assertEqual(self.lumi.run("health", "--json").text, '{"status":"OK","deployment_type":"local"}\n')
        self.assertFalse(self.lumi.home.exists(), "looking is not a reason to make a home")

    def test_names_the_deployment_type(self):
        answer = self.lumi.json("health", env={"DEPLOYMENT_TYPE": "staging"})
        self.assertEqual(answer, {"status": "OK", "deployment_type": "staging"})
        self.assert_says(self.lumi.fail("health", code=2, env={"DEPLOYMENT_TYPE": "moon"}), "moon", "production")

    def test_opens_the_store_that_is_there(self):
        self.lumi.create(self.write_csv("a.csv", ROWS))
        self.assertEqual(self.lumi.json("health")["status"], "OK")
        (self.lumi.home / "lumi.db").write_bytes(b"")
        self.assertEqual(self.lumi.fail("health", code=12)["code"], "storage")


class Streams(LumiTest):
    def test_data_goes_to_stdout_and_errors_to_stderr(self):
        created = self.lumi.run("dataset", "create", self.write_csv("a.csv", ROWS))
        self.assertRegex(created.text.split("\t")[0], UUID)
        failed = self.lumi.run("dataset", "get", ABSENT_ID, code=5)
        self.assertEqual(failed.out, b"")
        first, *rest = failed.errors.splitlines()
        self.assertEqual(first, f'lumi: error: dataset "{ABSENT_ID}" not found')
        self.assertTrue(all(line.startswith("hint: ") for line in rest), failed)

    def test_quiet_says_nothing_but_data(self):
        result = self.lumi.run("evaluate", self.write_csv("a.csv", ROWS), "--metric", "rouge", "-q")
        self.assertEqual(result.err, b"")
        self.assertNotEqual(result.out, b"")

    def test_errors_are_json_when_json_is_asked_for(self):
        error = self.lumi.fail("dataset", "get", ABSENT_ID, code=5)
        self.assertEqual(error["code"], "not_found")
        self.assert_says(error, ABSENT_ID)
        self.assertEqual(self.lumi.fail("dataset", "get", code=2)["code"], "usage")
        self.assertEqual(self.lumi.fail("dataset", "lost", code=2)["code"], "usage")
        self.assertEqual(self.lumi.fail("evaluate", "absent.csv", "--metric", "rouge", code=5)["code"], "not_found")

    def test_json_messages_have_one_key_each(self):
        result = self.lumi.run("job", "create", "evaluator", "--dataset", self.write_csv("a.csv", ROWS), "--json")
        for message in result.messages():
            self.assertEqual(len(message), 1, result)
            self.assertIn(next(iter(message)), ("progress", "warning", "log"), result)

    def test_a_closed_pipe_ends_the_output_not_the_work(self):
        file = self.write_csv("a.csv", ROWS)
        for args in (("dataset", "create", file, "--json"), ("evaluate", file, "--metric", "rouge")):
            with self.lumi.start(*args) as process:
                process.stdout.close()
                self.assertEqual(process.wait(support.TIMEOUT), 0, process.stderr.read())
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 1)  # the same content under the same name
        with self.lumi.start("dataset", "get", ABSENT_ID) as process:
            process.stderr.close()
            process.stdout.close()
            self.assertEqual(process.wait(support.TIMEOUT), 5)

    def test_a_full_stdout_is_an_error(self):
        with open("/dev/full", "wb") as full:
            for args in (("help", "exit-codes"), ("health", "--json"), ("dataset", "list", "--json")):
                result = self.lumi.run(*args, code=13, stdout=full)
                self.assertIn("No space left", result.errors)


class ExitCodes(LumiTest):
    def test_the_help_topic_lists_them(self):
        text = self.lumi.run("help", "exit-codes").text
        for code in (*range(14), 130, 143):
            self.assertRegex(text, rf"(?m)^\W*{code}\b")

    def test_unknown_names_are_usage_errors_with_a_near_one(self):
        for args, near in (
            (("datset", "list"), "dataset"),
            (("dataset", "lst"), "list"),
            (("dataset", "list", "--limt", "3"), "--limit"),
            (("job", "list", "--status", "suceeded"), "succeeded"),
            (("help", "exit-code"), "exit-codes"),
            (("config", "get", "dataset.maxsize"), "dataset.max_size"),
        ):
            with self.subTest(args):
                self.assert_says(self.lumi.fail(*args, code=2), near)

    def test_wrong_use_is_2(self):
        for args in (
            ("dataset", "create"),
            ("dataset", "get", "abcdef", "extra"),
            ("dataset", "list", "--limit"),
            ("dataset", "list", "--limit", "many"),
            ("dataset", "list", "--color", "pink"),
            ("evaluate", "a.csv", "--threads", "0"),
            ("completion", "tcsh"),
        ):
            with self.subTest(args):
                self.assertEqual(self.lumi.fail(*args, code=2)["code"], "usage")

    def test_abbreviations_are_not_commands(self):
        for args in (("data", "list"), ("dataset", "li"), ("dataset", "list", "--lim", "2"), ("datasets", "list")):
            with self.subTest(args):
                self.lumi.fail(*args, code=2)

    def test_ls_is_list(self):
        self.assertEqual(self.lumi.json("dataset", "ls"), {"total": 0, "items": []})


class Shapes(LumiTest):
    def test_dataset(self):
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS))
        size = (self.folder / "a.csv").stat().st_size
        self.assertEqual(list(dataset), DATASET_FIELDS)
        self.assertRegex(dataset["id"], f"^{UUID.pattern}$")
        self.assertRegex(dataset["created_at"], f"^{RFC3339.pattern}$")
        told = {key: value for key, value in dataset.items() if key not in ("id", "created_at")}
        expected = {"filename": "a.csv", "format": "job", "size": size, "ground_truth": True}
        self.assertEqual(told, expected | {"run_id": None, "generated": False, "generated_by": None})
        self.assertEqual(self.lumi.json("dataset", "get", dataset["id"]), dataset)
        listing = self.lumi.json("dataset", "list")
        self.assertEqual(list(listing), ["total", "items"])
        self.assertEqual(listing, {"total": 1, "items": [dataset]})

    def test_job(self):
        job = self.lumi.json(
            "job", "create", "evaluator", "--dataset", self.write_csv("a.csv", ROWS), "--metric", "rouge"
        )
        self.assertEqual(list(job), JOB_FIELDS)
        self.assertEqual(job["metadata"], {"job_type": "evaluator"})
        self.assertEqual(job["runtime_env"], {})
        for name in ("created_at", "start_time", "end_time"):
            self.assertRegex(job[name], f"^{RFC3339.pattern}$")
        self.assertEqual(self.lumi.json("job", "get", job["id"]), job)
        self.assertEqual(self.lumi.json("job", "list"), {"total": 1, "items": [job]})

    def test_listings_are_newest_first_with_the_true_total(self):
        ids = [self.lumi.create(self.write_csv(f"{i}.csv", ROWS))["id"] for i in range(5)][::-1]
        listed = lambda *args: [item["id"] for item in self.lumi.json("dataset", "list", *args)["items"]]  # noqa: E731
        self.assertEqual(listed(), ids)
        self.assertEqual(listed("--skip", "1", "--limit", "2"), ids[1:3])
        self.assertEqual(listed("-L", "2"), ids[:2])
        self.assertEqual(listed("--limit", "0"), ids)
        self.assertEqual(self.lumi.json("dataset", "list", "--skip", "9"), {"total": 5, "items": []})

    def test_fields_are_chosen_after_an_equals_sign(self):
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS))
        chosen = self.lumi.run("dataset", "get", dataset["id"], "--json=size,id").json()
        self.assertEqual(list(chosen.items()), [("size", dataset["size"]), ("id", dataset["id"])])
        listing = self.lumi.run("dataset", "list", "--json=filename").json()
        self.assertEqual(listing, {"total": 1, "items": [{"filename": "a.csv"}]})

    def test_unknown_fields_are_refused_with_the_list(self):
        error = self.lumi.run("dataset", "list", "--json=id,nmae", code=2).error()
        self.assert_says(error, "nmae", *DATASET_FIELDS)

    def test_fields_after_a_space_are_refused_with_the_right_form(self):
        for args in (("dataset", "list", "--json", "id,filename"), ("dataset", "list", "--json", "id")):
            result = self.lumi.run(*args, code=2)
            self.assert_says(result.error(), f"--json={args[-1]}")

    def test_times_are_utc_and_text_is_json_however_odd(self):
        name = 'ü "quoted" \\ 日本 🎉.csv'
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS), "--filename", name)
        self.assertEqual(dataset["filename"], name)
        self.assertEqual(self.lumi.json("dataset", "list")["items"][0]["filename"], name)


class TabSeparated(LumiTest):
    def test_no_header_unless_asked(self):
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS))
        rows = self.lumi.run("dataset", "list").rows()
        self.assertEqual(len(rows), 1)
        self.assertEqual(rows[0][0], dataset["id"])
        self.assertIn(str(dataset["size"]), rows[0])
        self.assertIn(dataset["created_at"], rows[0])
        with_header = self.lumi.run("dataset", "list", "--header").rows()
        self.assertEqual(with_header[1:], rows)
        self.assertEqual(len(with_header[0]), len(rows[0]))
        self.assertTrue(set(with_header[0]) <= set(DATASET_FIELDS), with_header[0])

    def test_nothing_found_is_nothing_printed(self):
        result = self.lumi.run("dataset", "list")
        self.assertEqual((result.out, result.err), (b"", b""))

    def test_tabs_and_line_ends_in_values_are_escaped(self):
        rows = [["examples", "ground_truth"], ["tab\there", "back\\slash"], ["line\nfeed", "carriage\rreturn"]]
        dataset = self.lumi.create(self.write_csv("a.csv", rows))
        self.assertEqual(
            self.lumi.run("dataset", "preview", dataset["id"]).text,
            "tab\\there\tback\\\\slash\nline\\nfeed\tcarriage\\rreturn\n",
        )


class Versions(LumiTest):
    def test_version_in_every_form(self):
        version = self.lumi.json("version")["version"]
        self.assertRegex(version, r"^\d+\.\d+\.\d+")
        self.assertIn(version, self.lumi.run("--version").text)
        self.assertIn(version, self.lumi.run("version").text)

    def test_help_is_data(self):
        for args in (
            ("--help",),
            ("help",),
            (),
            ("help", "dataset"),
            ("help", "dataset", "create"),
            ("dataset", "create", "-h"),
        ):
            with self.subTest(args):
                result = self.lumi.run(*args)
                self.assertEqual(result.err, b"")
                self.assertIn("lumi", result.text)

    def test_every_topic_has_a_page(self):
        for topic in ("exit-codes", "environment", "json", "metrics", "formats", "conditions"):
            with self.subTest(topic):
                self.assertGreater(len(self.lumi.run("help", topic).text), 200)

    def test_the_command_tree_is_json(self):
        tree = json.loads(self.lumi.run("__dump-cli").text)
        self.assertIn("evaluate", json.dumps(tree))


if __name__ == "__main__":
    support.main()
