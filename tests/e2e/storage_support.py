"""What the tests of a storage in a bucket share: a real S3 server (Ceph's gateway), and a home that writes to it."""

import sys
import unittest
import uuid
import xml.etree.ElementTree as ElementTree

from support import LONG, SOURCE, LumiTest

sys.path.insert(0, str(SOURCE / "tests" / "support"))
from s3_server import S3Server, Unavailable  # noqa: E402


def setUpModule():
    """For a test module to import: a server for all its tests."""
    try:
        # In the long form so much is written that it must be forgotten soon.
        StorageTest.server = S3Server(tls=True, gc_seconds=3 if LONG else 30).__enter__()
    except Unavailable as reason:
        raise unittest.SkipTest(str(reason)) from reason
    unittest.addModuleCleanup(StorageTest.server.stop)
    StorageTest.server.make_bucket("lumi")


class StorageTest(LumiTest):
    server: S3Server

    def setUp(self):
        super().setUp()
        self.prefix = f"it is/{uuid.uuid4()}"
        self.url = f"s3://lumi/{self.prefix}"
        self.lumi.env |= self.server.environment | {"LUMI_STORAGE": self.url}

    def keys(self) -> dict:
        """Size by key below the prefix, as the server lists them."""
        _, _, body = self.server.request("GET", "/lumi", {"list-type": "2", "prefix": self.prefix + "/"})
        space = "{http://s3.amazonaws.com/doc/2006-03-01/}"
        found = ElementTree.fromstring(body).iter(space + "Contents")
        return {item.find(space + "Key").text[len(self.prefix) + 1 :]: int(item.find(space + "Size").text) for item in found}

    def uploads(self) -> int:
        _, _, body = self.server.request("GET", "/lumi", {"uploads": "", "prefix": self.prefix})
        return body.count(b"<Upload>")

    def content(self, key: str) -> bytes:
        status, _, body = self.server.request("GET", f"/lumi/{self.prefix}/{key}")
        self.assertEqual(status, 200, body)
        return body

    def large_file(self, megabytes: int):
        line = ("word " * 200).strip()
        path = self.folder / "large.csv"
        with open(path, "w") as file:
            file.write("examples,ground_truth\n")
            file.writelines(f"{i} {line},{line}\n" for i in range(megabytes * 1_000_000 // (2 * len(line))))
        return path
