#!/usr/bin/env python3
"""Runs models of Hugging Face on this machine for lumi: docs/worker-protocol.md, method `generate`.

Summarization, translation and text generation with transformers and PyTorch. What a model's own configuration says of an
answer (length, beams, penalties) holds unless a request says otherwise.
"""

import importlib.util
import json
import os
import sys

PROTOCOL = 1
NEEDS = {"torch": "torch", "transformers": "transformers", "sentencepiece": "sentencepiece"}
# What transformers' generate() takes as it is; requests may set these beside OpenAI's names.
GENERATION = (
    "do_sample",
    "early_stopping",
    "length_penalty",
    "max_length",
    "min_length",
    "no_repeat_ngram_size",
    "num_beams",
    "repetition_penalty",
    "top_k",
)
# Fields of a request that say nothing about the text.
IGNORED = ("model", "messages", "stream", "stream_options")
LIBRARY_MAX_LENGTH = 20  # of models that say nothing
NO_LIMIT = 1_000_000  # tokenizers without a limit say 10^30


class Refusal(Exception):
    """An error that is told to lumi: a code of the protocol, and what more there is to say."""

    def __init__(self, code: str, message: str, **more):
        super().__init__(message)
        self.fields = {"code": code, "message": message, **more}


class Channel:
    """The lines to and from lumi. Whatever else writes to standard output goes to standard error."""

    def __init__(self):
        self.lines = sys.stdin.buffer
        self.out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def read(self):
        """The next message; None once lumi has closed the pipe."""
        line = self.lines.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def say(self, *messages):
        """Sends messages at once, so that lumi can answer all of them at once."""
        self.out.write("".join(json.dumps(message) + "\n" for message in messages).encode())
        self.out.flush()

    def fail(self, refusal: Refusal, **of):
        self.say({"type": "error", **of, **refusal.fields})


def missing_parts() -> list:
    return [package for module, package in NEEDS.items() if importlib.util.find_spec(module) is None]


def hello() -> dict:
    message = {"type": "hello", "protocol": PROTOCOL, "name": "hf", "version": "1", "methods": ["generate"]}
    missing = [part for part in missing_parts() if part != "sentencepiece"]
    if missing:
        command = f"{sys.executable or 'python3'} -m pip install {' '.join(NEEDS.values())}"
        names = ", ".join(missing)
        message["problem"] = {"message": f"Python packages are missing: {names}", "hint": f"run: {command}"}
    return message


def device_for(torch, accelerator: str) -> str:
    if accelerator != "auto":
        return accelerator
    if torch.cuda.is_available():
        return "cuda"
    mps = getattr(torch.backends, "mps", None)
    return "mps" if mps is not None and mps.is_available() else "cpu"


def open_error(error: Exception, name: str) -> Refusal:
    """Why a model could not be loaded, in the protocol's words."""
    text = " ".join(str(error).split())[:400]
    kind = type(error).__name__
    if kind == "GatedRepoError" or "gated repo" in text or "401 Client Error" in text:
        return Refusal("credentials", f"model {name!r} asks for a token: {text}", hint="set HF_TOKEN")
    if isinstance(error, ImportError):
        command = f"{sys.executable or 'python3'} -m pip install {' '.join(NEEDS.values())}"
        return Refusal("missing", text, hint=f"run: {command}")
    if isinstance(error, (OSError, ValueError)):
        return Refusal("not_found", f"model {name!r} cannot be loaded: {text}", hint="give a model's name or its folder")
    return Refusal("failed", f"model {name!r} cannot be loaded: {kind}: {text}")


