"""Turns punkt_tab text files, if there are any, into the pickle that NLTK 3.8.1 reads. Usage: pickle_punkt.py TOKENIZERS"""

import pickle
import sys
from pathlib import Path

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer


def read_parameters(folder: Path) -> PunktParameters:
    def lines(name: str) -> list[str]:
        return (folder / name).read_text(encoding="utf-8").split("\n")

    def pairs(name: str) -> list[tuple[str, str]]:
        return [(first, second) for first, _, second in (line.partition("\t") for line in lines(name) if line)]

    parameters = PunktParameters()
    parameters.abbrev_types = {line for line in lines("abbrev_types.txt") if line}
    parameters.sent_starters = {line for line in lines("sent_starters.txt") if line}
    parameters.collocations = set(pairs("collocations.tab"))
    for word, bits in pairs("ortho_context.tab"):
        parameters.ortho_context[word] = int(bits)
    return parameters


def main() -> None:
    tokenizers = Path(sys.argv[1])
    folder = tokenizers / "punkt_tab" / "english"
    parameters = read_parameters(folder) if folder.is_dir() else PunktParameters()
    with (tokenizers / "punkt" / "PY3" / "english.pickle").open("wb") as out:
        pickle.dump(PunktSentenceTokenizer(parameters), out)


if __name__ == "__main__":
    main()
