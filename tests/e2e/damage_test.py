"""Damaged, foreign and newer databases (R9): never a crash, never a write, always a word about what to do."""

import random
import shutil
import sqlite3
from contextlib import closing

import support
from store_check import database
from support import LONG, LumiTest

HEADER = ["examples", "ground_truth"]
COMMANDS = (
    ("health",),
    ("dataset", "list"),
    ("job", "list"),
    ("dataset", "create", "p.csv"),
    ("evaluate", "p.csv", "--metric", "rouge"),
)


class DamageTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [[*HEADER, "predictions"], ["a", "b", "b"]])
        self.id = self.lumi.create(self.file)["id"]
        for number in range(20):
            self.lumi.create(self.file, "--filename", f"{number}.csv")
        self.db = self.lumi.home / "lumi.db"
        self.whole = self.db.read_bytes()
        self.objects = support.object_files(self.lumi)

    def files(self) -> dict:
        return {path.name: path.read_bytes() for path in self.lumi.home.glob("lumi.db*") if path.is_file()}

    def refused_by_all(self, content: bytes | None = None, commands=COMMANDS):
        """Every command says that the store is damaged, and leaves it as it is."""
        if content is not None:
            self.db.write_bytes(content)
        before = self.files()
        for args in commands:
            with self.subTest(args):
                error = self.lumi.fail(*args, code=12)
                self.assertEqual(error["code"], "storage")
                self.assert_says(error, "lumi.db", "lumi doctor")
        self.assertEqual(self.files(), before)
        self.assertEqual(support.object_files(self.lumi), self.objects)


class Foreign(DamageTest):
    def test_an_empty_file_is_not_a_new_store(self):
        self.refused_by_all(b"")

    def test_another_application_id(self):
        with database(self.lumi) as db:
            db.execute("PRAGMA application_id = 42")
        self.refused_by_all()

    def test_a_database_of_another_program(self):
        self.db.unlink()
        with closing(sqlite3.connect(self.db)) as db, db:
            db.execute("CREATE TABLE datasets (id TEXT)")
        self.refused_by_all()

    def test_no_database_at_all(self):
        self.refused_by_all(b"this is a text, and a long one at that\n" * 100)
        self.refused_by_all(random.Random(1).randbytes(8192))
        self.refused_by_all(b"SQLite format 3\0" + random.Random(2).randbytes(8192))
        self.refused_by_all(self.whole[:16])

    def test_a_folder_in_its_place(self):
        self.db.unlink()
        self.db.mkdir()
        for args in COMMANDS:
            self.assertIn(self.lumi.run(*args, code=None).code, (12, 13))

    def test_a_symbolic_link_is_not_followed(self):
        elsewhere = self.folder / "other.db"
        shutil.move(self.db, elsewhere)
        self.db.symlink_to(elsewhere)
        before = elsewhere.read_bytes()
        result = self.lumi.run("dataset", "create", self.file, code=None)
        self.assertIn(result.code, (12, 13), result)
        self.assertEqual(elsewhere.read_bytes(), before)


class Newer(DamageTest):
    def setUp(self):
        super().setUp()
        with database(self.lumi) as db:
            self.version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute(f"PRAGMA user_version = {self.version + 1}")

    def test_nothing_is_written_to_a_newer_schema(self):
        before = self.db.read_bytes()
        for args in (
            ("dataset", "create", self.file),
            ("dataset", "delete", self.id, "--yes"),
            ("evaluate", self.file, "--metric", "rouge"),
            ("gc", "--yes"),
        ):
            with self.subTest(args):
                error = self.lumi.fail(*args, code=12)
                self.assert_says(error, str(self.version + 1), "newer")
        self.assertEqual(self.db.read_bytes(), before)
        self.assertEqual(support.object_files(self.lumi), self.objects)

    def test_the_release_that_made_it_finds_everything(self):
        self.lumi.run("dataset", "list", code=None)
        with database(self.lumi) as db:
            db.execute(f"PRAGMA user_version = {self.version}")
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 21)


class Damaged(DamageTest):
    def answers(self, args, allowed) -> int:
        result = self.lumi.run(*args, "--json", code=None)
        self.assertIn(result.code, allowed, result)
        if result.code == 12:
            self.assert_says(result.error(), "doctor")
        return result.code

    def test_cut_at_every_page(self):
        refused = 0
        for size in range(4096, len(self.whole), 4096):
            self.db.write_bytes(self.whole[:size])
            refused += self.answers(("dataset", "list"), (0, 12)) == 12
            self.assertEqual(self.db.read_bytes(), self.whole[:size], "reading changed the file")
            self.answers(("dataset", "create", self.file), (0, 12))
            self.clean_up()
        self.assertGreater(refused, 0)

    def test_flipped_bytes_never_crash(self):
        source = random.Random(9)
        for _ in range(5000 if LONG else 60):
            damaged = bytearray(self.whole)
            # Most damage that matters is in headers and b-tree pages, so half of it goes to the start of pages.
            page = source.randrange(len(damaged) // 4096) * 4096
            place = page + source.randrange(100 if source.random() < 0.5 else 4096)
            damaged[place] ^= 1 << source.randrange(8)
            self.db.write_bytes(damaged)
            for args in (("dataset", "list"), ("dataset", "get", self.id), ("dataset", "create", self.file)):
                self.answers(args, (0, 5, 6, 12))
            self.clean_up()

    def clean_up(self):
        for side_file in self.lumi.home.glob("lumi.db-*"):
            side_file.unlink()

    def test_a_schema_that_lost_a_table(self):
        with database(self.lumi) as db, db:
            db.execute("DROP VIEW IF EXISTS object_references")
            db.execute("DROP TABLE datasets")
        self.assertIn(self.answers(("dataset", "list"), (12,)), (12,))

    def test_a_log_without_its_database_and_a_foreign_one(self):
        other = self.new_lumi()
        with other.start("dataset", "create", self.file) as process:
            process.communicate()
        for name, content in (
            ("lumi.db-wal", random.Random(3).randbytes(32 * 1024)),
            ("lumi.db-wal", b""),
            ("lumi.db-journal", random.Random(4).randbytes(4096)),
            ("lumi.db-shm", b"\xff" * 32768),
        ):
            with self.subTest(name, size=len(content)):
                self.clean_up()
                self.db.write_bytes(self.whole)
                (self.lumi.home / name).write_bytes(content)
                if self.answers(("dataset", "list"), (0, 12)) == 0:
                    self.assertEqual(self.lumi.json("dataset", "list")["total"], 21)

    def test_a_database_that_is_gone_beside_its_objects(self):
        self.db.unlink()
        # A new store is made; what the old one had stays until somebody collects it on purpose.
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 0)
        self.lumi.create(self.file)
        self.assertLessEqual(self.objects, support.object_files(self.lumi))


if __name__ == "__main__":
    support.main()