class Model:
    """A model that is loaded, with what its task needs."""

    def __init__(self, options: dict):
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        self.torch = torch
        self.name = options["model"]
        self.task = options.get("task") or "summarization"
        self.languages = options.get("source_language"), options.get("target_language")
        where = {
            "revision": options.get("revision") or "main",
            "trust_remote_code": bool(options.get("trust_remote_code")),
        }
        config = transformers.AutoConfig.from_pretrained(self.name, **where)
        self.is_encoder_decoder = bool(getattr(config, "is_encoder_decoder", False))
        kind = transformers.AutoModelForSeq2SeqLM if self.is_encoder_decoder else transformers.AutoModelForCausalLM
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(self.name, use_fast=options.get("use_fast", True), **where)
        dtype = options.get("torch_dtype") or "auto"
        dtype = dtype if dtype == "auto" else getattr(torch, dtype.removeprefix("torch."))
        self.device = device_for(torch, options.get("accelerator") or "auto")
        self.model = kind.from_pretrained(self.name, config=config, torch_dtype=dtype, **where).to(self.device).eval()
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        if not self.is_encoder_decoder:
            self.tokenizer.padding_side = "left"  # answers go on where the prompt ends
        self.defaults, self.prefix = self._task_defaults(config)

    def _task_defaults(self, config) -> tuple:
        """What the model's configuration says of its task: generation parameters, and what stands before each text."""
        of_tasks = getattr(config, "task_specific_params", None) or {}
        key = self.task
        if self.task == "translation":
            source, target = (language_code(language) for language in self.languages)
            named = f"translation_{source}_to_{target}"
            key = named if named in of_tasks else "translation"
        params = dict(of_tasks.get(key) or {})
        prefix = params.pop("prefix", "") or ""
        if self.task == "translation" and not prefix and getattr(config, "model_type", "") in ("t5", "mt5", "umt5"):
            source, target = (language or "" for language in self.languages)
            prefix = f"translate {source} to {target}: "
        return {name: value for name, value in params.items() if name in GENERATION}, prefix

    def most_prompt_tokens(self):
        known = [self.tokenizer.model_max_length, getattr(self.model.config, "max_position_embeddings", None)]
        known = [most for most in known if most and most < NO_LIMIT]
        return min(known) if known else None

    def prompt_of(self, params: dict) -> str:
        messages = params["messages"]
        if self.is_encoder_decoder:
            # These take one text; what they do with it is what they were trained for.
            return self.prefix + "\n".join(message["content"] for message in messages if message["role"] == "user")
        if getattr(self.tokenizer, "chat_template", None):
            return self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return "\n".join(message["content"] for message in messages)

    def generation_of(self, params: dict) -> dict:
        """The arguments of generate() that a request asks for."""
        chosen = dict(self.defaults)
        for name, value in params.items():
            if name in GENERATION:
                chosen[name] = value
            elif name in ("max_tokens", "temperature", "top_p", "seed", *IGNORED):
                continue
            elif name == "frequency_penalty" and not value:
                continue
            else:
                raise Refusal("unsupported_parameter", f"models of transformers do not take {name!r}", parameter=name)
        temperature = params.get("temperature") or 0
        # Models that turn a text into another are used as their makers say, others as a chat is.
        chosen.setdefault("do_sample", not self.is_encoder_decoder and temperature > 0)
        if chosen["do_sample"]:
            chosen["temperature"] = temperature or 1.0
            chosen["top_p"] = params.get("top_p", 1.0)
        own = getattr(self.model.generation_config, "max_length", LIBRARY_MAX_LENGTH)
        most = params.get("max_tokens", 1024)
        if self.is_encoder_decoder:
            own = chosen.pop("max_length", own if own != LIBRARY_MAX_LENGTH else most + 1)
            most = max(1, min(most, own - 1))  # it counts the token that begins an answer
        else:
            chosen.pop("max_length", None)
        chosen["max_new_tokens"] = most
        if chosen.get("min_length", 0) > most:
            chosen["min_length"] = most
        return chosen

    def languages_of(self) -> dict:
        """What multilingual translators want to be told before every answer."""
        source, target = self.languages
        tokenizer = self.tokenizer
        if self.task != "translation" or not target:
            return {}
        if hasattr(tokenizer, "get_lang_id"):  # M2M100
            tokenizer.src_lang = language_code(source)
            return {"forced_bos_token_id": tokenizer.get_lang_id(language_code(target))}
        codes = getattr(tokenizer, "lang_code_to_id", None)  # mBART, NLLB
        if codes:
            tokenizer.src_lang = matching_code(codes, source)
            return {"forced_bos_token_id": codes[matching_code(codes, target)]}
        return {}

    def answer(self, prompts: list, generation: dict, seed) -> list:
        if seed is not None:
            self.torch.manual_seed(seed)
        forced = self.languages_of()
        most = self.most_prompt_tokens()
        inputs = self.tokenizer(prompts, return_tensors="pt", padding=True, truncation=most is not None, max_length=most)
        inputs = {name: value.to(self.device) for name, value in inputs.items() if name != "token_type_ids"}
        if not self.is_encoder_decoder and most is not None:
            room = most - inputs["input_ids"].shape[1]
            if room < 1:
                raise Refusal("context_length", f"the prompt fills all of the model's {most} tokens")
            generation = {**generation, "max_new_tokens": min(generation["max_new_tokens"], room)}
        with self.torch.no_grad():
            tokens = self.model.generate(**inputs, **generation, **forced)
        start = 0 if self.is_encoder_decoder else inputs["input_ids"].shape[1]
        counts = inputs["attention_mask"].sum(dim=1).tolist()
        return [self._result(row[start:].tolist(), count, generation) for row, count in zip(tokens, counts)]

    def _result(self, tokens: list, prompt_tokens: int, generation: dict) -> dict:
        ends = self.model.generation_config.eos_token_id
        ends = set(ends if isinstance(ends, list) else [ends])
        said = tokens[1:] if self.is_encoder_decoder else tokens  # the first one only says: begin
        end = next((at for at, token in enumerate(said) if token in ends), None)
        count = len(said) if end is None else end + 1
        is_cut = end is None and len(said) >= generation["max_new_tokens"]
        return {
            "text": self.tokenizer.decode(said[:count], skip_special_tokens=True).strip(),
            "finish_reason": "length" if is_cut else "stop",
            "model": self.name,
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": count,
                "total_tokens": prompt_tokens + count,
            },
        }


