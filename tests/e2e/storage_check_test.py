"""lumi storage check, and what doctor says of the storage: the local one, and S3 servers that refuse or are not there."""

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import support

sys.path.insert(0, str(support.SOURCE / "tests" / "support"))
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server, Unavailable  # noqa: E402

KEYS = {"AWS_ACCESS_KEY_ID": "AKTEST", "AWS_SECRET_ACCESS_KEY": "canary-secret", "AWS_EC2_METADATA_DISABLED": "true"}


class Refusing(ThreadingHTTPServer):
    """A server that answers everything with one error."""

    daemon_threads = True

    def __init__(self, test: unittest.TestCase, status: int, code: str, headers: dict | None = None, more: str = ""):
        super().__init__(("127.0.0.1", 0), RefusingHandler)
        self.status, self.code, self.headers, self.more = status, code, headers or {}, more
        self.requests = []
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        test.addCleanup(thread.join)
        test.addCleanup(self.server_close)
        test.addCleanup(self.shutdown)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class RefusingHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        server = self.server
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.requests.append((self.command, self.path, dict(self.headers)))
        body = f"<Error><Code>{server.code}</Code><Message>no</Message>{server.more}</Error>".encode()
        self.send_response_only(server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer

    def log_message(self, *args):
        pass


class LocalStorage(support.LumiTest):
    def test_the_local_storage_is_tried_out_and_left_as_it_was(self):
        report = self.lumi.json("storage", "check")
        self.assertEqual(report["storage"], "file:")
        self.assertIsNone(report["endpoint"])
        self.assertGreater(report["write_ms"], 0)
        self.assertEqual(support.object_files(self.lumi), set())
        row = self.lumi.run("storage", "check").rows()[0]
        self.assertEqual(row[:5], ["file:", "", "", "", ""])

    def test_a_folder_that_cannot_be_written_is_13(self):
        locked = self.folder / "locked"
        locked.mkdir(0o500)
        how = support.bound_by_permissions()
        error = self.lumi.fail("storage", "check", "--storage", f"file://{locked}/objects", code=13, **how)
        self.assert_says(error, "locked")

    def test_doctor_says_nothing_of_a_local_storage(self):
        self.assertNotIn("storage", [item["check"] for item in self.lumi.json("doctor")["items"]])


class RefusedStorage(support.LumiTest):
    def check(self, server_url: str, code: int, **env) -> dict:
        env = KEYS | {"AWS_ENDPOINT_URL": server_url, "LUMI_STORAGE": "s3://my-bucket/lumi"} | env
        result = self.lumi.run("storage", "check", "--json", code=code, env=env)
        self.assertNotIn("canary-secret", result.errors + result.text)
        return result.error()

    def test_refusals_have_their_exit_code_and_name_bucket_and_code(self):
        for status, code, exit_code in (
            (403, "InvalidAccessKeyId", 4),
            (403, "SignatureDoesNotMatch", 4),
            (403, "AccessDenied", 4),
            (404, "NoSuchBucket", 5),
        ):
            with self.subTest(code):
                error = self.check(Refusing(self, status, code).url, exit_code)
                self.assert_says(error, "my-bucket", code)
                self.assertTrue(error["hint"])

    def test_stderr_says_how_the_storage_was_asked(self):
        server = Refusing(self, 403, "SignatureDoesNotMatch")
        env = KEYS | {"AWS_ENDPOINT_URL": server.url, "AWS_REGION": "r-1"}
        result = self.lumi.run("storage", "check", "--storage", "s3://my-bucket", code=4, env=env)
        self.assert_says(result.errors, f"endpoint {server.url} (environment AWS_ENDPOINT_URL)")
        self.assert_says(result.errors, "region r-1 (environment AWS_REGION)", "credentials from environment AWS_ACCESS_KEY_ID")
        method, path, headers = server.requests[0]
        self.assertEqual(method, "PUT")
        self.assertTrue(path.startswith("/my-bucket/lumi-check/"), path)
        self.assertIn("/r-1/s3/aws4_request", headers["Authorization"])

    def test_the_region_that_a_server_names_is_tried(self):
        server = Refusing(self, 400, "AuthorizationHeaderMalformed", more="<Region>eu-central-9</Region>")
        self.check(server.url, 4)
        regions = [headers["Authorization"].split("/")[2] for _, _, headers in server.requests]
        self.assertEqual(regions[0], "us-east-1")
        self.assertIn("eu-central-9", regions)

    def test_a_clock_that_is_wrong_says_so(self):
        server = Refusing(self, 403, "RequestTimeTooSkewed", {"Date": "Sat, 01 Jan 2000 00:00:00 GMT"})
        self.assert_says(self.check(server.url, 4), "RequestTimeTooSkewed", "clock")
        self.assertTrue(server.requests[-1][2]["x-amz-date"].startswith("20000101"), "the server's time was not tried")

    def test_without_credentials_it_is_4_before_any_request(self):
        server = Refusing(self, 500, "x")
        env = {"AWS_ENDPOINT_URL": server.url, "AWS_EC2_METADATA_DISABLED": "true"}
        error = self.lumi.fail("storage", "check", "--storage", "s3://b", code=4, env=env)
        self.assert_says(error, "no AWS credentials found", "AWS_ACCESS_KEY_ID")
        self.assertEqual(server.requests, [])

    def test_a_server_that_is_not_there_is_7(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
            self.assert_says(self.check(url, 7), "my-bucket")
        self.assert_says(self.check("http://no-such-host.invalid", 7), "no-such-host.invalid")

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_a_certificate_of_ones_own_is_7_and_the_hint_helps(self):
        command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=localhost"
        subprocess.run(command.split(), cwd=self.folder, check=True, capture_output=True)
        server = Refusing(self, 403, "AccessDenied")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        error = self.check(f"https://localhost:{server.server_address[1]}", 7)
        self.assert_says(error, "certificate", "AWS_CA_BUNDLE")
        self.assertEqual(server.requests, [])

    def test_a_storage_that_names_no_bucket_or_server_is_refused(self):
        self.assert_says(self.lumi.fail("storage", "check", "--storage", "s3://", code=2), "names no bucket")
        env = KEYS | {"AWS_ENDPOINT_URL": "localhost:9000"}
        error = self.lumi.fail("storage", "check", "--storage", "s3://b", code=11, env=env)
        self.assert_says(error, "AWS_ENDPOINT_URL", "https://")


class OnServer(support.LumiTest):
    """Against a server that checks signatures, with an empty bucket."""

    features = {}

    @classmethod
    def setUpClass(cls):
        try:
            cls.server = S3Server(**cls.features).__enter__()
        except Unavailable as reason:
            raise unittest.SkipTest(str(reason)) from reason
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.make_bucket("bucket")

    def check(self, storage="s3://bucket/a/b c", **env) -> dict:
        return self.lumi.json("storage", "check", "--storage", storage, env=self.server.environment | env)

    def fails(self, code: int, storage="s3://bucket/p", **env) -> dict:
        return self.lumi.run("storage", "check", "--json", "--storage", storage, code=code, env=self.server.environment | env).error()

    def assert_bucket_is_empty(self):
        self.assertNotIn(b"<Key>", self.server.request("GET", "/bucket", {"list-type": "2"})[2])


class RealStorage(OnServer):
    features = {"tls": True}

    def test_a_bucket_is_tried_out_and_left_as_it_was(self):
        report = self.check()
        self.assertEqual(report["endpoint"], self.server.url)
        self.assertEqual(report["endpoint_origin"], "environment AWS_ENDPOINT_URL_S3")
        self.assertEqual(report["region"], "default")
        self.assertEqual(report["addressing"], "path")
        self.assertEqual(report["credentials"], "environment AWS_ACCESS_KEY_ID")
        self.assertGreater(report["write_ms"], 0)
        self.assert_bucket_is_empty()

    def test_the_bucket_may_be_in_the_name_of_the_host(self):
        url = f"http://localhost:{self.server.port}"
        report = self.check(AWS_ENDPOINT_URL_S3=url, AWS_S3_ADDRESSING_STYLE="virtual")
        self.assertEqual(report["addressing"], "virtual host")
        self.assert_bucket_is_empty()

    def test_https_needs_a_certificate_that_is_trusted(self):
        error = self.fails(7, AWS_ENDPOINT_URL_S3=self.server.tls_url)
        self.assert_says(error, "certificate", "AWS_CA_BUNDLE")
        report = self.check(AWS_ENDPOINT_URL_S3=self.server.tls_url, AWS_CA_BUNDLE=str(self.server.certificate))
        self.assertEqual(report["endpoint"], self.server.tls_url)

    def test_what_the_server_refuses(self):
        self.assert_says(self.fails(4, AWS_SECRET_ACCESS_KEY="wrong-secret"), "SignatureDoesNotMatch", "secret")
        self.assert_says(self.fails(4, AWS_ACCESS_KEY_ID="UNKNOWNKEY"), "InvalidAccessKeyId")
        self.assert_says(self.fails(5, "s3://no-such-bucket/p"), "NoSuchBucket", "no-such-bucket")


class Roles(OnServer):
    features = {"roles": True}

    def test_a_role_is_assumed_and_its_session_token_works(self):
        arn = self.server.make_role("writer", "bucket")
        folder = self.lumi.folder / "user" / ".aws"
        folder.mkdir()
        (folder / "config").write_text(
            f"[profile writer]\nrole_arn = {arn}\nsource_profile = base\nregion = default\n"
            f"endpoint_url = {self.server.url}\nrole_session_name = test\n"
        )
        (folder / "credentials").write_text(f"[base]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n")
        env = {"AWS_PROFILE": "writer", "AWS_EC2_METADATA_DISABLED": "true", "LUMI_STORAGE": "s3://bucket/p"}
        report = self.lumi.json("storage", "check", env=env)
        self.assertEqual(report["endpoint_origin"], 'profile "writer"')
        self.assertEqual(report["credentials"], f'profile "writer" as {arn} with the keys of profile "base"')
        self.assert_bucket_is_empty()


class DoctorOnS3(support.LumiTest):
    def finding(self, **env) -> dict:
        env = {"AWS_EC2_METADATA_DISABLED": "true", "LUMI_STORAGE": "s3://b/p", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"} | env
        items = self.lumi.json("doctor", env=env)["items"]
        return next(item for item in items if item["check"] == "storage")

    def aws_file(self, name: str, text: str):
        folder = self.lumi.folder / "user" / ".aws"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    def test_it_names_the_source_of_the_credentials_without_asking_the_storage(self):
        self.assertEqual(self.finding()["status"], "warning")
        self.assert_says(self.finding(), "no AWS credentials found")
        self.assert_says(self.finding(**KEYS), "http://127.0.0.1:9", "us-east-1", "environment AWS_ACCESS_KEY_ID")
        process = """credential_process = sh -c 'echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"P\\",\\"SecretAccessKey\\":\\"S\\"}"'"""
        self.aws_file("config", f"[profile p]\nregion = r-9\n{process}\n[profile broken]\ncredential_process = false\n")
        self.assert_says(self.finding(AWS_PROFILE="p"), "region r-9", 'credential_process of profile "p"')
        self.assert_says(self.finding(AWS_PROFILE="broken"), "exit code 1")
        self.assert_says(self.finding(AWS_PROFILE="none"), "AWS profile")
        self.aws_file("credentials", "[default]\naws_access_key_id = D\naws_secret_access_key = S\n")
        self.assert_says(self.finding(), 'profile "default"')


if __name__ == "__main__":
    support.main()
