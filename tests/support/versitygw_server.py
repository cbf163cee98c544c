"""A third, independent S3 server for tests: versitygw, which keeps objects as files, on 127.0.0.1; scripts/versitygw builds it.

    with VersitygwServer() as server:     # raises Unavailable with the reason if it is not there

It has what Debian's servers lack: conditional writes on both kinds of upload, current checksums, and errors with all their fields. A
key cannot be another's folder, and it closes the connection after every answer.
"""

import os
from pathlib import Path

from s3_server import ACCESS_KEY, SECRET_KEY, WITH_ATTRIBUTES, TestServer, free_port

PROGRAM = os.environ.get("LUMI_VERSITYGW") or str(Path(__file__).parents[2] / "build" / "versitygw" / "versitygw")


class VersitygwServer(TestServer):
    region = "us-east-1"
    place = WITH_ATTRIBUTES
    programs = (PROGRAM,)
    install = "scripts/versitygw, which needs Go"

    def start(self):
        self.port = free_port()
        (self.folder / "data").mkdir()
        keys = ("--access", ACCESS_KEY, "--secret", SECRET_KEY)
        self.spawn(PROGRAM, "--port", f"127.0.0.1:{self.port}", *keys, "--region", self.region, "--quiet", "posix", self.folder / "data")