CODES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "persian": "fa", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv", "thai": "th",
    "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip


def language_code(language) -> str:
    """`en` for English, en, en-US."""
    word = (language or "").strip().lower()
    return CODES.get(word, word.replace("_", "-").split("-")[0])


def matching_code(codes, language) -> str:
    """The tokenizer's own name of a language: `en_XX`, `eng_Latn`."""
    if language in codes:
        return language
    wanted = language_code(language)
    found = next((code for code in codes if code.lower().split("_")[0] == wanted), None)
    if found is None:
        raise Refusal("invalid", f"the model does not know the language {language!r}")
    return found


def model_name(options: dict) -> dict:
    """Opus-MT is a family with a model for each pair of languages."""
    if options.get("model") == "Helsinki-NLP/opus-mt" and options.get("source_language"):
        pair = "-".join(language_code(options.get(name)) for name in ("source_language", "target_language"))
        return {**options, "model": f"Helsinki-NLP/opus-mt-{pair}"}
    return options


class Worker:
    def __init__(self, channel: Channel):
        self.channel = channel
        self.model = None
        self.cancelled = set()

    def run(self):
        while (message := self.channel.read()) is not None:
            kind = message.get("type")
            if kind == "hello":
                self.channel.say(hello())
            elif kind == "open":
                self.open(message)
            elif kind == "request":
                self.answer(self.batch(message))
            elif kind == "shutdown":
                return

    def open(self, message: dict):
        options = model_name(message.get("options") or {})
        self.channel.say({"type": "progress", "message": f"loading {options.get('model')}"})
        try:
            self.model = Model(options)
        except Exception as error:  # whatever a library throws: lumi is told, and decides
            self.channel.fail(open_error(error, options.get("model")))
            return
        self.channel.say(
            {"type": "progress", "message": f"{self.model.name} is loaded on {self.model.device}"},
            {"type": "ready", "max_in_flight": max(1, int(message.get("max_in_flight") or 1))},
        )

    def batch(self, request: dict) -> list:
        """The request and those that follow it at once."""
        requests = [request]
        while request.get("more") and (request := self.channel.read()) is not None:
            if request.get("type") == "request":
                requests.append(request)
            elif request.get("type") == "cancel":
                requests = [one for one in requests if one["id"] != request.get("id")]
                request = {"more": True}
        return requests

    def answer(self, requests: list):
        groups = {}
        for request in requests:
            try:
                params = request["params"]
                generation = self.model.generation_of(params)
                key = json.dumps([generation, params.get("seed")], sort_keys=True)
                groups.setdefault(key, (generation, params.get("seed"), []))[2].append((request["id"], self.model.prompt_of(params)))
            except Refusal as refusal:
                self.channel.fail(refusal, id=request["id"])
            except (KeyError, TypeError) as error:
                self.channel.fail(Refusal("invalid", f"the request is not whole: {error!r}"), id=request["id"])
        for generation, seed, asked in groups.values():
            self.answer_group(generation, seed, asked)

    def answer_group(self, generation: dict, seed, asked: list):
        ids = [id for id, _ in asked]
        try:
            results = self.model.answer([prompt for _, prompt in asked], generation, seed)
        except Refusal as refusal:
            return self.one_by_one(generation, seed, asked, refusal)
        except Exception as error:
            refusal = Refusal("failed", f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")
            return self.one_by_one(generation, seed, asked, refusal)
        self.channel.say(*({"type": "result", "id": id, "result": result} for id, result in zip(ids, results)))

    def one_by_one(self, generation: dict, seed, asked: list, refusal: Refusal):
        """A batch that failed tells nothing of each: they are tried alone."""
        if len(asked) == 1:
            return self.channel.fail(refusal, id=asked[0][0])
        for one in asked:
            self.answer_group(generation, seed, [one])


if __name__ == "__main__":
    Worker(Channel()).run()
