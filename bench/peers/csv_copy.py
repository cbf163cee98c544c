"""Reads a CSV and writes it again, and prints, as JSON, the seconds of that alone. Usage: csv_copy.py csv|pandas IN OUT"""

import csv
import json
import sys
import time


def with_csv(source: str, target: str) -> float:
    csv.field_size_limit(sys.maxsize)
    start = time.perf_counter()
    with open(source, encoding="utf-8", newline="") as rows, open(target, "w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(csv.reader(rows))
    return time.perf_counter() - start


def with_pandas(source: str, target: str) -> float:
    import pandas

    start = time.perf_counter()
    pandas.read_csv(source).to_csv(target, index=False)
    return time.perf_counter() - start


if __name__ == "__main__":
    copy = {"csv": with_csv, "pandas": with_pandas}[sys.argv[1]]
    print(json.dumps({"seconds": copy(*sys.argv[2:4])}))
