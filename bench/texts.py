"""Texts to measure with: pairs of a reference and a changed copy of it, the same bytes on every machine.

The words are those of WordNet 3.0, drawn as often as its sense-tagged texts use them, with function words, names and
numbers between them. Only `random.Random.random` is used, whose numbers Python promises to keep for a seed.

Usage: texts.py N FILE.jsonl
"""

import bisect
import csv
import hashlib
import io
import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from lib import BenchError

WORDNET = Path("/usr/share/wordnet")
PARTS = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
FUNCTION_WORDS = (
    "the the the the of of of and and to to a a in in is was it that for on with as he she they we you I his her their "
    "be at by not this are but from or have had has an which one all there been when who will more no if out so what "
    "up into than its can only other some could these two may then do first any my now such over our"
).split()
NAMES = "Mr. Smith|Dr. Jones|Mrs. Brown|#Person1#|#Person2#|New York|Anna|Peter|U.S.|Prof. Lee|St. Paul|Inc.".split("|")
ENDINGS = {"noun": ("s", "s", "'s"), "verb": ("s", "ed", "ing"), "adj": ("er", "ly", "ness"), "adv": ("",)}

# The seed of the published tables.
SEED = 20
Pair = tuple[str, str]


class Vocabulary:
    """Words of WordNet with how often they are used, their part of speech and their synonyms."""

    def __init__(self, folder: Path = WORDNET) -> None:
        if not (folder / "cntlist.rev").is_file():
            raise BenchError(f"WordNet is not in {folder}: apt-get install wordnet-base")
        synsets = [lemmas for part in ("noun", "verb", "adj", "adv") for lemmas in _synsets(folder / f"data.{part}")]
        known = {lemma for lemmas in synsets for lemma in lemmas}
        counts: dict[tuple[str, str], int] = {}
        for line in (folder / "cntlist.rev").read_text().splitlines():
            key, _, count = line.split()
            lemma, sense = key.split("%")
            if lemma in known:
                word = (lemma, PARTS[sense[0]])
                counts[word] = counts.get(word, 0) + int(count)
        self.words = sorted(counts)
        self._sums = list(itertools.accumulate(counts[word] for word in self.words))
        self.synonyms: dict[str, list[str]] = {}
        for lemmas in synsets:
            for lemma in lemmas:
                self.synonyms.setdefault(lemma, []).extend(other for other in lemmas if other != lemma)

    def draw(self, rng: random.Random) -> tuple[str, str]:
        """A word and its part of speech, frequent ones more often."""
        return self.words[bisect.bisect(self._sums, rng.random() * self._sums[-1])]


def _synsets(file: Path) -> Iterator[list[str]]:
    """The single words of each set of synonyms; names, which have a capital, are left out."""
    for line in file.read_text().splitlines():
        if not line.startswith(" "):
            fields = line.split(" ")
            lemmas = [fields[4 + 2 * i].split("(")[0] for i in range(int(fields[3], 16))]
            yield [lemma for lemma in lemmas if lemma.isalpha() and lemma.islower()]


