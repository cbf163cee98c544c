#!/usr/bin/env python3
"""Compare the metrics with the Python originals on random texts.

    python3 -m venv VENV && VENV/bin/pip install rouge-score==0.1.2 nltk==3.8.1 'numpy<2'
    cmake --build BUILD --target score_lines
    VENV/bin/python tests/differential/metrics_differential.py BUILD/tests/differential/score_lines [--count 20000]

ROUGE and the stems come from rouge-score and nltk. BLEU as HF evaluate computes it is typed in below from its
description (tokenizer 13a of sacreBLEU, counts of tensorflow/nmt), with Python's own regular expressions and Counter.
A pair may also be read from a file of JSON Lines with `prediction` and `ground_truth` (--file).
"""

import argparse
import collections
import json
import math
import random
import re
import subprocess
import sys

import numpy
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
LONGEST_FOR_ROUGE = 4000  # rouge_score's tables are quadratic

ALPHABETS = [
    "abc de",
    "abcdefghijklmnopqrstuvwxyz   ",
    "ABCabc.,;:!?'\"-()[]&$%#@/\\ 0123456789 \n",
    "0123456789.,-  ",
    "ab\n ",
    "aeiouy bcdlstz",
    "àéîõüßÄÖÜçñ aeiou",
    "日本語の。、 abc",
    "кот Собака ΣΑΣς σ",
    "\u0130\u0131\u212aIiKk\u017f \u0307",
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u200b\ufeffab",
    "\U0001f600\U0001f468\u200d\U0001f469a b",
]
PIECES = [
    "<skipped>", "-\n", "&quot;", "&amp;", "&lt;", "&gt;", "&amp;lt;", "<skip", "ped>", "...", "1,000.50", "3.14", "a.b", "U.S.",
    "e-mail", "10-20", "--", "n't", "'s", "\n", "\n\n", " ", "flies", "dying", "relational", "happily", "generalization", "controlling",
    "The", "the", "cat", "sat", "mat", "\u00ab", "\u00bb", "\u2019", "\u2014", "\u3002", "\u0663", "\u00bd", "_", "~", "^",
]
SUFFIXES = (
    "sses ies ss s eed ed ing at bl iz y ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness "
    "fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement "
    "ment ent ion ou ism ate iti ous ive ize e ll ied"
).split()


def random_text(rng):
    kind = rng.random()
    if kind < 0.04:
        return rng.choice(["", " ", "\n", "a", ".", "-", "1", "\u3000", "a b c", "a b c d"])
    length = rng.choice([3, 10, 30, 100]) if kind < 0.97 else 700
    if rng.random() < 0.3:
        return "".join(rng.choice(PIECES) + rng.choice(["", "", " ", "\n"]) for _ in range(length // 2))
    alphabet = rng.choice(ALPHABETS) if rng.random() < 0.8 else "".join(rng.sample(ALPHABETS, 2))
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(length) + 1))


def any_character(rng):
    c = rng.choice([rng.randrange(0x80), rng.randrange(0x800), rng.randrange(0x10000), rng.randrange(0x110000)])
    return " " if 0xD800 <= c <= 0xDFFF else chr(c)


