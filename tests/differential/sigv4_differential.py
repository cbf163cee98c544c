"""Compares the URLs and signatures of lumi's requests to S3 with botocore's on made-up requests.

Usage: sigv4_differential.py SIGN_LINES [COUNT [SEED]]

Needs botocore (for instance in a venv) and the program of the same folder:
cmake --build build/dev --target sign_lines
"""

import datetime
import json
import random
import subprocess
import sys
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.utils import percent_encode

ENDPOINTS = ["https://s3.test", "http://localhost:8000", "https://s3.test:443", "http://10.0.0.1:80", "https://[::1]:9000", "http://h:443", "https://h/storage/v1/s3"]
ALPHABETS = ["abcXYZ019-._~", "abc /+=~'()!*;,&?#@:%$\"<>[]{}|\\^`", "äßñçŁ€日本語한국", "😀👩‍💻🇳🇴", "\u00a0\u2028\u0301", "\x01\t\x7f"]
WORDS = ["a//b", "./dot/../x", "pct%20lit", "%2F", "a+b", "trailing/", " leading", "=", "&", "datasets/1/dataset.csv"]
PARAMETERS = ["prefix", "list-type", "uploads", "uploadId", "partNumber", "continuation-token", "max-keys", "X-id", "response-content-type", "Ä", "a b"]
HEADERS = ["x-amz-meta-a", "x-amz-meta-a-b", "X-Amz-Meta-B", "Content-Type", "Content-MD5", "Range", "If-Match", "Expect", "User-Agent", "x-amz-acl", "TE", "Cache-Control"]


class Generator:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def text(self, longest: int) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return rng.choice(WORDS)
        return "".join(rng.choice(rng.choice(ALPHABETS)) for _ in range(rng.randint(1, longest)))

    def key(self) -> str:
        # What lumi calls an object has no leading slash and no part that is empty or dots, but a URL may have any.
        return "/".join(self.text(12) for _ in range(self.rng.randint(1, 4)))

    def header_value(self) -> str:
        rng = self.rng
        return rng.choice(["", " ", "  "]) + " ".join("".join(rng.choice("abcZ09,;=\"/-") for _ in range(rng.randint(0, 6))) for _ in range(rng.randint(0, 5))) + rng.choice(["", " "])

    def request(self) -> dict:
        rng = self.rng
        names = rng.sample(HEADERS, rng.randint(0, 5))
        made = {
            "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
            "endpoint": rng.choice(ENDPOINTS),
            "bucket": rng.choice(["bucket", "a.b", "Upper_case", "b-1"]),
            "key": self.key(),
            "query": [[name, rng.choice(["", self.text(20)])] for name in rng.sample(PARAMETERS, rng.randint(0, 5))],
            "headers": [[name, self.header_value()] for name in names],
            "body": rng.choice([None, "", self.text(50)]),
            "time_s": rng.randint(0, 4_000_000_000),
            "region": rng.choice(["us-east-1", "eu-west-1", "default", "auto", ""]),
            "access_key_id": rng.choice(["AKIDEXAMPLE", "account:user", "minio"]),
            "secret_access_key": rng.choice(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "ü", "x" * 100]),
            "session_token": rng.choice(["", "", "AQoDYXdzEPT//////////wEXAMPLE+token=="]),
        }
        if rng.random() < 0.4:
            made["valid_for_s"] = rng.choice([1, 3600, 604800])
            made["headers"] = [header for header in made["headers"] if header[0] != "Content-Type"]
        return made


def by_botocore(made: dict) -> object:
    now = datetime.datetime.fromtimestamp(made["time_s"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: now
    credentials = Credentials(made["access_key_id"], made["secret_access_key"], made["session_token"] or None)
    endpoint = made["endpoint"].removesuffix(":443" if made["endpoint"].startswith("https") else ":80")
    url = f"{endpoint}/{made['bucket']}/{percent_encode(made['key'], safe='/~')}"
    query = "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in made["query"])
    request = AWSRequest(method=made["method"], url=url + ("?" + query if query else ""), data=made["body"] or b"")
    for name, value in made["headers"]:
        request.headers[name] = value
    if "valid_for_s" in made:
        request.data = b""
        S3SigV4QueryAuth(credentials, "s3", made["region"], expires=made["valid_for_s"]).add_auth(request)
        return request.url
    request.context["client_config"] = Config(s3={"payload_signing_enabled": made["body"] is not None})
    S3SigV4Auth(credentials, "s3", made["region"]).add_auth(request)
    return {"url": request.url, "headers": {name.lower(): value for name, value in request.headers.items()}}


def comparable(answer: object) -> object:
    """What must be equal: a presigned URL's parameters may come in any order."""
    if not isinstance(answer, str):
        return answer
    parts = urlsplit(answer)
    return parts.scheme, parts.netloc, parts.path, sorted(parse_qsl(parts.query, keep_blank_values=True))


def main() -> int:
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    generator = Generator(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    requests = [generator.request() for _ in range(count)]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    answers = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout.split("\n")
    differences = 0
    for request, answer in zip(requests, answers):
        got, expected = json.loads(answer), by_botocore(request)
        if comparable(got) != comparable(expected):
            differences += 1
            if differences <= 10:
                print(f"{json.dumps(request, ensure_ascii=False)}\n  lumi:     {got}\n  botocore: {expected}")
    print(f"{count} requests, {differences} differences")
    return 1 if differences or len(answers) != count + 1 else 0


if __name__ == "__main__":
    sys.exit(main())
