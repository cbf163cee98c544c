"""Full disks and read-only ones (R7, R8), on file systems of the test's own that vanish with it."""

import os
import subprocess
import sys
import unittest

import support
from store_check import check_store
from support import LumiTest, csv_text

HEADER = ["examples", "ground_truth", "predictions"]
ROWS = [["a", "b c", "b c"], ["d", "e", "e"]]
OWN_MOUNTS = "LUMI_TEST_OWN_MOUNTS"


def mount(*args):
    subprocess.run(["mount", *map(str, args)], check=True, capture_output=True)


@unittest.skipUnless(os.environ.get(OWN_MOUNTS), "no right to mount anything here")
class DiskTest(LumiTest):
    def setUp(self):
        super().setUp()
        self.file = self.write_csv("p.csv", [HEADER, *ROWS])

    def mount_home(self, size: str):
        self.lumi.home.mkdir(mode=0o700)
        mount("-t", "tmpfs", "-o", f"size={size},mode=700", "lumi-test", self.lumi.home)
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.lumi.home)], check=False)

    def fill(self, leave=0):
        """Takes every byte of the home's disk but `leave`."""
        with open(self.lumi.home / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\0" * 4096)
            except OSError:
                pass
            filler.truncate(max(0, filler.tell() - leave))


class Full(DiskTest):
    def test_a_create_that_does_not_fit_keeps_what_was_there(self):
        self.mount_home("1m")
        id = self.lumi.create(self.file)["id"]
        big = self.write_csv("big.csv", [HEADER, ["x" * 2_000_000, "y", "z"]])
        for _ in range(3):
            error = self.lumi.fail("dataset", "create", big, code=13)
            self.assertEqual(error["code"], "permission")
            self.assert_says(error, "No space left")
        self.assertEqual(check_store(self, self.lumi), {id})
        self.assertEqual([str(path) for path in self.lumi.home.rglob("*.part")], [])
        self.assertEqual(len(support.object_files(self.lumi)), 1)

    def test_one_create_after_the_other_until_nothing_fits(self):
        self.mount_home("640k")
        # A deletion takes some space before it makes room: what SQLite writes beside the database.
        spare = self.lumi.home / "spare"
        spare.write_bytes(b"x" * 96 * 1024)
        file = self.write_csv("p.csv", [HEADER, ["x" * 10_000, "y", "z"]])
        ids = set()
        for _ in range(100):
            result = self.lumi.run("dataset", "create", file, code=None)
            if result.code != 0:
                break
            ids.add(result.text.split("\t")[0])
        self.assertEqual(result.code, 13, result)
        self.assertIn("lumi: error: ", result.errors)
        self.assertGreater(len(ids), 3)
        spare.unlink()
        self.assertEqual(check_store(self, self.lumi), ids)
        # What is deleted makes room again.
        self.lumi.run("dataset", "delete", *sorted(ids)[:2], "--yes")
        spare.write_bytes(b"x" * 64 * 1024)
        self.lumi.create(file)

    def test_reading_needs_no_space(self):
        self.mount_home("2m")
        id = self.lumi.create(self.file)["id"]
        job = self.lumi.json("evaluate", self.file, "--metric", "rouge")["job_id"]
        self.fill()
        for args in (("health",), ("dataset", "list"), ("dataset", "get", id), ("job", "result", job), ("job", "list")):
            with self.subTest(args):
                self.lumi.run(*args)
        self.assertEqual(self.lumi.run("dataset", "download", id, "-o", "-").text, csv_text([HEADER, *ROWS]))
        for args in (("dataset", "create", self.file), ("evaluate", self.file, "--metric", "rouge")):
            with self.subTest(args):
                self.lumi.fail(*args, code=13)
        (self.lumi.home / "filler").unlink()
        self.assertIn(id, check_store(self, self.lumi))
        self.lumi.create(self.file)

    def test_almost_full_at_every_step(self):
        self.mount_home("2m")
        id = self.lumi.create(self.file)["id"]
        for leave in range(0, 200_000, 20_000 if not support.LONG else 4096):
            with self.subTest(leave=leave):
                self.fill(leave)
                result = self.lumi.run("evaluate", self.file, "--metric", "rouge", code=None)
                self.assertIn(result.code, (0, 13), result)
                (self.lumi.home / "filler").unlink()
                self.assertIn(id, check_store(self, self.lumi))

    def test_output_files(self):
        id = self.lumi.create(self.write_csv("big.csv", [HEADER, ["x" * 500_000, "y", "z"]]))["id"]
        target = self.folder / "small"
        target.mkdir()
        mount("-t", "tmpfs", "-o", "size=64k", "lumi-test", target)
        self.addCleanup(subprocess.run, ["umount", "-l", str(target)], check=False)
        self.assert_says(self.lumi.fail("dataset", "download", id, "-o", target / "x.csv", code=13), "x.csv")
        self.assertEqual(list(target.iterdir()), [])


class ReadOnly(DiskTest):
    def test_a_home_on_a_read_only_disk_can_be_read(self):
        self.mount_home("4m")
        id = self.lumi.create(self.file)["id"]
        job = self.lumi.json("evaluate", self.file, "--metric", "rouge")["job_id"]
        mount("-o", "remount,ro", self.lumi.home)
        for args in (
            ("health",),
            ("dataset", "list"),
            ("dataset", "get", id),
            ("job", "get", job),
            ("job", "result", job),
            ("job", "samples", job),
        ):
            with self.subTest(args):
                self.lumi.run(*args)
        self.assertEqual(self.lumi.run("dataset", "download", id, "-o", "-").text, csv_text([HEADER, *ROWS]))
        for args in (
            ("dataset", "create", self.file),
            ("dataset", "delete", id, "--yes"),
            ("evaluate", self.file, "--metric", "rouge"),
            ("gc", "--yes"),
        ):
            with self.subTest(args):
                error = self.lumi.fail(*args, code=13)
                self.assert_says(error, str(self.lumi.home))
        self.lumi.run("evaluate", self.file, "--metric", "rouge", "--no-save")


def has_mounts() -> bool:
    return (
        subprocess.run(
            ["unshare", *how_to_unshare(), "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True
        ).returncode
        == 0
    )


def how_to_unshare() -> list:
    return ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]


if __name__ == "__main__":
    if OWN_MOUNTS not in os.environ and has_mounts():
        os.environ[OWN_MOUNTS] = "1"
        os.execvp("unshare", ["unshare", *how_to_unshare(), sys.executable, "-B", *sys.argv])
    support.main()
