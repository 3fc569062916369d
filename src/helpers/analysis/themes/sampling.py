"""Which answers people code: a random sample, to judge the machine by, and a queue, to mend its codes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns, require_unique
from helpers.analysis.themes.human import QUEUE, RANDOM
from helpers.analysis.themes.material import yes_or_no
from helpers.analysis.themes.ppi import Flags
from helpers.data.errors import InputError

LEAST_A_STRATUM = 2
MANY_CODES = 4
SURE_LANGUAGE = 0.8
REASONS = {
    "other": "machine and second coder differ",
    "none": "no code",
    "many": "many codes",
    "language": "language unsure",
}
_POINTS = {"none": 0.5, "many": 0.25, "language": 0.25}


def draw_sample(
    answers: pd.DataFrame,
    size: int,
    seed: int,
    *,
    strata: Sequence[str] = (),
    least: int = LEAST_A_STRATUM,
) -> pd.DataFrame:
    """Draw a random sample of answers for people to code, with known inclusion probabilities.

    Parameters
    ----------
    answers
        ``answer_id`` and the columns of ``strata``. Leave out before what nobody shall code (empty answers):
        what is not here is not spoken for.
    size
        How many answers.
    seed
        Of the random numbers. The same answers, size and seed give the same sample, whatever their order.
    strata
        Columns, such as ``language`` or ``country``, whose combinations are sampled each by itself: ``least``
        answers each (all, if there are fewer), the rest in proportion (largest remainders). Missing values
        are a stratum of their own. Without strata all answers have the same probability.
    least
        Fewest answers of a stratum.

    Returns
    -------
    DataFrame
        ``answer_id``, ``stratum`` (labels joined by " / "; empty without strata), ``selection`` (random),
        ``probability`` (sampled / all of the stratum); in random order. Who stops half-way has, without
        strata, coded a random half; its probabilities are half as large.

    Raises
    ------
    InputError
        If an answer is listed twice, or the size is below one, above the number of answers, or too small for
        the strata.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 3rd edition, Wiley, chapters 2 and 5.

    Examples
    --------
    >>> answers = pd.DataFrame({"answer_id": [f"a{place}" for place in range(10)],
    ...                         "language": ["en"] * 7 + ["mt"] * 3})
    >>> sample = draw_sample(answers, 5, seed=1, strata=["language"])
    >>> sample.groupby("stratum")["probability"].agg(["size", "first"]).round(3).reset_index().values.tolist()
    [['en', 3, 0.429], ['mt', 2, 0.667]]
    """
    require_columns(answers, "answers", ["answer_id", *strata])
    require_unique(answers, "answers", ["answer_id"])
    if not 1 <= size <= len(answers) or least < 1:
        raise InputError(f"sample: size is {size}; 1 to {len(answers)} (all answers) are allowed")
    rows = answers.sort_values("answer_id", ignore_index=True)
    parts = rows[list(strata)].astype(object).fillna("").astype(str)
    stratum = pd.Series([" / ".join(labels) for labels in parts.to_numpy()], index=rows.index, dtype=object)
    numbers = stratum.value_counts().sort_index()
    chosen = _allocated(numbers, size, least)
    generator = np.random.default_rng(seed)
    places = [
        generator.choice(np.flatnonzero(stratum == label), number, replace=False)
        for label, number in chosen.items()
    ]
    drawn = generator.permutation(np.concatenate(places))
    names = stratum.iloc[drawn]
    return pd.DataFrame(
        {
            "answer_id": rows["answer_id"].iloc[drawn].astype("str").to_numpy(),
            "stratum": names.astype("str").to_numpy(),
            "selection": RANDOM,
            "probability": (names.map(chosen) / names.map(numbers)).to_numpy(dtype=float),
        }
    )


def review_queue(
    answers: pd.DataFrame,
    machine: pd.DataFrame,
    second: pd.DataFrame | None = None,
    *,
    size: int | None = None,
    leave_out: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank answers by how likely a person will have to mend their codes.

    The queue is no random sample: it holds the worst. It serves to mend codes and to widen the codebook,
    never to estimate shares or to judge the machine.

    Parameters
    ----------
    answers
        ``answer_id``; if they are there, ``language`` and ``language_probability`` (from 0 to 1).
    machine
        Bool, answers (index ``answer_id``) x themes.
    second
        Codes of a second coder of the same themes, bool, or probabilities from 0 to 1
        (`hybrid.Hybrid.probabilities`, embeddings).
    size
        How many; all if not given.
    leave_out
        ``answer_id`` of what people coded before.

    Returns
    -------
    DataFrame
        ``rank`` from 1, ``answer_id``, ``score``, ``disagreement``, ``reasons`` (joined by "; "),
        ``selection`` (queue) and ``probability`` (missing). ``disagreement`` is the sum over themes of
        abs(code - second), which with probabilities is the number of wrong codes to expect; ``score`` adds
        0.5 for no code, 0.25 for four or more and 0.25 for a language that is unknown or known with less than
        0.8. Equal scores stand in the order of ``answer_id``.

    Raises
    ------
    InputError
        If an answer was not coded, or ``second`` does not have the same answers and themes.

    References
    ----------
    Uncertainty and disagreement between models as order of review: Settles, B. (2012), Active Learning,
    Morgan & Claypool, chapters 2 and 3.

    Examples
    --------
    >>> answers = pd.DataFrame({"answer_id": ["a1", "a2", "a3"], "language": ["en", None, "en"]})
    >>> machine = pd.DataFrame({"energy": [True, False, True]}, index=["a1", "a2", "a3"])
    >>> second = pd.DataFrame({"energy": [0.9, 0.3, 0.0]}, index=["a1", "a2", "a3"])
    >>> review_queue(answers, machine, second)[["rank", "answer_id", "score", "reasons"]].values.tolist()
    [[1, 'a2', 1.05, 'no code; language unsure'], [2, 'a3', 1.0, 'machine and second coder differ'],
     [3, 'a1', 0.1, '']]
    """
    require_columns(answers, "answers", ["answer_id"])
    require_unique(answers, "answers", ["answer_id"])
    rows = answers[~answers["answer_id"].isin(list(leave_out))]
    codes = _of_answers(yes_or_no(machine, "machine codes"), rows, "machine codes").astype(float)
    gaps = np.zeros(codes.shape)
    if second is not None:
        other = _of_answers(second, rows, "second coder").reindex(columns=codes.columns).astype(float)
        if not other.isin([0.0, 1.0]).to_numpy().all() and not ((other >= 0) & (other <= 1)).to_numpy().all():
            raise InputError("second coder: true, false or a number from 0 to 1 is needed of each theme")
        gaps = np.abs(codes.to_numpy() - other.to_numpy())
    number = codes.to_numpy().sum(axis=1)
    flags = {
        "other": (gaps > 0.5).any(axis=1),
        "none": number == 0,
        "many": number >= MANY_CODES,
        "language": _unsure(rows),
    }
    score = gaps.sum(axis=1) + sum(points * flags[name] for name, points in _POINTS.items())
    said = ["; ".join(REASONS[name] for name in REASONS if flags[name][place]) for place in range(len(rows))]
    queue = pd.DataFrame(
        {
            "answer_id": rows["answer_id"].astype("str").to_numpy(),
            "score": score.round(6),
            "disagreement": gaps.sum(axis=1).round(6),
            "reasons": pd.array(said, dtype="str"),
            "selection": QUEUE,
            "probability": pd.array([None] * len(rows), dtype="Float64"),
        }
    )
    queue = queue.sort_values(["score", "answer_id"], ascending=[False, True], ignore_index=True)[:size]
    queue.insert(0, "rank", np.arange(1, len(queue) + 1))
    return queue


