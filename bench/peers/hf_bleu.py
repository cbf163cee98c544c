"""BLEU as Hugging Face's evaluate computes it, for want of a package that ships it.

evaluate 0.4.3 loads this metric from a hub at run time, and no package on PyPI brings the module. Its tokenizer is
sacreBLEU's 13a, used here from the package. The arithmetic of TensorFlow's nmt is written anew, with the same generality
(several references, any order, smoothing) and the same data structures, so that it costs about the same.
"""

import math
from collections import Counter
from collections.abc import Sequence

from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

Tokens = Sequence[str]
_tokenize = Tokenizer13a()


def count_ngrams(tokens: Tokens, max_order: int) -> Counter[tuple[str, ...]]:
    """All n-grams of 1 to `max_order` tokens with their counts."""
    counts: Counter[tuple[str, ...]] = Counter()
    for order in range(1, max_order + 1):
        for start in range(len(tokens) - order + 1):
            counts[tuple(tokens[start : start + order])] += 1
    return counts


def corpus_bleu(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]], max_order: int = 4, smooth: bool = False) -> float:
    """Geometric mean of the clipped precisions times the brevity penalty against the shortest references."""
    matched = [0] * max_order
    possible = [0] * max_order
    hypothesis_length = reference_length = 0
    for hypothesis, targets in zip(hypotheses, references, strict=True):
        hypothesis_length += len(hypothesis)
        reference_length += min(len(target) for target in targets)
        allowed: Counter[tuple[str, ...]] = Counter()
        for target in targets:
            allowed |= count_ngrams(target, max_order)
        for ngram, count in (count_ngrams(hypothesis, max_order) & allowed).items():
            matched[len(ngram) - 1] += count
        for order in range(max_order):
            possible[order] += max(len(hypothesis) - order, 0)
    if smooth:
        precisions = [(m + 1) / (p + 1) for m, p in zip(matched, possible)]
    else:
        precisions = [m / p if p else 0.0 for m, p in zip(matched, possible)]
    if min(precisions) <= 0 or reference_length == 0:
        return 0.0
    mean = math.exp(sum(math.log(precision) / max_order for precision in precisions))
    ratio = hypothesis_length / reference_length
    return mean * (1.0 if ratio > 1 else math.exp(1 - 1 / ratio))


def bleu(prediction: str, reference: str) -> float:
    """The score of one pair, from the texts."""
    return corpus_bleu([_tokenize(prediction).split()], [[_tokenize(reference).split()]])
