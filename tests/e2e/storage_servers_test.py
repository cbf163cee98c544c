"""Storage in a bucket of other servers than Ceph's, which storage_test.py has: Swift's S3 interface, and versitygw."""

import sys
import unittest
import urllib.error
import urllib.request

import support
from bucket_suite import TEXT, BucketSuite
from support import SOURCE, LumiTest

sys.path.insert(0, str(SOURCE / "tests" / "support"))
from s3_server import Unavailable  # noqa: E402
from swift_server import SwiftServer  # noqa: E402
from versitygw_server import VersitygwServer  # noqa: E402


class OtherServer(BucketSuite):
    """What holds on every server."""

    make_server = None

    @classmethod
    def setUpClass(cls):
        try:
            cls.server = cls.make_server().__enter__()
        except Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from reason
        cls.addClassCleanup(cls.server.stop)
        cls.server.make_bucket("lumi")

    def setUp(self):
        super().setUp()
        self.url = f"s3://lumi/it is/{self.id()}"
        self.lumi.env |= self.server.environment | {"LUMI_STORAGE": self.url}

    def listing(self, of: str = "list-type") -> bytes:
        status, _, body = self.server.request("GET", "/lumi", {of: "2" if of == "list-type" else "", "prefix": self.url[len("s3://lumi/") :]})
        self.assertEqual(status, 200, body)
        return body

    def fails(self, code: int, **env) -> dict:
        return self.lumi.fail("dataset", "create", self.write("a.csv", TEXT), code=code, env=env)

    def stored_keys(self):
        return b"<Key>" in self.listing()

    def test_the_region_is_learnt_from_the_server(self):
        dataset = self.lumi.create(self.write("a.csv", TEXT), env={"AWS_REGION": "eu-west-9"})
        env = {"AWS_REGION": "ap-south-9"}
        self.assertEqual(self.lumi.run("dataset", "download", dataset["id"], "-o", "-", env=env).text, TEXT)
        url = self.lumi.json("dataset", "download", dataset["id"], "--url", env=env)["download_urls"][0]
        with urllib.request.urlopen(url, timeout=30) as got:
            self.assertEqual(got.read().decode(), TEXT)
        self.assertEqual(self.lumi.json("storage", "check", env=env)["region"], "us-east-1")

    def test_wrong_keys(self):
        self.assert_says(self.fails(4, AWS_SECRET_ACCESS_KEY="wrong"), "SignatureDoesNotMatch", '"lumi"', "secret")

    def test_no_bucket(self):
        self.assert_says(self.fails(5, LUMI_STORAGE="s3://no-such-bucket/x"), "NoSuchBucket", "no-such-bucket", "makes no buckets")

    def test_a_url_is_over_when_its_time_is(self):
        dataset = self.lumi.create(self.write("a.csv", TEXT))
        url = self.lumi.json("dataset", "download", dataset["id"], "--url", "--expires", "1s")["download_urls"][0]
        support.wait_until(lambda: self.is_refused(url), timeout=30)

    @staticmethod
    def is_refused(url: str) -> bool:
        try:
            with urllib.request.urlopen(url, timeout=30):
                return False
        except urllib.error.HTTPError as error:
            return error.code == 403


class Swift(OtherServer, LumiTest):
    make_server = SwiftServer


class Versitygw(OtherServer, LumiTest):
    make_server = VersitygwServer

    def test_an_unknown_key(self):
        self.assert_says(self.fails(4, AWS_ACCESS_KEY_ID="UNKNOWN"), "XAdminUserNotFound", '"lumi"', "lumi doctor")


if __name__ == "__main__":
    support.main()
