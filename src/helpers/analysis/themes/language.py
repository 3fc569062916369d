"""The language of an answer: identified from its words, with the questionnaire's or country's as a prior."""

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.analysis.themes.codebook import LANGUAGES
from helpers.analysis.themes.words import LONGEST_WORD, clean, is_known, read_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENOUGH_WORDS = 4
"""Words from which an answer shows its language by itself."""
COUNTRY_LANGUAGES = {
    "AT": ("de",), "BE": ("nl", "fr", "de"), "BG": ("bg",), "CY": ("el",), "CZ": ("cs",), "DE": ("de",),
    "DK": ("da",), "EE": ("et",), "EL": ("el",), "ES": ("es",), "FI": ("fi", "sv"), "FR": ("fr",),
    "HR": ("hr",), "HU": ("hu",), "IE": ("en", "ga"), "IT": ("it",), "LT": ("lt",), "LU": ("fr", "de"),
    "LV": ("lv",), "MT": ("mt", "en"), "NL": ("nl",), "PL": ("pl",), "PT": ("pt",), "RO": ("ro",),
    "SE": ("sv",), "SI": ("sl",), "SK": ("sk",), "UK": ("en",),
}  # fmt: skip
"""Country (Eurostat's code) -> its official languages of the EU, the most spoken first."""
CLOSE = {"cs": "sk", "sk": "cs", "hr": "sl", "sl": "hr", "es": "pt", "pt": "es", "da": "sv", "sv": "da"}
"""Languages that letters alone confuse; the tables of lemmas tell them apart."""
DOUBT, A_WORD = 3.0, 1.0
"""Lead below which close languages are told apart by their words, and how much a word of only one counts."""
_SCALE = 1000.0
_MOST_WORDS = 400_000
NUMBER = {language: at for at, language in enumerate(LANGUAGES)}
PARTNER = np.array([NUMBER.get(CLOSE.get(language, ""), -1) for language in LANGUAGES])
"""Number of a language -> that of the one it is confused with, or -1."""


class _Numbers(dict[str, int]):
    """Word -> a number; that of a new word is worked out when it is asked for."""

    def __init__(self, add: Callable[[str], int]) -> None:
        self._add = add

    def __missing__(self, word: str) -> int:
        return self._add(word)


