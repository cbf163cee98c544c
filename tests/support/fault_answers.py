"""What the fault server says: right answers, and every wrong one, by the name of the fault.

ok, status (any, with the body that servers give with it), html_502, blank_lines ("lines", "interval": before the JSON), half_json,
cut (before the promised length), cut_at_once, reset, silent, huge ("size", default 100 MB), endless_head, not_http, error_in_200,
empty_choices, null_content, empty_content, length, content_filter, refusal, insufficient_quota, context_length,
refused_parameter ("parameter"); in streams also stream_cut, double_done, error_in_stream, stream_silent, no_done.
"""

import asyncio
import json

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}

# status -> type, code, message
ERRORS = {
    400: ("invalid_request_error", None, "the request is not understood"),
    401: ("authentication_error", "invalid_api_key", "Incorrect API key provided."),
    402: ("unknown_error", "invalid_request_error", "Insufficient Balance"),
    403: ("permission_error", None, "Country, region, or territory not supported"),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    408: ("timeout", None, "The request took too long."),
    409: ("conflict", None, "The resource is locked."),
    413: ("request_too_large", None, "Request exceeds the maximum size"),
    422: ("invalid_request_error", None, "Input should be a valid number"),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests"),
    500: ("server_error", None, "The server had an error processing your request."),
    502: ("server_error", None, "Bad gateway"),
    503: ("server_error", "server_is_overloaded", "The server is overloaded, please retry your request"),
    529: ("overloaded_error", None, "Overloaded"),
}


def models() -> dict:
    return {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "test"}]}


def error(kind: str, code, message: str, parameter=None) -> dict:
    return {"error": {"message": message, "type": kind, "param": parameter, "code": code}}


def completion(request, text, finish_reason="stop", **message) -> dict:
    words = len(request.prompt.split())
    said = len((text or "").split())
    if request.path.endswith("/messages"):
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": request.body.get("model"),
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": {"stop": "end_turn", "length": "max_tokens"}.get(finish_reason, "refusal"),
            "usage": {"input_tokens": words, "output_tokens": said},
        }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": request.body.get("model"),
        "system_fingerprint": "fp_test",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text} | message, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": words, "completion_tokens": said, "total_tokens": words + said},
    }


def text_for(request) -> str:
    """What the model says: the step's text, else something that is different for every prompt."""
    return request.step.get("text", f"answer to {request.prompt}")


async def answer(connection, request) -> bool:
    """Answers as the request's step says; whether the connection goes on."""
    fault = request.step["fault"]
    if request.body.get("stream") and fault in STREAMS:
        return await stream(connection, request, fault)
    return await ANSWERS[fault](connection, request)


# --- whole answers ---


def says(make):
    """An answer that is JSON with status 200 (or the step's), made by `make(request)`."""

    async def run(connection, request):
        return await connection.send_json(request.step.get("status", 200), make(request), request.step.get("headers"))

    return run


def fails(status: int, make):
    async def run(connection, request):
        return await connection.send_json(status, make(request), request.step.get("headers"))

    return run


async def status(connection, request):
    code = request.step["status"]
    headers = request.step.get("headers")
    if "body" in request.step:
        return await connection.send(code, request.step["body"], "application/json", headers)
    return await connection.send_json(code, error(*ERRORS.get(code, ("server_error", None, "something is wrong"))), headers)


async def html_502(connection, request):
    page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
    return await connection.send(502, page, "text/html", request.step.get("headers"))


async def blank_lines(connection, request):
    await connection.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    for _ in range(request.step.get("lines", 5)):
        await connection.chunk("\n")
        await asyncio.sleep(request.step.get("interval", 0.02))
    await connection.chunk(json.dumps(completion(request, text_for(request))))
    await connection.chunk("")
    return True


