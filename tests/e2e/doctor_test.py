"""`lumi doctor` finds what is wrong, each fault planted here; `lumi gc` takes what nobody owns, and nothing else."""

import os
import time

import support
from store_check import check_nothing_lost, check_store, database
from support import LumiTest, object_files

HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [["a", "b c", "b c"], ["d", "e", "e"]]
DAMAGE = 12


class DoctorTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])
        self.id = self.lumi.create(self.file)["id"]
        self.job = self.lumi.json("evaluate", self.file, "--metric", "rouge")["job_id"]
        self.object = self.lumi.home / "objects" / f"datasets/{self.id}/p.csv/dataset.csv"

    def doctor(self, *args, code=0) -> str:
        """All that it says; in JSON, on a terminal and in a pipe it must come to the same end."""
        result = self.lumi.run("doctor", *args, code=code)
        as_json = self.lumi.run("doctor", *args, "--json", code=code)
        as_json.json()
        return result.text + result.errors

    def plant_orphan(self, key: str) -> str:
        path = self.lumi.home / "objects" / key
        path.parent.mkdir(parents=True)
        path.write_text("nobody's")
        return key

    def age(self, *paths):
        """Makes files two days old."""
        for path in paths:
            os.utime(path, (time.time() - 2 * 86400,) * 2)


class Findings(DoctorTest):
    def test_a_healthy_store(self):
        self.doctor()
        self.doctor("--strict")
        self.doctor("--read-data")
        self.doctor("--read-data=5%")
        check_store(self, self.lumi)

    def test_no_store_at_all(self):
        other = self.new_lumi()
        other.run("doctor")
        self.assertFalse(other.home.exists())

    def test_looking_changes_nothing(self):
        self.plant_orphan("datasets/orphan/x/dataset.csv")
        before = support.snapshot(self.lumi.home / "objects")
        self.doctor("--read-data")
        self.assertEqual(support.snapshot(self.lumi.home / "objects"), before)

    def test_an_object_that_is_gone(self):
        self.object.unlink()
        self.assert_says(self.doctor(code=DAMAGE), self.id)

    def test_an_object_of_another_size(self):
        self.object.write_bytes(self.object.read_bytes()[:-1])
        self.assert_says(self.doctor(code=DAMAGE), self.id)

    def test_a_flipped_byte_is_found_by_reading_the_data(self):
        self.object.write_bytes(self.object.read_bytes().replace(b"b c", b"b d", 1))
        self.doctor()
        self.assert_says(self.doctor("--read-data", code=DAMAGE), self.id)
        results = next(self.lumi.home.rglob("results.json"))
        results.write_bytes(results.read_bytes().replace(b"rouge1", b"rouge9", 1))
        self.assert_says(self.doctor("--read-data", code=DAMAGE), self.job)

    def test_objects_that_nobody_owns_are_a_warning(self):
        key = self.plant_orphan("datasets/orphan/x/dataset.csv")
        self.assert_says(self.doctor(), key)
        self.assertNotEqual(self.lumi.run("doctor", "--strict", code=None).code, 0)

    def test_temporary_files_that_were_left(self):
        left = self.object.parent / ".lumi-00000000-0000-4000-8000-000000000000.part"
        left.write_text("half")
        self.age(left)
        self.assert_says(self.doctor(), left.name)

    def test_a_home_that_others_may_read(self):
        self.lumi.home.chmod(0o755)
        self.assert_says(self.doctor(), str(self.lumi.home))
        self.lumi.home.chmod(0o700)
        (self.lumi.home / "lumi.db").chmod(0o644)
        self.assert_says(self.doctor(), "lumi.db")

    def test_a_damaged_database(self):
        path = self.lumi.home / "lumi.db"
        whole = path.read_bytes()
        for damaged in (b"", b"no database" * 1000, whole[:4096], whole[:5000] + b"\xff" * 3000 + whole[8000:]):
            path.write_bytes(damaged)
            self.assert_says(self.doctor(code=DAMAGE), "lumi.db")
            self.assertEqual(path.read_bytes(), damaged)

    def test_a_newer_schema(self):
        with database(self.lumi) as db:
            db.execute("PRAGMA user_version = 1000")
        self.assert_says(self.doctor(code=DAMAGE), "1000", "newer")

    def test_a_row_that_points_nowhere(self):
        with database(self.lumi) as db, db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("UPDATE jobs SET experiment_id = 'gone'")
        self.doctor(code=DAMAGE)

    def test_garbage_that_could_not_be_removed(self):
        with database(self.lumi) as db, db:
            columns = "storage_url, object_key, created_at, attempts, last_error"
            values = ("file:", "datasets/old/x/dataset.csv", 0, 3, "no permission")
            db.execute(f"INSERT INTO garbage ({columns}) VALUES (?, ?, ?, ?, ?)", values)
        self.assert_says(self.doctor(), "datasets/old/x/dataset.csv")


