"""Makes two models of Hugging Face's kind in a folder, of some hundred kilobytes each: `seq2seq` (T5), `causal` (GPT-2).

Their weights are random, but the same every time: what they say is worthless, and always the same. Prints what
transformers itself makes of the texts that it is given, as a list of JSON.
"""

import json
import sys
from pathlib import Path

import tokenizers
import torch
import transformers

WORDS = "the a cat dog sat ran on under mat tree and it was old new red blue summarize : translate English to German .".split()


def make_tokenizer(folder: Path, **special):
    names = ["<pad>", "</s>", "<unk>", *WORDS]
    model = tokenizers.models.WordLevel({word: at for at, word in enumerate(names)}, unk_token="<unk>")
    words = tokenizers.Tokenizer(model)
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    if special.pop("ends", False):
        words.post_processor = tokenizers.processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=64, **special
    )
    tokenizer.save_pretrained(folder)
    return len(names)


def make_seq2seq(folder: Path):
    size = make_tokenizer(folder, ends=True)
    summarization = {"prefix": "summarize: ", "max_length": 12, "min_length": 4, "num_beams": 2, "no_repeat_ngram_size": 3}
    config = transformers.T5Config(
        vocab_size=size,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
        task_specific_params={"summarization": summarization},
    )
    model = transformers.T5ForConditionalGeneration(config)
    with torch.no_grad():
        model.shared.weight.mul_(4)  # else every text gets the same answer
    model.save_pretrained(folder)


def make_causal(folder: Path):
    size = make_tokenizer(folder)
    config = transformers.GPT2Config(
        vocab_size=size, n_positions=64, n_embd=32, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=1, pad_token_id=0
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)


def expected(folder: Path, texts: list) -> dict:
    summarize = transformers.pipeline("summarization", model=str(folder / "seq2seq"))
    go_on = transformers.pipeline("text-generation", model=str(folder / "causal"))
    options = {"max_new_tokens": 8, "do_sample": False, "return_full_text": False}
    return {
        "summarization": [summarize(text)[0]["summary_text"].strip() for text in texts],
        "text-generation": [go_on(text, **options)[0]["generated_text"].strip() for text in texts],
    }


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    place = Path(sys.argv[1])
    torch.manual_seed(7)
    make_seq2seq(place / "seq2seq")
    make_causal(place / "causal")
    print(json.dumps(expected(place, sys.argv[2:])))
