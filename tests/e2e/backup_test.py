"""`lumi backup` and `lumi restore`: the whole round, and backups that must not be taken."""

import support
from store_check import check_store
from support import LumiTest, csv_text

HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [["a", "b c", "b c"], ["日本", "e\nf", "e"]]


class BackupTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])
        self.id = self.lumi.create(self.file)["id"]
        self.job = self.lumi.json("evaluate", self.file, "--metric", "rouge")["job_id"]
        self.backup = self.folder / "backup.lumi"

    def content(self, lumi) -> list:
        """All that a store has to say."""
        listings = [lumi.json(noun, "list", "--limit", "0") for noun in ("dataset", "job")]
        files = [lumi.run("dataset", "download", item["id"], "-o", "-").out for item in listings[0]["items"]]
        return listings + files + [lumi.run("job", "download", self.job, "-o", "-").out]

    def test_a_whole_round(self):
        before = self.content(self.lumi)
        self.lumi.run("backup", self.backup)
        self.assertEqual(self.content(self.lumi), before)
        other = self.new_lumi()
        other.run("restore", self.backup)
        self.assertEqual(self.content(other), before)
        check_store(self, other)
        other.create(self.file)
        self.assertEqual(other.home.stat().st_mode & 0o777, 0o700)

    def test_without_objects(self):
        self.lumi.run("backup", self.backup, "--no-objects")
        other = self.new_lumi()
        other.run("restore", self.backup, code=None)
        self.assertEqual(other.json("dataset", "list"), self.lumi.json("dataset", "list"))

    def test_a_backup_is_not_written_over_another(self):
        self.backup.write_text("precious")
        self.lumi.fail("backup", self.backup, code=6)
        self.assertEqual(self.backup.read_text(), "precious")

    def test_a_store_is_not_restored_over_another(self):
        self.lumi.run("backup", self.backup)
        other = self.new_lumi()
        kept = other.create(self.write_csv("q.csv", [HEADER, *ROWS]))
        other.fail("restore", self.backup, code=6)
        self.assertEqual(other.json("dataset", "list")["items"], [kept])

    def test_a_damaged_backup_is_refused(self):
        self.lumi.run("backup", self.backup)
        whole = self.backup.read_bytes()
        middle = len(whole) // 2
        cases = [b"", b"no backup" * 500, whole[:middle], whole[:-1]]
        for place in range(0, len(whole), max(1, len(whole) // 25)):
            cases.append(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        truth = self.content(self.lumi)
        for number, content in enumerate(cases):
            with self.subTest(number):
                damaged = self.write("damaged.lumi", content)
                other = self.new_lumi()
                result = other.run("restore", damaged, "--json", code=None)
                if result.code == 0:  # a byte of padding
                    self.assertEqual(self.content(other), truth)
                else:
                    self.assertIn(result.code, (11, 12), result)
                    self.assertFalse((other.home / "lumi.db").exists())

    def test_what_is_absent(self):
        self.lumi.fail("restore", self.folder / "absent", code=5)
        other = self.new_lumi()
        self.assertNotEqual(other.run("backup", self.backup, code=None).code, None)
        self.assertFalse(other.home.exists())

    def test_a_backup_while_others_write(self):
        writers = [self.lumi.start("dataset", "create", self.file, "--json=id") for _ in range(16)]
        self.lumi.run("backup", self.backup)
        for writer in writers:
            writer.communicate()
            self.assertEqual(writer.returncode, 0)
        other = self.new_lumi()
        other.run("restore", self.backup)
        self.assertIn(self.id, check_store(self, other))
        text = other.run("dataset", "download", self.id, "-o", "-").text
        self.assertEqual(text, csv_text([HEADER, *ROWS]))

    def test_a_damaged_object_is_not_backed_up_in_silence(self):
        path = self.lumi.home / "objects" / f"datasets/{self.id}/p.csv/dataset.csv"
        path.write_bytes(b"something else")
        self.lumi.run("backup", self.backup, code=12)
        self.assertFalse(self.backup.exists())


if __name__ == "__main__":
    support.main()