class Repair(DoctorTest):
    def test_repair_asks(self):
        self.assert_says(self.lumi.fail("doctor", "--repair", code=2), "--yes")

    def test_what_can_be_mended_is(self):
        self.plant_orphan("datasets/orphan/x/dataset.csv")
        self.lumi.home.chmod(0o755)
        self.lumi.run("doctor", "--repair", "--yes")
        self.assertEqual(self.lumi.home.stat().st_mode & 0o777, 0o700)
        self.doctor()
        self.assertEqual(self.lumi.json("dataset", "get", self.id)["id"], self.id)

    def test_salvage_rescues_what_can_be_read(self):
        path = self.lumi.home / "lumi.db"
        path.write_bytes(b"\0" * path.stat().st_size)
        target = self.folder / "saved"
        self.lumi.run("doctor", "--salvage", target, code=None)
        rescued = b"".join(support.snapshot(target).values())
        self.assertIn(support.csv_text([HEADER, *ROWS]).encode(), rescued)
        self.assertEqual(path.read_bytes(), b"\0" * path.stat().st_size)


class Garbage(DoctorTest):
    def test_only_what_nobody_owns_and_is_old_goes(self):
        keys = object_files(self.lumi)
        key = self.plant_orphan("datasets/orphan/x/dataset.csv")
        self.lumi.run("gc", "--yes")
        self.assertIn(key, object_files(self.lumi))
        self.age(self.lumi.home / "objects" / key)
        dry = self.lumi.run("gc", "--dry-run")
        self.assert_says(dry.text + dry.errors, key)
        self.assertIn(key, object_files(self.lumi))
        self.lumi.run("gc", "--yes")
        self.assertEqual(object_files(self.lumi), keys)

    def test_older_than(self):
        key = self.plant_orphan("datasets/orphan/x/dataset.csv")
        self.lumi.run("gc", "--older-than", "1h", "--yes")
        self.assertIn(key, object_files(self.lumi))
        self.lumi.run("gc", "--older-than", "0s", "--yes")
        self.assertNotIn(key, object_files(self.lumi))
        check_nothing_lost(self, self.lumi)

    def test_a_removal_that_failed_is_tried_again(self):
        self.object.unlink()
        self.object.mkdir()  # cannot be unlinked
        result = self.lumi.run("dataset", "delete", self.id, "--yes")
        with database(self.lumi) as db:
            self.assertLessEqual(db.execute("SELECT count(*) FROM garbage").fetchone()[0], 1, result)
        self.object.rmdir()
        self.lumi.run("gc", "--older-than", "0s", "--yes")
        with database(self.lumi) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM garbage").fetchone(), (0,))

    def test_a_store_that_is_not_there(self):
        other = self.new_lumi()
        other.run("gc", "--yes")
        self.assertFalse(other.home.exists())


if __name__ == "__main__":
    support.main()
