"""Compares lumi's words, sentences, synonyms and METEOR with NLTK on made-up texts, to the last bit.

Usage: meteor_differential.py METEOR_LINES [COUNT [SEED]]
       meteor_differential.py --vectors >tests/data/vectors/nltk.json

Needs nltk==3.8.1 and numpy<2 (for instance in a venv), Debian's wordnet-base, and the program of the same folder:
cmake --build build/dev --target meteor_lines
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from nltk.corpus.reader.wordnet import WordNetCorpusReader
from nltk.data import FileSystemPathPointer
from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
from nltk.translate.meteor_score import align_words, single_meteor_score

ROOT = Path(__file__).parents[2]
NLTK_DATA = ROOT / "tests/data/nltk_data"
PUNKT = NLTK_DATA / "tokenizers/punkt_tab/english"
WORDNET = Path("/usr/share/wordnet")
LEXICOGRAPHER_FILES = 45

SPACES = [" "] * 40 + ["  ", "\n", "\n\n", "\t", "\r\n", " \n ", "\u00a0", "\u2003", "\u2028", "\x1c", "\x85", "\u3000", "\v"]
MARKS = list(".,;:!?'\"`-()[]{}<>@#$%&*/\\^_=+~|") + [
    "..", "...", "....", ". . .", ". .", "--", "---", "''", "``", "```", "!?", "?!", "!!!", ".\"", ".'", ".)", ".”", "?\"", "!)", ".]",
    "«", "»", "“", "”", "‘", "’", "„", "…", "—", "–", "。", "،", "¿", "·", "•", ".''", ",,", "::", ",'", "'.", "'?", "').", ".»", "(\"", "[''", "<'",
    "{\"", "' ", " '", "\" ", " \"", ". \"", ". ''", ". )", ".\n)", ",\n", ":\n", ". '", " . ",
]
ENDINGS = ["'s", "'S", "'m", "'d", "'ll", "'LL", "'Ll", "'re", "'ve", "'VE", "n't", "N'T", "n'T", "'", "s'", "'t", "'n", "'x", "'é", "'ſ", "'em", "’s", "'s.", "n't,"]
CONTRACTIONS = ["cannot", "Cannot", "CANNOT", "d'ye", "gimme", "gİmme", "gımme", "gonna", "Gonna", "gotta", "lemme", "more'n", "wanna", "'tis", "'Tis", "'twas",
                "'tıs", "'tiſ", "'twaſ", "cannot.", "wanna,", "wannabe", "x'tis", "gonna/gotta", "can't", "won't", "ain't", "y'all", "o'clock", "rock'n'roll"]
NUMBERS = ["1", "12", "3.14", "1,000", "1,000.50", "-5", ".5", "3.", "1990s", "10:30", "5%", "$3.50", "٣٤", "٣.", "1-2", "2nd", "3,", "1.2.3", "１２", "½", "Ⅷ."]
OTHERS = ["café", "naïve", "Zürich", "Straße", "ẞ", "ΣΟΦΟΣ", "ΟΔΟΣ.", "Σ.", "σας", "İstanbul", "ısı", "ﬁne", "ſo", "K", "日本語。", "日本", "العربية", "हिन्दी", "e\u0301",
          "\u200b", "\ufeff", "😀", "👩\u200d💻", "ǅ.", "Ǆ", "É.", "é.", "a.b.c.", "U.S.A", "www.x.com", "a@b.org", "x_y", "hot_dog", "snake_case.", "C++", "\x00", "\x7f"]


def read_punkt() -> PunktParameters:
    parameters = PunktParameters()
    lines = lambda name: [line for line in (PUNKT / name).read_text(encoding="utf-8").split("\n") if line]
    parameters.abbrev_types = set(lines("abbrev_types.txt"))
    parameters.sent_starters = set(lines("sent_starters.txt"))
    parameters.collocations = {tuple(line.split("\t")) for line in lines("collocations.tab")}
    for line in lines("ortho_context.tab"):
        word, flags = line.split("\t")
        parameters.ortho_context[word] = int(flags)
    return parameters


def read_wordnet(folder: Path) -> WordNetCorpusReader:
    """Debian's files and the list of lexicographer files, whose names METEOR does not use, but NLTK wants."""
    for file in WORDNET.iterdir():
        (folder / file.name).symlink_to(file)
    (folder / "lexnames").write_text("".join(f"{i:02d}\tfile{i}\t1\n" for i in range(LEXICOGRAPHER_FILES)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return WordNetCorpusReader(FileSystemPathPointer(str(folder)), None)


class Generator:
    """Makes up texts, from sentences as people write them to heaps of punctuation."""

    def __init__(self, rng: random.Random, parameters: PunktParameters, wordnet: WordNetCorpusReader) -> None:
        self.rng = rng
        self.lemmas = sorted(wordnet._lemma_pos_offset_map)
        self.common = "the a of and to in is was he she it they that for on with as his her at by an be this have from not are but had".split()
        self.abbreviations = sorted(parameters.abbrev_types)
        self.starters = sorted(parameters.sent_starters)
        self.known = sorted(parameters.ortho_context)
        self.pairs = sorted(parameters.collocations)

    def cased(self, word: str) -> str:
        return self.rng.choice([word, word, word, word.capitalize(), word.upper()])

    def lemma(self) -> str:
        word = self.rng.choice(self.lemmas)
        return word if self.rng.random() < 0.1 else word.split("_")[-1]

    def inflected(self, word: str) -> str:
        return word + self.rng.choice(["", "", "s", "es", "ed", "ing", "er", "est", "ies", "men", "ly", "ness", "ses", "sed"])

    def word(self) -> str:
        rng = self.rng
        kind = rng.random()
        if kind < 0.30:
            return self.cased(rng.choice(self.common))
        if kind < 0.55:
            return self.cased(self.inflected(self.lemma()))
        if kind < 0.65:
            return self.cased(rng.choice(self.known))
        if kind < 0.72:
            return self.cased(rng.choice(self.abbreviations)) + rng.choice([".", ".", ".", "", ".,", ".'s"])
        if kind < 0.76:
            return self.cased(rng.choice(self.starters))
        if kind < 0.79:
            return rng.choice("ABCDEFXYZiabÉ_7") + "."
        if kind < 0.81:
            first, second = rng.choice(self.pairs)
            return first.replace("##number##", "12") + ". " + self.cased(second)
        if kind < 0.85:
            return rng.choice(NUMBERS)
        if kind < 0.89:
            return rng.choice(CONTRACTIONS)
        if kind < 0.95:
            return self.cased(self.lemma()) + rng.choice(ENDINGS)
        return rng.choice(OTHERS)

    def text(self) -> str:
        rng = self.rng
        length = rng.choice([0, 1, 1, 2, 3, 5, 8, 8, 13, 13, 21, 34]) if rng.random() < 0.995 else 600
        mess = rng.choice([0.05, 0.15, 0.15, 0.4, 0.8])
        parts = [rng.choice(SPACES)] if rng.random() < 0.05 else []
        for _ in range(length):
            if rng.random() < mess:
                parts.append(rng.choice(MARKS))
            else:
                parts.append(self.word())
            if rng.random() < 0.15:
                parts.append(rng.choice([". ", ". ", ", ", "? ", "! ", ".\n", ".\" ", ".) "]))
            elif rng.random() > mess * 0.7:
                parts.append(rng.choice(SPACES))
        text = "".join(parts)
        return text if rng.random() < 0.3 else text.rstrip() + rng.choice(["", ".", ".", "?", ".\"", ".')", "...", ". ", ".\n"])

    def changed(self, text: str) -> str:
        """Another text with many of the words of `text`."""
        rng = self.rng
        words = text.split(" ")
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(words))
            to = rng.randrange(len(words))
            change = rng.random()
            if change < 0.3:
                words[at], words[to] = words[to], words[at]
            elif change < 0.5:
                words[at] = self.word()
            elif change < 0.6:
                words[at] = self.inflected(words[at])
            elif change < 0.8:
                words[at:at] = words[to:to + 3]
            else:
                del words[at:at + rng.randrange(3)]
                words = words or [""]
        return " ".join(words)


def run(program: str, lines: list[dict], punkt: str) -> list:
    environment = dict(os.environ, NLTK_DATA=str(NLTK_DATA), WNSEARCHDIR=str(WORDNET))
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([program, punkt], input=text, capture_output=True, encoding="utf-8", env=environment, check=True)
    return [json.loads(line) for line in done.stdout.rstrip("\n").split("\n")]


class Comparison:
    def __init__(self) -> None:
        self.count = 0
        self.differences = 0

    def check(self, what: str, given: object, got: object, expected: object) -> None:
        self.count += 1
        if got != expected:
            self.differences += 1
            if self.differences <= 20:
                print(f"{what} of {given!r}\n  lumi: {got!r}\n  nltk: {expected!r}")


# One text for each rule, and for what rules do to each other.
EDGES = [
    "", " ", "\n", ".", "..", "a", "a.", "a..", "a. b", "\"a\" b", "\" a", "(\"a\")", "''a'' ''b''", "x''a", "`a' ``b'' ```c```", "«a» “b” ‘c’ „d“ it’s",
    "it's John's 'x' y' z'.", "it's\nx", "it's\tx 'S 'M 'D", "I'll we'LL you'Ll they're THEY'RE I've don't DON'T Don'T can't", "'x y 'é 'ſ 't 'm 're 'xy a'b",
    "a' ' b '' c ' d", "rock 'n' roll, more'n d'ye gimme gonna gotta lemme wanna, wanna.\nwanna\u00a0x", "cannot Cannot écannot cannoté can-not cannot-x",
    "gİmme gımme 'tıs 'tiſ 'twaſ 'tis 'TWAS x'tis ('tis gotta'tis 'tis'twas 'twas'tis", "a,b 1,000 a,1 1,a ,, ,,a a:b 3:30 :) a, ,\n٣,٣ a,٣", "a:", "a,,", "a.) b.\" c.'",
    "The end.)", "The end.\" ) ", "The end. \"", "The end. ''", "The end. ' )", "The end.”", "The end.’ ", "The end.\n)", "The end .", "The end.. ", "x.) \n", ". )",
    "a;b@c#d$e%f&g ?! *x* [y] {z} <w> -- --- ---- a--b a-b", "a...b a.. ..b . . . e.g. U.S. U.S.A. 3.14 .5 www.x.com", "\u00a0a\u2003b\u3000c\u200bd\x1ce\x85f\ufeffg",
    "Mr. Smith met Dr. Jones. He left.", "He lives in the U.S. The house is big.", "J. Bach and A. Cooper. b. edelman", "It was 5 p.m. He left. At 3. Then 12. Business as usual.",
    "Wait... what? Yes... No. . . . Maybe . . . yes.", "He said (yes.) Then left. \"Stop.\" She did. 'No.' -- Ok.) [x.] --y", "Why?! Because! \"Really?\" he asked. Go!Now a.b!c",
    "First line.\nSecond line.\n\nThird.", "a.  b.\t c.\u2028D.", "ph.d. pro-u.s. The x.y.z. etc. And so", "ΟΔΟΣ. ΣΑΣ Σ. É. été. _. Ⅷ. ٣. 7.", "a.)b.)c.) d", ".x. !y! ?", " . a", "U.S.\" The",
]
# Words that morphy takes apart in many steps and ways.
FORMS = ["s" * n for n in range(1, 12)] + ["se" * n + "s" for n in range(1, 9)] + ["ses" * n for n in range(1, 7)] + ["ses" * n + "ed" for n in range(1, 6)]
FORMS += ["dogsss", "dogseses", "runninging", "redsed", "bigestest", "bigesters", "womenmens", "skiesies", "axeses", "dog" + "s" * 40, "cat" + "ing" * 12, "q" + "er" * 30]


def write_vectors() -> int:
    """Prints what NLTK makes of the texts above, of made-up ones and of pairs."""
    rng = random.Random(20)
    parameters = read_punkt()
    splitter, tokenizer = PunktSentenceTokenizer(parameters), NLTKWordTokenizer()
    cut = lambda text: [word for sentence in splitter.tokenize(text) for word in tokenizer.tokenize(sentence)]
    with tempfile.TemporaryDirectory() as folder:
        wordnet = read_wordnet(Path(folder))
        generator = Generator(rng, parameters, wordnet)
        texts = EDGES + [text for text in (generator.text() for _ in range(400)) if len(text) < 300]
        pairs = []
        for text in texts[len(EDGES):][:200]:
            other = generator.changed(text)
            pairs.append([other, text, single_meteor_score(cut(text), cut(other), wordnet=wordnet)])
        forms = {form: sorted({name for synset in wordnet.synsets(form) for name in synset.lemma_names() if "_" not in name}) for form in FORMS}
    rows = [[text, splitter.tokenize(text), cut(text), tokenizer.tokenize(text)] for text in texts]
    lines = lambda items: ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
    print(f'{{"texts":[\n{lines(rows)}\n],"pairs":[\n{lines(pairs)}\n],"synonyms":[\n{lines(forms.items())}\n]}}')
    return 0


def main() -> int:
    if sys.argv[1] == "--vectors":
        return write_vectors()
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    parameters = read_punkt()
    splitter, tokenizer = PunktSentenceTokenizer(parameters), NLTKWordTokenizer()
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as folder:
        wordnet = read_wordnet(Path(folder))
        generator = Generator(rng, parameters, wordnet)
        references = EDGES + [generator.text() for _ in range(count)]
        predictions = [generator.text() if rng.random() < 0.1 else generator.changed(text) for text in references]

        words = {}
        texts = references + predictions
        for text, got in zip(texts, run(program, [{"text": text} for text in texts], "nltk")):
            sentences = splitter.tokenize(text)
            words[text] = [word for sentence in sentences for word in tokenizer.tokenize(sentence)]
            comparison.check("sentences", text, got["sentences"], sentences)
            comparison.check("words", text, got["words"], words[text])
        for text, got in zip(references, run(program, [{"text": text} for text in references], "none")):
            comparison.check("words without sentences", text, got["words"], tokenizer.tokenize(text))

        pairs = list(zip(predictions, references))
        for (prediction, reference), got in zip(pairs, run(program, [{"prediction": p, "reference": r} for p, r in pairs], "nltk")):
            hypothesis, target = words[prediction], words[reference]
            expected = single_meteor_score(target, hypothesis, wordnet=wordnet)
            comparison.check("METEOR", (prediction, reference), got["meteor"], expected)
            matches = align_words([w.lower() for w in hypothesis], [w.lower() for w in target], wordnet=wordnet)[0]
            comparison.check("alignment", (prediction, reference), got["alignment"], [list(match) for match in matches])

        forms = [generator.inflected(generator.lemma()).lower() for _ in range(count)] + FORMS
        forms += [line.split(" ")[0] for part in ("noun", "verb", "adj", "adv") for line in (WORDNET / f"{part}.exc").read_text().split("\n") if line]
        for form, got in zip(forms, run(program, [{"word": form} for form in forms], "none")):
            expected = {name for synset in wordnet.synsets(form) for name in synset.lemma_names() if "_" not in name}
            comparison.check("synonyms", form, sorted(got), sorted(expected))
    print(f"{count} pairs, {comparison.count} comparisons, {comparison.differences} differences")
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    sys.exit(main())
