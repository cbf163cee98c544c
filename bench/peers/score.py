"""Scores the pairs of a JSONL file with one Python original and prints, as JSON, how long the scoring alone took.

Imports, models, reading the file and the mean are not in the seconds. METEOR goes over the texts twice: NLTK reads a
synset from WordNet's files when it first meets it, and keeps it; "seconds" is the second, faster time.
Usage: score.py rouge|bleu|sacrebleu|meteor PAIRS.jsonl
"""

import json
import sys
import time
from collections.abc import Callable, Mapping

import numpy

Score = Mapping[str, float]


def rouge() -> Callable[[str, str], Score]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=False)
    return lambda prediction, reference: {name: score.fmeasure for name, score in scorer.score(reference, prediction).items()}


def bleu() -> Callable[[str, str], Score]:
    from hf_bleu import bleu as score

    return lambda prediction, reference: {"bleu": score(prediction, reference)}


def sacrebleu() -> Callable[[str, str], Score]:
    from sacrebleu.metrics import BLEU

    metric = BLEU(effective_order=True)
    return lambda prediction, reference: {"sacrebleu": metric.sentence_score(prediction, [reference]).score}


def meteor() -> Callable[[str, str], Score]:
    from nltk import word_tokenize
    from nltk.translate.meteor_score import single_meteor_score

    def score(prediction: str, reference: str) -> Score:
        return {"meteor": single_meteor_score(word_tokenize(reference), word_tokenize(prediction), alpha=0.9, beta=3, gamma=0.5)}

    return score


SCORERS = {"rouge": rouge, "bleu": bleu, "sacrebleu": sacrebleu, "meteor": meteor}


def main() -> None:
    score = SCORERS[sys.argv[1]]()
    with open(sys.argv[2], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    pairs = [(row["prediction"], row["ground_truth"]) for row in rows]
    score("the cats sat down quickly", "a cat was sitting down fast")
    seconds = []
    for _ in range(2 if sys.argv[1] == "meteor" else 1):
        start, cpu = time.perf_counter(), time.process_time()
        scores = [score(prediction, reference) for prediction, reference in pairs]
        seconds.append((time.perf_counter() - start, time.process_time() - cpu))
    means = {name: float(numpy.mean([row[name] for row in scores])) for name in scores[0]}
    print(json.dumps({"seconds": seconds[-1][0], "cpu": seconds[-1][1], "first_cpu": seconds[0][1], "means": means}))


if __name__ == "__main__":
    main()
