"""`lumi dataset download`: to files, folders, pipes and URLs; never over a file, never a damaged one."""

from urllib.parse import unquote, urlparse

import support
from shapes import HEADER, TRICKY
from support import LumiTest, object_files, read_csv


class Download(LumiTest):
    def setUp(self):
        super().setUp()
        self.rows = [HEADER, *TRICKY]
        self.id = self.lumi.create(self.write_csv("a.csv", self.rows))["id"]
        self.target = self.folder / "out"
        self.target.mkdir()

    def test_to_a_file_a_folder_and_stdout(self):
        self.lumi.run("dataset", "download", self.id, "-o", self.target / "mine.csv")
        self.lumi.run("dataset", "download", self.id, "-o", self.target)
        files = support.snapshot(self.target)
        self.assertEqual(len(files), 2, files.keys())
        for content in files.values():
            self.assertEqual(read_csv(content.decode()), self.rows)
        self.assertEqual(read_csv(self.lumi.run("dataset", "download", self.id, "-o", "-").text), self.rows)
        self.lumi.fail("dataset", "download", self.id, "-o", "-", code=2)

    def test_a_file_that_exists_is_kept_unless_forced(self):
        file = self.target / "mine.csv"
        file.write_text("precious")
        self.assert_says(self.lumi.fail("dataset", "download", self.id, "-o", file, code=6), "mine.csv", "--force")
        self.assertEqual(file.read_text(), "precious")
        self.lumi.run("dataset", "download", self.id, "-o", file, "--force")
        self.assertEqual(read_csv(file.read_bytes().decode()), self.rows)
        self.assertEqual(list(support.snapshot(self.target)), ["mine.csv"])

    def test_urls(self):
        answer = self.lumi.json("dataset", "download", self.id, "--url")
        self.assertEqual(list(answer), ["id", "download_urls"])
        self.assertEqual(answer["id"], self.id)
        url = urlparse(answer["download_urls"][0])
        self.assertEqual((len(answer["download_urls"]), url.scheme, url.netloc), (1, "file", ""))
        with open(unquote(url.path), newline="") as file:
            self.assertEqual(read_csv(file.read()), self.rows)

    def test_the_extension_filters(self):
        for extension in ("csv", " CSV ", "", "dataset.csv"):
            answer = self.lumi.json("dataset", "download", self.id, "--url", "--extension", extension)
            self.assertEqual(len(answer["download_urls"]), 1, extension)
        self.assertEqual(
            self.lumi.json("dataset", "download", self.id, "--url", "--extension", "arrow")["download_urls"], []
        )

    def test_excel_safe_disarms_formulas(self):
        rows = [HEADER, ["=1+1", "+x"], ["-5", "@sum"], ["plain", "a=b"]]
        dataset = self.lumi.create(self.write_csv("f.csv", rows))["id"]
        text = self.lumi.run("dataset", "download", dataset, "-o", "-", "--excel-safe").text
        self.assertEqual(read_csv(text), [HEADER, ["'=1+1", "'+x"], ["'-5", "'@sum"], ["plain", "a=b"]])
        self.assertEqual(read_csv(self.lumi.run("dataset", "download", dataset, "-o", "-").text), rows)

    def test_names_lead_nowhere_else(self):
        for name in (
            "../up.csv",
            "/abs.csv",
            "..",
            ".",
            "a/b.csv",
            "C:\\x.csv",
            "new\nline.csv",
            "x" * 300 + ".csv",
            "~",
            "\u202egnp.csv",
        ):
            with self.subTest(name):
                result = self.lumi.run(
                    "dataset", "create", self.folder / "a.csv", "--filename", name, "--json", code=None
                )
                if result.code != 0:
                    self.assertIn(result.code, (2, 11), result)
                    continue
                self.assertTrue(all(".." not in key.split("/") for key in object_files(self.lumi)))
                before = support.snapshot(self.lumi.folder / "work")
                self.lumi.run("dataset", "download", result.json()["id"], "-o", self.target, "--force")
                after = support.snapshot(self.lumi.folder / "work")
                self.assertTrue(all(path.startswith("out/") for path in after.keys() - before.keys()))

    def test_a_damaged_object_is_told_before_it_is_used(self):
        path = next(self.lumi.home.rglob("dataset.csv"))
        content = path.read_bytes()
        for damaged in (content.replace(b"plain", b"pla1n"), content[:-5], b""):
            path.chmod(0o600)
            path.write_bytes(damaged)
            for args in (
                ("dataset", "download", self.id, "-o", self.target / "x.csv"),
                ("dataset", "preview", self.id),
            ):
                with self.subTest(args, size=len(damaged)):
                    self.assertEqual(self.lumi.fail(*args, code=12)["code"], "storage")
            self.lumi.run("evaluate", self.id, "--predictions-field", "examples", "--metric", "rouge", code=12)
            self.assertEqual(support.snapshot(self.target), {})

    def test_a_lost_object_is_named(self):
        next(self.lumi.home.rglob("dataset.csv")).unlink()
        error = self.lumi.fail("dataset", "download", self.id, "-o", self.target, code=12)
        self.assert_says(error, "doctor")


if __name__ == "__main__":
    support.main()