class Writer:
    """Writes references and predictions that share some words, stems and synonyms with them."""

    def __init__(self, vocabulary: Vocabulary, seed: int = SEED) -> None:
        self._vocabulary = vocabulary
        self._rng = random.Random(seed)

    def _below(self, count: int) -> int:
        return int(self._rng.random() * count)

    def _inflected(self, lemma: str, part: str) -> str:
        endings = ENDINGS[part]
        ending = endings[self._below(len(endings))]
        stem = lemma[:-1] if lemma.endswith("e") and ending in ("ed", "er", "ing") else lemma
        return stem + ending

    def _word(self) -> str:
        chance = self._rng.random()
        if chance < 0.42:
            return FUNCTION_WORDS[self._below(len(FUNCTION_WORDS))]
        if chance < 0.45:
            return NAMES[self._below(len(NAMES))]
        if chance < 0.47:
            return (f"{self._below(90) + 10}", f"{self._below(9) + 1},{self._below(900) + 100}", f"{self._below(99)}.5%")[self._below(3)]
        lemma, part = self._vocabulary.draw(self._rng)
        return self._inflected(lemma, part) if self._rng.random() < 0.35 else lemma

    def sentence(self) -> list[str]:
        """Words of a sentence of 5 to 17 words, punctuation attached."""
        words = [self._word() for _ in range(5 + self._below(7) + self._below(7))]
        words[0] = words[0][0].upper() + words[0][1:]
        for i in range(2, len(words) - 1):
            if self._rng.random() < 0.07:
                words[i] += ","
        words[-1] += ".?!.."[self._below(5)]
        return words

    def text(self, sentences: int) -> str:
        return " ".join(" ".join(self.sentence()) for _ in range(sentences))

    def _changed(self, word: str) -> list[str]:
        chance = self._rng.random()
        bare = word.rstrip(".,?!")
        tail = word[len(bare) :]
        if chance < 0.08:
            return []
        if chance < 0.18:
            others = self._vocabulary.synonyms.get(bare.lower())
            return [others[self._below(len(others))] + tail] if others else [word]
        if chance < 0.24:
            return [bare + ("s", "ed", "ing", "ly")[self._below(4)] + tail]
        if chance < 0.31:
            return [self._word() + tail]
        return [word, self._word()] if chance < 0.36 else [word]

    def pair(self) -> Pair:
        """A prediction and its reference of about 22 words."""
        reference = [word for _ in range(2) for word in self.sentence()]
        prediction = [changed for word in reference for changed in self._changed(word)]
        for i in range(len(prediction) - 1):
            if self._rng.random() < 0.04:
                prediction[i], prediction[i + 1] = prediction[i + 1], prediction[i]
        return " ".join(prediction) or "None", " ".join(reference)


def write_pairs(file: Path, count: int) -> None:
    writer = Writer(Vocabulary())
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            prediction, reference = writer.pair()
            out.write(json.dumps({"id": number, "prediction": prediction, "ground_truth": reference}) + "\n")


def read_pairs(file: Path) -> list[Pair]:
    """Pairs of a JSONL file with the members `prediction` and `ground_truth`."""
    with file.open(encoding="utf-8") as lines:
        return [(row["prediction"], row["ground_truth"]) for row in map(json.loads, lines)]


def write_predictions(file: Path, pairs: list[Pair]) -> None:
    """A CSV of predictions, as `lumi evaluate` reads it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["predictions", "ground_truth"])
        writer.writerows(pairs)


def write_dataset(file: Path, size: int) -> int:
    """A CSV of at least `size` bytes with documents, summaries and predictions, about 1 KB a row; the number of its rows.

    After 8 MiB the rows repeat: reading, hashing and scoring cost the same, and a gigabyte is written in seconds.
    """
    writer = Writer(Vocabulary())
    block = _rows_of(writer, min(size, 8 << 20))
    data = "".join(block).encode()
    header = b"examples,ground_truth,predictions\n"
    rows = 0
    with file.open("wb") as out:
        written = out.write(header)
        while written + len(data) <= size:
            written += out.write(data)
            rows += len(block)
        for row in itertools.cycle(block):
            if written >= size:
                return rows
            written += out.write(row.encode())
            rows += 1
    return rows


def _rows_of(writer: Writer, size: int) -> list[str]:
    rows = []
    total = 0
    while total < size:
        buffer = io.StringIO()
        prediction, reference = writer.pair()
        # One document in four has line breaks and quotes inside its field.
        document = writer.text(10) if len(rows) % 4 else writer.text(5) + '\n"' + writer.text(5) + '"'
        csv.writer(buffer, lineterminator="\n").writerow([document, reference, prediction])
        rows.append(buffer.getvalue())
        total += len(rows[-1])
    return rows


def cached(file: Path, write: Callable[[Path], object]) -> Path:
    """`file`, written when it is not there yet."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        write(unfinished)
        unfinished.rename(file)
    return file


def describe_pairs(pairs: list[Pair]) -> str:
    digest = hashlib.sha256("".join(f"{p}\n{r}\n" for p, r in pairs).encode()).hexdigest()[:12]
    words = [sum(len(pair[side].split()) for pair in pairs) / len(pairs) for side in (0, 1)]
    characters = sum(len(reference) for _, reference in pairs) / len(pairs)
    size = f"{words[1]:.1f} words and {characters:.0f} characters a reference, {words[0]:.1f} words a prediction"
    return f"{len(pairs):,} pairs, {size}, sha256 {digest}"


if __name__ == "__main__":
    write_pairs(Path(sys.argv[2]), int(sys.argv[1]))
