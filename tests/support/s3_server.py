"""A real S3 server for tests: Ceph's object gateway, from Debian's packages, on 127.0.0.1.

In a test:
    with S3Server() as server:            # raises Unavailable with the reason if it is not installed
        ... server.environment, server.make_bucket("name"), server.request("GET", "/name") ...
Alone: s3_server.py prints the variables to set and serves until interrupted.

One monitor, one store in memory and one gateway, without keys among themselves; everything is in one temporary folder and gone at the
end. It checks signatures, payload hashes and the clock, but not the region, and no x-amz-checksum-*.
"""

import datetime
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from pathlib import Path

ACCESS_KEY, SECRET_KEY = "TESTTESTACCESSKEY001", "a/secret+with/Signs0123456789abcdefghijk"
START_SECONDS = 60
# A file system with extended attributes for users, which memory has not before Linux 6.6.
WITH_ATTRIBUTES = Path("/var/tmp")

# Every line is there because without it the start takes 10 s, hangs, or needs another daemon.
CONFIGURATION = """
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{mon_port}/0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
ms_crc_data = false
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
mon_data_avail_warn = 2
run_dir = {folder}/run
admin_socket =
pid_file =
log_file = {folder}/$type.log
log_to_stderr = false
err_to_stderr = false
log_flush_on_exit = false
debug_mon = 0
debug_osd = 0
debug_rgw = 0
debug_ms = 0
[mon]
mon_data = {folder}/mon
[osd]
osd_data = {folder}/osd
osd_objectstore = memstore
osd_class_load_list = *
osd_class_default_list = *
memstore_device_bytes = 12884901888
osd_memory_target = 1073741824
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1{tls}
rgw_thread_pool_size = 64
rgw_run_sync_thread = false
rgw_gc_obj_min_wait = {gc_seconds}
rgw_gc_processor_period = {gc_seconds}
rgw_enable_ops_log = false
rgw_enable_usage_log = false
rgw_dns_name = localhost
rgw_max_concurrent_requests = {most_requests}
rgw_s3_auth_use_sts = {roles}
rgw_sts_key = abcdefghijklmnop
"""


class Unavailable(Exception):
    """There is no server to be had here, and why."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def encode(text: str, keep: str = "") -> str:
    return urllib.parse.quote(text.encode(), safe=keep + "-._~")


def signature_of(canonical: str, moment: str, scope: str, secret: str) -> str:
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed_headers(method: str, host: str, path: str, query: str, body: bytes, keys=(ACCESS_KEY, SECRET_KEY), region="default") -> dict:
    """The headers that sign a request: a second, short implementation to check the program's own against."""
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    names = "host;x-amz-content-sha256;x-amz-date"
    canonical = f"{method}\n{path}\n{query}\nhost:{host}\nx-amz-content-sha256:{digest}\nx-amz-date:{moment}\n\n{names}\n{digest}"
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    credential = f"Credential={keys[0]}/{scope}, SignedHeaders={names}, Signature={signature_of(canonical, moment, scope, keys[1])}"
    return {"x-amz-date": moment, "x-amz-content-sha256": digest, "Authorization": "AWS4-HMAC-SHA256 " + credential}


def presigned_url(server, method: str, path: str, seconds: int = 3600) -> str:
    """A URL that makes one request without a key; `path` is not encoded yet."""
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/default/s3/aws4_request"
    host, encoded = f"127.0.0.1:{server.port}", encode(path, "/")
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{ACCESS_KEY}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    query = "&".join(f"{name}={encode(value)}" for name, value in parameters.items())
    canonical = f"{method}\n{encoded}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    return f"http://{host}{encoded}?{query}&X-Amz-Signature={signature_of(canonical, moment, scope, SECRET_KEY)}"


class TestServer:
    """Processes with a folder of their own that speak S3 on `port`; what is common to the servers here."""

    keys = (ACCESS_KEY, SECRET_KEY)
    region = "default"
    programs: tuple = ()
    install = ""  # how to get them
    place = None  # where the folder is; None: where temporary files are

    def __init__(self):
        self.processes = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict:
        return {
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.keys[0],
            "AWS_SECRET_ACCESS_KEY": self.keys[1],
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def __enter__(self):
        missing = [name for name in self.programs if not shutil.which(name)]
        if missing:
            raise Unavailable(f"{', '.join(missing)} not found: {self.install}")
        self.folder = Path(tempfile.mkdtemp(prefix="lumi-s3-", dir=self.place))
        try:
            self.start()
            self.wait_for_answer()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        raise NotImplementedError

    def wait_for_answer(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.request("GET", "/")[0] < 500:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise Unavailable(f"the server does not answer: {self.said()}")

    def call(self, *command, cwd=None):
        words = [str(part) for part in command]
        done = subprocess.run(words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=START_SECONDS)
        if done.returncode != 0:
            raise Unavailable(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-500:]} {self.said()}")

    def spawn(self, *command):
        output = open(self.folder / f"{Path(command[0]).name}.out", "wb")
        with output:
            process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.processes.append(process)

    def said(self) -> str:
        return " ".join(path.read_text(errors="replace")[-300:] for path in self.folder.glob("*.out"))

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)  # what they hold is not kept
        for process in self.processes:
            process.wait()
        self.processes = []
        shutil.rmtree(self.folder, ignore_errors=True)

    def request(self, method: str, path: str, query: dict | None = None, body: bytes = b"", headers: dict | None = None):
        """Status, headers and body of one signed request; `path` is not encoded yet."""
        encoded = encode(path, "/")
        parameters = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted((query or {}).items()))
        host = f"127.0.0.1:{self.port}"
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            signed = signed_headers(method, host, encoded, parameters, body, self.keys, self.region)
            target = encoded + (f"?{parameters}" if parameters else "")
            connection.request(method, target, body, (headers or {}) | signed)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def make_bucket(self, name: str):
        status, _, body = self.request("PUT", f"/{name}")
        if status != 200:
            raise Unavailable(f"cannot make a bucket: HTTP {status} {body!r}")


