"""What holds on every S3 server."""

import os
import subprocess
import urllib.request

from job_support import HEADER, ROWS
from shapes import NASTY_NAMES
from support import csv_text

CONFORMANCE = os.environ.get("LUMI_S3_CONFORMANCE", "")
TEXT = csv_text([HEADER, *ROWS])


class BucketSuite:
    """Tests for a LumiTest whose lumi keeps its objects in a bucket; `stored_keys` tells what is in there."""

    def test_a_bucket_is_an_object_store(self):
        done = subprocess.run([CONFORMANCE], env=os.environ | self.lumi.env, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-3000:])

    def test_names_of_every_kind(self):
        for name in NASTY_NAMES:
            with self.subTest(name):
                dataset = self.lumi.create(self.write("x.csv", TEXT), "--filename", name)
                self.assertEqual(self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text, TEXT)
                url = self.lumi.json("dataset", "download", dataset["id"], "--url")["download_urls"][0]
                with urllib.request.urlopen(url, timeout=30) as got:
                    self.assertEqual(got.read().decode(), TEXT)
                self.lumi.run("dataset", "delete", dataset["id"], "--yes")
        self.assertFalse(self.stored_keys())