def perturbed(rng, text):
    """A text that shares much with `text`."""
    words = re.split(r"(\s+|(?<=\w)(?=\W))", text)
    for _ in range(rng.randrange(1 + len(words) // 4) + 1):
        at = rng.randrange(len(words))
        action = rng.random()
        if action < 0.3:
            words[at] = ""
        elif action < 0.5:
            words.insert(at, rng.choice(PIECES))
        elif action < 0.7:
            other = rng.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        elif action < 0.8:
            words.insert(at, rng.choice(words))
        elif action < 0.9:
            words.insert(at, any_character(rng))
        else:
            words.insert(at, "\n")
    return "".join(words)


def random_pair(rng):
    prediction = random_text(rng)
    references = []
    for _ in range(1 if rng.random() < 0.8 else rng.randrange(1, 4)):
        references.append(perturbed(rng, prediction) if rng.random() < 0.6 else random_text(rng))
    return {"prediction": prediction, "references": references}


def random_word(rng):
    letters = rng.choice(["abcdefghijklmnopqrstuvwxyz", "aeioulstzby", "yyyaelsz", "a\u00e9\u00fcy\u03c3lsz", "o1*d-'le"])
    stem = "".join(rng.choice(letters) for _ in range(rng.randrange(8)))
    return stem + "".join(rng.choice(SUFFIXES) for _ in range(rng.choice([0, 1, 1, 1, 2, 3])))


def tokens_13a(text):
    for old, new in (("<skipped>", ""), ("-\n", ""), ("\n", " ")):
        text = text.replace(old, new)
    if "&" in text:
        for old, new in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
            text = text.replace(old, new)
    text = f" {text} "
    text = re.sub(r"([ -&(-+/:-@\[-`{-~])", r" \1 ", text)
    text = re.sub(r"([^0-9])([.,])", r"\1 \2 ", text)
    text = re.sub(r"([.,])([^0-9])", r" \1 \2", text)
    return re.sub(r"([0-9])(-)", r"\1 \2 ", text).split()


def ngrams(tokens):
    return collections.Counter(tuple(tokens[i : i + n]) for n in range(1, 5) for i in range(len(tokens) - n + 1))


def bleu(prediction, references, smooth):
    hypothesis = tokens_13a(prediction)
    references = [tokens_13a(text) for text in references]
    reference_length = min(map(len, references))
    if not hypothesis or not reference_length:
        return None
    merged = collections.Counter()
    for reference in references:
        merged |= ngrams(reference)
    matches = [0] * 4
    for ngram, count in (ngrams(hypothesis) & merged).items():
        matches[len(ngram) - 1] += count
    possible = [max(len(hypothesis) - n, 0) for n in range(4)]
    if smooth:
        precisions = [(m + 1.0) / (t + 1.0) for m, t in zip(matches, possible)]
    else:
        precisions = [m / t if t else 0.0 for m, t in zip(matches, possible)]
    mean = 0.0
    if min(precisions) > 0:
        total = 0.0
        for precision in precisions:
            total += 0.25 * math.log(precision)
        mean = math.exp(total)
    ratio = len(hypothesis) / reference_length
    penalty = 1.0 if ratio > 1 else math.exp(1 - 1 / ratio)
    return {"bleu": mean * penalty, "precisions": precisions, "brevity_penalty": penalty, "length_ratio": ratio,
            "translation_length": float(len(hypothesis)), "reference_length": float(reference_length)}


class Comparison:
    def __init__(self):
        self.compared = collections.Counter()
        self.other_bits = collections.Counter()
        self.worst = collections.Counter()
        self.failures = 0

    def numbers(self, what, ours, theirs, context):
        for a, b in zip(ours, theirs, strict=True):
            self.compared[what] += 1
            if a == b:
                continue
            self.other_bits[what] += 1
            self.worst[what] = max(self.worst[what], abs(a - b))
            if abs(a - b) > 1e-9:
                self.fail(what, a, b, context)

    def equal(self, what, ours, theirs, context):
        self.compared[what] += 1
        if ours != theirs:
            self.fail(what, ours, theirs, context)

    def fail(self, what, ours, theirs, context):
        self.failures += 1
        if self.failures <= 10:
            print(f"{what}: {ours!r} instead of {theirs!r} for {ascii(context)}")

    def report(self):
        for what, count in self.compared.items():
            print(f"{what:12} {count:8} compared, {self.other_bits[what]} with other bits (at most {self.worst[what]:.1e} apart)")
        print(f"{self.failures} failures")
        return 1 if self.failures else 0


def compare_pair(comparison, scorers, pair, ours):
    prediction, references = pair["prediction"], pair["references"]
    if all(len(text) <= LONGEST_FOR_ROUGE for text in [prediction, *references]):
        for prefix, scorer in scorers.items():
            for name, score in scorer.score_multi(references, prediction).items():
                comparison.numbers(prefix + name, ours[prefix + name], score, pair)
    for name, smooth in (("bleu", False), ("bleu_smooth", True)):
        theirs = bleu(prediction, references, smooth)
        if theirs is None:
            comparison.numbers(name, [ours[name]["bleu"]], [0.0], pair)
            continue
        for key, value in theirs.items():
            values = value if isinstance(value, list) else [value]
            comparison.numbers(name, ours[name][key] if isinstance(value, list) else [ours[name][key]], values, pair)
    lengths = [float(int(len(text.split()) / 0.75)) for text in (prediction, references[0])]
    comparison.numbers("token_length", ours["token_length"], lengths, pair)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", help="compare the pairs of this file instead of random ones")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    if options.file:
        with open(options.file, encoding="utf-8") as file:
            pairs = [{"prediction": p["prediction"], "references": [p["ground_truth"]]} for p in map(json.loads, file)]
    else:
        pairs = [random_pair(rng) for _ in range(options.count)]
    words = [random_word(rng) for _ in range(10 * options.count)]
    words += [any_character(rng) + "A" * (i % 2) + "\u03a3" + any_character(rng) for i in range(options.count)]
    values = [[rng.random() for _ in range(rng.randrange(1, 5000))] for _ in range(200)]
    lines = [*pairs, {"words": words}, *({"values": v} for v in values)]
    process = subprocess.run(
        [options.program], input="".join(json.dumps(line) + "\n" for line in lines), capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in process.stdout.strip().split("\n")]
    comparison = Comparison()
    scorers = {"": rouge_scorer.RougeScorer(TYPES), "stem_": rouge_scorer.RougeScorer(TYPES, use_stemmer=True)}
    for pair, ours in zip(pairs, answers):
        compare_pair(comparison, scorers, pair, ours)
    stemmer = PorterStemmer()
    for word, ours in zip(words, answers[len(pairs)], strict=True):
        comparison.equal("words", ours, [word.lower(), stemmer.stem(word.lower())], word)
    for numbers, ours in zip(values, answers[len(pairs) + 1 :], strict=True):
        comparison.equal("mean", ours, float(numpy.mean(numbers)), len(numbers))
    return comparison.report()


if __name__ == "__main__":
    sys.exit(main())