async def half_json(connection, request):
    whole = json.dumps(completion(request, text_for(request)))
    return await connection.send(200, whole[: len(whole) // 2], "application/json")


async def cut(connection, request):
    whole = json.dumps(completion(request, text_for(request)))
    await connection.head(200, {"Content-Type": "application/json", "Content-Length": len(whole)})
    await connection.write(whole[: len(whole) // 2])
    return False


async def cut_at_once(_connection, _request):
    return False


async def reset(connection, _request):
    return connection.reset()


async def silent(connection, _request):
    return await connection.until_the_client_goes()


async def huge(connection, request):
    await connection.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    left = request.step.get("size", 100_000_000)
    await connection.chunk('{"choices":[{"message":{"content":"')
    while left > 0:
        await connection.chunk("x" * min(left, 1 << 20))
        left -= 1 << 20
    await connection.chunk('"}}]}')
    await connection.chunk("")
    return True


async def endless_head(connection, _request):
    await connection.write("HTTP/1.1 200 OK\r\n")
    while True:
        await connection.write("X-Header: of some length\r\n" * 1000)


async def not_http(connection, _request):
    await connection.write("220 mail.example.com ESMTP\r\n")
    return False


def refused_parameter(request) -> dict:
    name = request.step["parameter"]
    return error(
        "invalid_request_error", "unsupported_parameter", f"Unsupported parameter: '{name}' is not supported with this model.", name
    )


# --- streams ---


def event(request, delta: dict, finish_reason=None) -> str:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "model": request.body.get("model"),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    return f"data: {json.dumps(chunk)}\n\n"


async def stream(connection, request, fault) -> bool:
    await connection.head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
    await connection.chunk(": keep-alive\n\n" + event(request, {"role": "assistant", "content": None}))
    for number, word in enumerate(text_for(request).split(" ")):
        if number == 2 and fault == "stream_cut":
            return False
        if number == 2 and fault == "stream_silent":
            return await connection.until_the_client_goes()
        if number == 2 and fault == "error_in_stream":
            await connection.chunk(f"data: {json.dumps(error(*ERRORS[503]))}\n\n")
            await connection.chunk("")
            return True
        await connection.chunk(event(request, {"content": (" " if number else "") + word}))
        await asyncio.sleep(request.step.get("interval", 0))
    await connection.chunk(event(request, {}, "stop"))
    usage = completion(request, text_for(request))["usage"]
    await connection.chunk(f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n")
    await connection.chunk({"ok": "data: [DONE]\n\n", "double_done": "data: [DONE]\n\n" * 2, "no_done": "\n"}[fault])
    await connection.chunk("")
    return True


STREAMS = ("ok", "stream_cut", "stream_silent", "error_in_stream", "double_done", "no_done")

ANSWERS = {
    "ok": says(lambda request: completion(request, text_for(request))),
    "double_done": says(lambda request: completion(request, text_for(request))),
    "no_done": says(lambda request: completion(request, text_for(request))),
    "stream_cut": cut,
    "stream_silent": silent,
    "error_in_stream": fails(503, lambda _: error(*ERRORS[503])),
    "status": status,
    "html_502": html_502,
    "blank_lines": blank_lines,
    "half_json": half_json,
    "cut": cut,
    "cut_at_once": cut_at_once,
    "reset": reset,
    "silent": silent,
    "huge": huge,
    "endless_head": endless_head,
    "not_http": not_http,
    "error_in_200": says(lambda _: error(*ERRORS[500])),
    "empty_choices": says(lambda request: completion(request, "") | {"choices": []}),
    "null_content": says(lambda request: completion(request, None)),
    "empty_content": says(lambda request: completion(request, "")),
    "length": says(lambda request: completion(request, text_for(request), "length")),
    "content_filter": says(lambda request: completion(request, None, "content_filter")),
    "refusal": says(lambda request: completion(request, None, refusal="I cannot help with that.")),
    "insufficient_quota": fails(429, lambda _: error("insufficient_quota", "insufficient_quota", "You exceeded your current quota.")),
    "context_length": fails(
        400, lambda _: error("invalid_request_error", "context_length_exceeded", "This model's maximum context length is 4096 tokens.")
    ),
    "refused_parameter": fails(400, refused_parameter),
}
