"""Files to a bucket and back with boto3, as its guide shows it; many files with as many threads as connections are kept.

Usage: boto3_transfer.py put BUCKET PREFIX FILE|FOLDER
       boto3_transfer.py get BUCKET PREFIX FOLDER
"""

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config

AT_ONCE = 16


def for_each(work: Callable, arguments: Iterable[tuple]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(work, *of_one) for of_one in arguments]:
            done.result()


def main() -> None:
    direction, bucket, prefix, path = sys.argv[1:]
    place = Path(path)
    s3 = boto3.client("s3", config=Config(max_pool_connections=AT_ONCE))
    if direction == "put":
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        for_each(s3.upload_file, ((str(file), bucket, f"{prefix}/{file.name}") for file in files))
        return
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix + "/")
    keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
    for_each(s3.download_file, ((bucket, key, str(place / key.rpartition("/")[2])) for key in keys))


if __name__ == "__main__":
    main()
