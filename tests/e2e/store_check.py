"""Looks at a store from outside, with Python's own SQLite: is everything there that was promised, and nothing else?"""

import hashlib
import sqlite3
from contextlib import closing

from support import Lumi, LumiTest, object_files

APPLICATION_ID = 0x4C554D49


def database(lumi: Lumi) -> closing:
    """A connection to a database that nobody writes, which reading does not change."""
    return closing(sqlite3.connect(f"file:{lumi.home}/lumi.db?mode=rw", uri=True))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_store(test: LumiTest, lumi: Lumi) -> set:
    """Fails if the store is damaged or a row lacks its object. Returns the ids of the datasets."""
    if not (lumi.home / "lumi.db").exists():
        return set()
    with database(lumi) as db:
        test.assertEqual(db.execute("PRAGMA quick_check").fetchall(), [("ok",)])
        test.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [])
        test.assertIn(db.execute("PRAGMA application_id").fetchone()[0], (0, APPLICATION_ID))
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:  # killed before the first migration
            test.assertEqual(db.execute("SELECT count(*) FROM sqlite_schema").fetchone(), (0,))
            return set()
        objects = db.execute("SELECT object_key, object_sha256 FROM datasets").fetchall()
        objects += db.execute("SELECT result_key, result_sha256 FROM jobs WHERE result_key IS NOT NULL").fetchall()
        ids = {row[0] for row in db.execute("SELECT id FROM datasets")}
    for key, sha256 in objects:
        path = lumi.home / "objects" / key
        test.assertTrue(path.is_file(), f"{key} has a row but no object")
        test.assertEqual(digest(path.read_bytes()), sha256, key)
    return ids


def owned_keys(lumi: Lumi) -> set:
    """The keys that rows of the database name."""
    with database(lumi) as db:
        return {row[0] for row in db.execute("SELECT object_key FROM object_references")}


def check_nothing_lost(test: LumiTest, lumi: Lumi):
    """Collects the garbage, and fails if an object without an owner, a temporary file or a lost row is left."""
    lumi.run("gc", "--older-than", "0s", "--yes")
    check_store(test, lumi)
    if not (lumi.home / "lumi.db").exists():
        return  # killed before there was a store: the first command that makes one lets gc see the rest
    test.assertEqual(object_files(lumi), owned_keys(lumi))
    with database(lumi) as db:
        test.assertEqual(db.execute("SELECT * FROM garbage").fetchall(), [])
    test.assertEqual([str(path) for path in lumi.home.rglob("*.part")], [])