class Vocabulary:
    """For every word met, how much it speaks for each language, and its length in bytes.

    The scores are those of py3langid's model for the word between blanks, in thousandths and whole numbers,
    so that sums do not depend on their order. Adding up words identifies texts as well as the model does
    on the whole text, and costs nothing for a word that was met before.
    """

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE)
        self._identifier.set_languages(LANGUAGES)
        priors = zip(self._identifier.nb_classes, self._identifier.nb_pc.tolist(), strict=True)
        self._prior = dict(priors)
        self._forget()

    def _forget(self) -> None:
        self.numbers = _Numbers(self._add)
        self._scores = np.zeros((1024, len(LANGUAGES)), dtype=np.int64)
        self._sizes = np.zeros(1024, dtype=np.int64)
        self._votes: dict[tuple[str, str], _Numbers] = {}

    def tidy(self) -> None:
        """Forget all words if there are too many of them; call between batches."""
        if len(self.numbers) > _MOST_WORDS:
            self._forget()

    def _add(self, word: str) -> int:
        number = len(self.numbers)
        if number == len(self._sizes):
            self._scores = np.concatenate([self._scores, np.zeros_like(self._scores)])
            self._sizes = np.concatenate([self._sizes, np.zeros_like(self._sizes)])
        letters = clean(word).lower()
        if len(letters) <= LONGEST_WORD and not any(map(str.isdigit, letters)):
            ranked = self._identifier.rank(f" {letters} ")
            if ranked[0][1] > -1e30:  # else the model knows nothing in it
                for language, score in ranked:
                    self._scores[number, NUMBER[language]] = round((score - self._prior[language]) * _SCALE)
                self._scores[number] -= self._scores[number].max()
                self._sizes[number] = len(letters.encode()) + 1
        self.numbers[word] = number
        return number

    def votes(self, words: Iterable[str], one: str, other: str) -> int:
        """Return how many more of the words stand in the table of one language than in that of the other."""
        if (one, other) not in self._votes:
            self._votes[one, other] = _Numbers(functools.partial(self._vote, one, other))
        return sum(map(self._votes[one, other].__getitem__, words))

    def _vote(self, one: str, other: str, word: str) -> int:
        written = clean(word)
        vote = self._votes[one, other][word] = is_known(written, one) - is_known(written, other)
        return vote

    def scores(self, numbers: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return the scores of words: one row a word, one column a language."""
        return self._scores[numbers]

    def sizes(self, numbers: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return the bytes of words that speak for a language, 0 for the others."""
        return self._sizes[numbers]


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the one vocabulary of this process; loads the model on the first call."""
    return Vocabulary()


def evidence(
    scores: "NDArray[np.int64]", sizes: "NDArray[np.int64]", bonus: "NDArray[np.float64] | float" = 0.0
) -> "NDArray[np.float64]":
    """Return how much speaks for each language, as the logarithm of a probability but for a constant.

    Parameters
    ----------
    scores
        Summed scores of the words of each text, one column a language.
    sizes
        Bytes of these words; the score is divided by their root, as py3langid does, since the letters of a
        text are not independent.
    bonus
        What else speaks for each language.
    """
    scaled: NDArray[np.float64] = scores / _SCALE / np.sqrt(np.maximum(sizes, 1))[:, None] + bonus
    return scaled


def probabilities(scaled: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the probability of each language from the evidence, one row a text."""
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def tell_apart(scaled: "NDArray[np.float64]", words: Sequence[Sequence[str]], known: Vocabulary) -> None:
    """Add to the evidence, in place, what words say where two close languages are in doubt.

    Parameters
    ----------
    scaled
        As `evidence` gives it.
    words
        Of each text.
    """
    best = scaled.argmax(axis=1)
    second = PARTNER[best]
    rows = np.arange(len(scaled))
    doubtful = (second >= 0) & (scaled[rows, best] - scaled[rows, second] < DOUBT)
    for at in np.flatnonzero(doubtful).tolist():
        if words[at]:
            one, other = LANGUAGES[best[at]], LANGUAGES[second[at]]
            scaled[at, second[at]] -= A_WORD * known.votes(words[at], one, other)


def identify_languages(texts: "pd.Series[str]", prior: "pd.Series[str] | None" = None) -> pd.DataFrame:
    """Return the language of each text.

    Parameters
    ----------
    texts
        Texts; missing ones are unknown.
    prior
        Language that is expected, such as the questionnaire's or the country's; decides below four words.

    Returns
    -------
    DataFrame
        With the index of ``texts``: ``language`` (ISO 639-1, missing if unknown), ``probability`` (of that
        language given the words, 0 to 1), ``how``: "identified", "prior" or "unknown".

    References
    ----------
    Lui, M., Baldwin, T. (2012), langid.py: An off-the-shelf language identification tool, ACL System
    Demonstrations, 25-30; model of py3langid.

    Examples
    --------
    >>> texts = pd.Series(["wir finden keine Fachkräfte", "energia", ""])
    >>> identify_languages(texts, pd.Series(["en", "it", None]))[["language", "how"]].values.tolist()
    [['de', 'identified'], ['it', 'prior'], [nan, 'unknown']]
    """
    known = vocabulary()
    known.tidy()
    words = [read_words(text).words if isinstance(text, str) else [] for text in texts]
    scores = np.zeros((len(texts), len(LANGUAGES)), dtype=np.int64)
    sizes, counts = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    for at, here in enumerate(words):
        numbers = np.fromiter(map(known.numbers.__getitem__, here), dtype=np.int64)
        scores[at] = known.scores(numbers).sum(axis=0)
        bytes_ = known.sizes(numbers)
        sizes[at], counts[at] = bytes_.sum(), np.count_nonzero(bytes_)
    scaled = evidence(scores, sizes)
    tell_apart(scaled, words, known)
    return _decided(texts.index, probabilities(scaled), counts, prior)


def _decided(
    index: pd.Index,
    shares: "NDArray[np.float64]",
    counts: "NDArray[np.int64]",
    prior: "pd.Series[str] | None",
) -> pd.DataFrame:
    best = shares.argmax(axis=1)
    expected = [None] * len(index) if prior is None else [NUMBER.get(str(code)) for code in prior]
    rows: list[tuple[str | None, float, str]] = []
    for at, count in enumerate(counts):
        here = expected[at]
        if count < ENOUGH_WORDS and here is not None:
            share = float(shares[at, here]) if count else 0.0
            rows.append((LANGUAGES[here], round(share, 4), "prior"))
        elif count:
            rows.append((LANGUAGES[best[at]], round(float(shares[at, best[at]]), 4), "identified"))
        else:
            rows.append((None, 0.0, "unknown"))
    table = pd.DataFrame(rows, columns=["language", "probability", "how"], index=index)
    return table.astype({"language": "str", "probability": "float64", "how": "str"})
