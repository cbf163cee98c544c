"""A second, independent S3 server for tests: OpenStack Swift with its s3api, from Debian's packages, on 127.0.0.1.

    with SwiftServer() as server:         # raises Unavailable with the reason if it is not installed

Unlike Ceph's gateway it checks the region of a signature, and says which one it wants as AWS does. Its start takes some 8 s.
"""

import getpass
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from s3_server import START_SECONDS, WITH_ATTRIBUTES, TestServer, Unavailable, free_port

SECRET_KEY = "another/secret+key0123456789"

DAEMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}/etc
devices = {folder}/dev
mount_check = false
recon_cache_path = {folder}/cache
disable_fallocate = true
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}/etc
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy bulk slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache_port}
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
allow_multipart_uploads = true
min_segment_size = 5242880
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_lumi_tester = {secret} .admin
""" + "".join(
    f"[filter:{name}]\nuse = egg:swift#{name}\n"
    for name in ("catch_errors", "listing_formats", "copy", "dlo", "versioned_writes", "gatekeeper", "bulk", "slo")
)

SWIFT = """
[swift-hash]
swift_hash_path_suffix = test
swift_hash_path_prefix = test
[swift-constraints]
max_header_size = 16384
[storage-policy:0]
name = one
default = yes
"""


class SwiftServer(TestServer):
    keys = ("lumi:tester", SECRET_KEY)
    region = "us-east-1"
    place = WITH_ATTRIBUTES
    programs = ("swift-proxy-server", "swift-object-server", "swift-container-server", "swift-account-server", "memcached")
    install = "apt-get install swift-proxy swift-account swift-container swift-object memcached"

    def start(self):
        etc = self.folder / "etc"
        for folder in (etc, self.folder / "dev" / "d1", self.folder / "cache"):
            folder.mkdir(parents=True)
        self.port, cache_port = free_port(), free_port()
        values = {"folder": self.folder, "user": getpass.getuser(), "cache_port": cache_port, "secret": SECRET_KEY}
        (etc / "swift.conf").write_text(SWIFT)
        (etc / "proxy.conf").write_text(PROXY.format(port=self.port, **values))
        ports = {name: free_port() for name in ("account", "container", "object")}
        self.spawn("memcached", "-u", getpass.getuser(), "-l", "127.0.0.1", "-p", cache_port, "-m", "64")
        for name, port in ports.items():
            (etc / f"{name}.conf").write_text(DAEMON.format(port=port, name=name, **values))
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(self.make_ring, ports.items()))
        for name in ports:
            self.spawn(f"swift-{name}-server", etc / f"{name}.conf", "-v")
        self.spawn("swift-proxy-server", etc / "proxy.conf", "-v")
        for port in (cache_port, *ports.values()):
            self.wait_for_port(port)

    def make_ring(self, of: tuple):
        name, port = of
        place = ("--region", "1", "--zone", "1", "--ip", "127.0.0.1", "--port", port, "--device", "d1", "--weight", "1")
        for step in (("create", "4", "1", "0"), ("add", *place), ("rebalance",)):
            self.call("swift-ring-builder", f"{name}.builder", *step, cwd=self.folder / "etc")

    def wait_for_port(self, port: int):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise Unavailable(f"nobody listens on port {port}: {self.said()}")