def _allocated(numbers: pd.Series, size: int, least: int) -> pd.Series:
    """Return how many to draw of each stratum: at least ``least``, never more than there are."""
    floor = numbers.clip(upper=least)
    if floor.sum() > size:
        raise InputError(
            f"sample: size is {size}; {len(numbers)} strata with {least} answers each need {floor.sum()}"
        )
    free = pd.Series(True, index=numbers.index)
    while True:
        rest = size - int(floor[~free].sum())
        exact = rest * numbers[free] / numbers[free].sum()
        small = exact.index[exact < floor[free] - 1e-9]
        if not len(small):
            break
        free[small] = False
    whole = np.floor(exact + 1e-9).astype(int)
    remainders = (exact - whole).sort_values(ascending=False, kind="stable")
    whole[remainders.index[: rest - int(whole.sum())]] += 1
    chosen: pd.Series = pd.concat([floor[~free], whole]).astype(int)
    return chosen


def _unsure(rows: pd.DataFrame) -> Flags:
    unsure = np.zeros(len(rows), dtype=np.bool_)
    if "language" in rows:
        unsure |= (rows["language"].astype(object).fillna("") == "").to_numpy()
    if "language_probability" in rows:
        chance = pd.to_numeric(rows["language_probability"], errors="coerce").astype("float64")
        unsure |= (chance < SURE_LANGUAGE).to_numpy()
    return unsure


def _of_answers(codes: pd.DataFrame, rows: pd.DataFrame, what: str) -> pd.DataFrame:
    missing = rows.loc[~rows["answer_id"].isin(codes.index), "answer_id"]
    if len(missing):
        raise InputError(f"{what}: answer {missing.iloc[0]} is missing")
    return codes.loc[rows["answer_id"]]
