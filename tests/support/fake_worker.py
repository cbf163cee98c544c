#!/usr/bin/env python3
"""A worker for tests (docs/worker-protocol.md) that needs nothing but Python.

Answers `answer to PROMPT`, unless the prompt begins with `do` or `once` (the first time only): `do crash`, `hang`, `stubborn`
(hangs, and does not stop when asked to), `garbage`, `oversized`, `partial`, `unknown`, `context`, `refused`; `temporary` is an
error the first time, and a frequency_penalty a parameter that is not taken.
How it starts is an option: `--protocol N`, `--no-hello`, `--chatty`, `--slow SECONDS`, `--loading SECONDS`, `--problem TEXT`,
`--open-error CODE`, `--die`, `--batch N`, `--latency SECONDS`. With `--record FILE` it appends what it gets, and its number.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

options = argparse.ArgumentParser()
options.add_argument("--protocol", type=int, default=1)
options.add_argument("--no-hello", action="store_true")
options.add_argument("--chatty", action="store_true")
options.add_argument("--slow", type=float, default=0)
options.add_argument("--loading", type=float, default=0)
options.add_argument("--latency", type=float, default=0)
options.add_argument("--problem")
options.add_argument("--open-error")
options.add_argument("--die", action="store_true")
options.add_argument("--batch", type=int, default=1)
options.add_argument("--record", type=Path)
options = options.parse_args()


def record(what: dict):
    if options.record:
        with options.record.open("a") as file:
            file.write(json.dumps({"pid": os.getpid(), **what}) + "\n")


def first_time(name: str) -> bool:
    """Whether this is the first time that any process of this test does `name`."""
    try:
        os.close(os.open(f"{options.record}.{name}", os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def say(*messages):
    sys.stdout.write("".join(json.dumps(message) + "\n" for message in messages))
    sys.stdout.flush()


def result(request: dict) -> dict:
    prompt = request["params"]["messages"][-1]["content"]
    count = len(prompt.split())
    usage = {"prompt_tokens": count, "completion_tokens": 3, "total_tokens": count + 3}
    text = {"text": f"answer to {prompt}", "finish_reason": "stop", "model": "fake", "usage": usage}
    return {"type": "result", "id": request["id"], "result": text}


def misbehave(word: str, request: dict) -> dict:
    """What an odd prompt is answered with, unless that ends the worker."""
    error = {"type": "error", "id": request["id"]}
    if word == "crash":
        sys.stderr.write("a trace of the crash, with Bearer sk-canary-in-a-trace\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "hang":
        time.sleep(600)
    if word == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    if word == "garbage":
        sys.stdout.write("Loading weights: 100%\n")
        sys.stdout.flush()
        time.sleep(600)
    if word == "oversized":
        sys.stdout.write("x" * (17 * 1024 * 1024) + "\n")
        sys.stdout.flush()
        time.sleep(600)
    if word == "partial":
        sys.stdout.write('{"type": "result", "id"')
        sys.stdout.flush()
        os._exit(3)
    if word == "unknown":
        return {"type": "result", "id": 10_000_000, "result": {"text": ""}}
    if word == "context":
        return {**error, "code": "context_length", "message": "the text is too long"}
    if word == "refused":
        return {**error, "code": "refused", "message": "not this one"}
    return {**error, "code": "invalid", "message": "no such wish"}


def answer(request: dict) -> dict:
    params = request["params"]
    record({"asked": params["messages"][-1]["content"], "params": params})
    if params.get("frequency_penalty"):
        return {
            "type": "error",
            "id": request["id"],
            "code": "unsupported_parameter",
            "parameter": "frequency_penalty",
            "message": "not taken",
        }
    words = params["messages"][-1]["content"].split()
    if words[0] == "once":
        return misbehave(words[1], request) if first_time("-".join(words)) else result(request)
    if words[0] == "temporary":
        busy = {"type": "error", "id": request["id"], "code": "temporary", "message": "busy"}
        return busy if first_time("temporary") else result(request)
    return misbehave(words[1], request) if words[0] == "do" else result(request)


def open_model(message: dict):
    record({"open": message})
    if options.open_error:
        say({"type": "error", "code": options.open_error, "message": "no such model", "hint": "try another"})
        return
    say({"type": "progress", "message": "loading", "done": 1, "total": 2})
    time.sleep(options.loading)
    say({"type": "ready", "max_in_flight": min(options.batch, message["max_in_flight"])})


def main():
    record({"started": sorted(os.environ)})
    if options.die:
        sys.exit("cannot even start")
    time.sleep(options.slow)
    if options.no_hello:
        time.sleep(600)
    batch = []
    for line in sys.stdin:
        message = json.loads(line)
        kind = message["type"]
        if kind == "hello":
            if options.chatty:
                print("welcome", flush=True)
            hello = {"type": "hello", "protocol": options.protocol, "name": "fake", "methods": ["generate"]}
            say({**hello, **({"problem": {"message": options.problem, "hint": "mend it"}} if options.problem else {})})
        elif kind == "open":
            open_model(message)
        elif kind == "request":
            batch.append(message)
            if message["more"]:
                continue
            record({"batch": len(batch)})
            time.sleep(options.latency)
            say(*[answer(request) for request in batch])
            batch = []
        elif kind == "shutdown":
            record({"shutdown": True})
            return


main()