class S3Server(TestServer):
    """Ceph's gateway; `most_requests` at a time, beyond which it answers 503 SlowDown; `tls` adds https on another port. With `roles`,
    keys can assume roles, but whatever is wrong with a signature is AccessDenied. What is deleted leaves the memory after `gc_seconds`."""

    programs = ("ceph-mon", "ceph-osd", "ceph", "radosgw", "radosgw-admin", "monmaptool")
    install = "apt-get install radosgw ceph-mon ceph-osd ceph-common"

    def __init__(self, most_requests: int = 1024, tls: bool = False, roles: bool = False, gc_seconds: int = 30):
        super().__init__()
        self.gc_seconds = gc_seconds
        self.most_requests = most_requests
        self.tls = tls
        self.roles = roles

    @property
    def tls_url(self) -> str:
        return f"https://localhost:{self.tls_port}"

    def start(self):
        for name in ("mon", "osd", "run"):
            (self.folder / name).mkdir()
        self.port, self.tls_port, mon_port = free_port(), free_port(), free_port()
        fsid = str(uuid.uuid4())
        values = {"fsid": fsid, "mon_port": mon_port, "port": self.port, "folder": self.folder}
        values |= {"most_requests": self.most_requests, "roles": str(self.roles).lower(), "gc_seconds": self.gc_seconds}
        configuration = self.folder / "ceph.conf"
        configuration.write_text(CONFIGURATION.format(tls=self.tls_options(), **values))
        map_file = self.folder / "monmap"
        self.call("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{mon_port}/0]", map_file)
        config = ("-c", configuration)
        self.call("ceph-mon", *config, "--mkfs", "-i", "a", "--monmap", map_file)
        self.spawn("ceph-mon", *config, "-i", "a", "-f")
        osd = str(uuid.uuid4())
        self.call("ceph", *config, "osd", "new", osd)
        self.call("ceph-osd", *config, "-i", "0", "--mkfs", "--osd-uuid", osd)
        self.spawn("ceph-osd", *config, "-i", "0", "-f")
        keys = (f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET_KEY}")
        self.call("radosgw-admin", *config, "-n", "client.rgw", "user", "create", "--uid=test", "--display-name=test", *keys)
        self.spawn("radosgw", *config, "-n", "client.rgw", "-f")

    def make_role(self, name: str, bucket: str) -> str:
        """The ARN of a new role that the server's user may assume, and that may do everything in the bucket."""
        admin = ("radosgw-admin", "-c", self.folder / "ceph.conf", "-n", "client.rgw")
        user = {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/test"]}, "Action": ["sts:AssumeRole"]}
        allowed = {"Effect": "Allow", "Action": ["s3:*"], "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}
        policy = lambda statement: json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.call(*admin, "role", "create", f"--role-name={name}", "--path=/", f"--assume-role-policy-doc={policy(user)}")
        self.call(*admin, "role-policy", "put", f"--role-name={name}", "--policy-name=all", f"--policy-doc={policy(allowed)}")
        return f"arn:aws:iam:::role/{name}"

    def tls_options(self) -> str:
        if not self.tls:
            return ""
        key, certificate = self.folder / "key.pem", self.certificate
        names = "subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1"
        make = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
        self.call(*make, "-keyout", key, "-out", certificate, "-addext", names)
        return f" ssl_endpoint=127.0.0.1:{self.tls_port} ssl_certificate={certificate} ssl_private_key={key}"

    @property
    def certificate(self) -> Path:
        """Who trusts this trusts the server."""
        return self.folder / "certificate.pem"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with S3Server(tls=bool(os.environ.get("TLS"))) as server:
        server.make_bucket("lumi")
        for name, value in server.environment.items():
            print(f"export {name}='{value}'")
        print("export LUMI_STORAGE=s3://lumi/test", flush=True)
        if server.tls:
            print(f"# {server.tls_url} with {server.certificate}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    try:
        main()
    except Unavailable as reason:
        sys.exit(f"s3_server.py: {reason}")
