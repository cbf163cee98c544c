"""Values that must be nowhere: to look for them in all that was said and kept."""

import base64
import json
import re
import urllib.parse
from pathlib import Path


def forms_of(value: str) -> list:
    """How a value may be written: as it is, in a URL, in Base64, in JSON."""
    return [value, urllib.parse.quote(value, safe="-._~"), base64.b64encode(value.encode()).decode(), json.dumps(value)[1:-1]]


# What a presigned URL is made of; whoever asks for one gets it.
IN_A_URL = re.compile(rb"X-Amz-Security-Token=[^&\"\\\s]*")


def find_any(values, results, folders) -> list:
    """Where any form of any value is, in the output of runs or in the files of folders."""
    texts = {str(path): path.read_bytes() for folder in folders for path in Path(folder).rglob("*") if path.is_file()}
    for number, result in enumerate(results):
        words = " ".join(map(str, result.args[:4]))
        texts |= {f"stdout of {number}: {words}": IN_A_URL.sub(b"", result.out), f"stderr of {number}: {words}": result.err}
    forms = {form.encode(): value for value in values for form in forms_of(value)}
    return [f"{value[:12]}… in {name}" for name, text in texts.items() for form, value in forms.items() if form in text]
