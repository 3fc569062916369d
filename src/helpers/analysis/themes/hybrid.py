"""A classifier that learns from people's codes what the dictionary misses, and where it errs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, require_columns, require_unique
from helpers.analysis.themes.features import Features, text_features
from helpers.analysis.themes.material import yes_or_no
from helpers.analysis.themes.ppi import Flags, Places
from helpers.data.errors import InputError

FEWEST_CODES = 500
FOLDS = 5
INNER_FOLDS = 3
FEWEST_WITH_THEME = 5
PENALTY = 3.0
"""Inverse strength of the penalty of the logistic regression (scikit-learn's C)."""
OWN_CODE, OTHER_CODES = 3.0, 1.0
"""Size of the dictionary's code of the theme itself, and of other themes, beside a text of length 1."""
THRESHOLDS = np.round(np.arange(0.10, 0.76, 0.025), 3)


@dataclass(frozen=True)
class Hybrid:
    """Codes of a hybrid classifier.

    ``codes`` (bool) and ``probabilities``: all answers x themes. ``folds``: fold of each answer; none was
    coded by a model that saw a human code of its fold. ``thresholds``: of each fold, the probability from
    which a theme is given. Where people gave a theme too rarely to learn it, the dictionary's code stands.
    """

    codes: pd.DataFrame
    probabilities: pd.DataFrame
    folds: pd.Series
    thresholds: pd.Series


def hybrid_codes(
    answers: pd.DataFrame,
    machine: pd.DataFrame,
    human: pd.DataFrame,
    *,
    embeddings: Floats | None = None,
    folds: int = FOLDS,
    seed: int = 0,
    fewest: int = FEWEST_CODES,
) -> Hybrid:
    """Code answers by a classifier trained on people's codes, cross-fitted by respondent.

    A logistic regression a theme (one versus rest) on the dictionary's codes, weighted character n-grams of
    the text, and sentence embeddings if there are any. Respondents are dealt out to folds; all answers of a
    fold, coded by people or not, are coded by models that saw human codes of the other folds only. So codes
    may be compared with the human ones, and go into `prevalence.prevalence_table`, as if from a machine that
    never saw the sample. The threshold is chosen within the other folds as well, on predictions for answers
    that the model they come from did not see: the one that gives the largest micro-F1. One for all themes is
    right where probabilities are: codes are best given from half of the F1 that can be reached.

    Parameters
    ----------
    answers
        ``answer_id``, ``text``; ``respondent_id`` if known (otherwise each answer is of somebody else), and
        ``language``, in which embeddings are centred.
    machine
        Bool, all answers (index ``answer_id``) x themes: the dictionary's codes.
    human
        Bool, the answers that people coded x the same themes. To estimate shares with the codes later, train
        on the random sample; answers of a review queue may be added to train on.
    embeddings
        Optional: a row an answer, in the order of ``answers``.
    folds
        Number of folds, two or more.
    seed
        Another seed deals the respondents out in another way.
    fewest
        Human codes below which it refuses.

    Returns
    -------
    Hybrid
        In the order of ``answers``. The same input gives the same codes, whatever the order of its rows.

    Raises
    ------
    InputError
        If people coded fewer than ``fewest`` answers, there are fewer respondents than folds, or answers,
        themes or embeddings do not fit together.

    References
    ----------
    One-versus-rest logistic regression: Hastie, T., R. Tibshirani and J. Friedman (2009), The Elements of
    Statistical Learning, 2nd edition, sections 4.4 and 7.10 (thresholds and features are chosen inside the
    folds); Lipton, Z. C., C. Elkan and B. Naryanaswamy (2014), Optimal Thresholding of Classifiers to
    Maximize F1 Measure, ECML PKDD; Zrnic, T., and E. J. Candès (2024), Cross-Prediction-Powered Inference,
    PNAS 121 (15).

    Examples
    --------
    >>> words = ["slow permits", "permits and rules", "no drivers", "drivers wanted"] * 150
    >>> answers = pd.DataFrame({"answer_id": [f"a{place:03}" for place in range(600)], "text": words})
    >>> truth = pd.DataFrame({"regulation": answers["text"].str.contains("permits"),
    ...                       "skills": answers["text"].str.contains("drivers")})
    >>> truth.index = answers["answer_id"]
    >>> dictionary = truth.assign(skills=False)  # knows no term of skills
    >>> found = hybrid_codes(answers, dictionary, truth[:520])
    >>> bool((found.codes == truth).all().all())
    True
    >>> hybrid_codes(answers, dictionary, truth[:300])
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: hybrid classifier: people coded 300 answers; 500 or more are needed
    """
    rows, machine, human = _checked(answers, machine, human, folds, fewest)
    themes = list(machine.columns)
    fold = dealt_out(rows["respondent_id"], folds, seed)
    known = machine.index.get_indexer(human.index).astype(np.int64)
    judged = human.to_numpy()
    languages = answers["language"].iloc[rows.index] if "language" in answers else None
    features = text_features(rows["text"], _in_order(embeddings, rows.index), languages)
    dictionary = machine.to_numpy(dtype=np.float64)
    chances = np.zeros(dictionary.shape)
    limits = np.zeros(folds)
    for number in range(folds):
        learn = fold[known] != number
        places, truth = known[learn], judged[learn]
        inside = np.flatnonzero(fold == number)
        inner = dealt_out(rows["respondent_id"].iloc[places], INNER_FOLDS, seed + 1)
        tried = np.zeros(truth.shape)
        for part in range(INNER_FOLDS):
            left = inner == part
            tried[left] = _predicted(features, dictionary, places[~left], truth[~left], places[left])
        limits[number] = chosen_threshold(tried, truth)
        chances[inside] = _predicted(features, dictionary, places, truth, inside)
    codes = chances >= limits[fold][:, None]
    index, given = machine.index, answers["answer_id"]
    return Hybrid(
        pd.DataFrame(codes, index=index, columns=themes).loc[given],
        pd.DataFrame(chances, index=index, columns=themes).loc[given],
        pd.Series(fold, index=index, name="fold").loc[given],
        pd.Series(limits, index=pd.RangeIndex(folds, name="fold"), name="threshold"),
    )


def dealt_out(names: "pd.Series[str]", folds: int, seed: int) -> Places:
    """Deal names out to folds of nearly equal numbers, by a hash: the same whatever their order.

    Examples
    --------
    >>> dealt_out(pd.Series(["r1", "r2", "r1", "r3"]), 2, seed=0).tolist()
    [0, 0, 0, 1]
    """
    unique = sorted(names.unique(), key=lambda name: hashlib.sha256(f"{seed}/{name}".encode()).hexdigest())
    places = {name: place % folds for place, name in enumerate(unique)}
    return np.array([places[name] for name in names], dtype=np.int64)


def chosen_threshold(chances: Floats, truth: Flags) -> float:
    """Choose the probability from which themes are given: that of the largest micro-F1 (the first at a tie).

    Examples
    --------
    >>> chances = np.repeat([[0.9], [0.4], [0.2]], 10, axis=0)
    >>> chosen_threshold(chances, chances > 0.3)
    0.225
    """
    given = chances[:, :, None] >= THRESHOLDS
    right = (given & truth[:, :, None]).sum(axis=(0, 1))
    f1 = 2 * right / np.maximum(given.sum(axis=(0, 1)) + truth.sum(), 1)
    return float(THRESHOLDS[f1.argmax()])


def _predicted(
    features: Features, dictionary: Floats, learn: Places, truth: Flags, predict: Places
) -> Floats:
    """Train a model a theme on some answers and return probabilities of others; too rare themes: the code."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    chances = dictionary[predict].copy()
    for theme in range(dictionary.shape[1]):
        number = int(truth[:, theme].sum())
        if not FEWEST_WITH_THEME <= number < len(learn):
            continue
        scale = np.full(dictionary.shape[1], OTHER_CODES)
        scale[theme] = OWN_CODE
        seen, unseen = (
            sparse.hstack([sparse.csr_matrix(dictionary[places] * scale), features[places]], format="csr")
            for places in (learn, predict)
        )
        model = LogisticRegression(C=PENALTY, solver="liblinear", random_state=0)
        chances[:, theme] = model.fit(seen, truth[:, theme]).predict_proba(unseen)[:, 1]
    return chances


def _checked(
    answers: pd.DataFrame, machine: pd.DataFrame, human: pd.DataFrame, folds: int, fewest: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return answers with a respondent each, dictionary and human codes, in the order of the answers' ids.

    The index of the answers is their place as given.
    """
    require_columns(answers, "answers", ["answer_id", "text"])
    require_unique(answers, "answers", ["answer_id"])
    machine, human = yes_or_no(machine, "machine codes"), yes_or_no(human, "human codes")
    _require(answers["answer_id"], machine.index, "machine codes: answer")
    _require(machine.columns, human.columns, "human codes: theme")
    _require(human.index, pd.Index(answers["answer_id"]), "answers: human-coded answer")
    if len(human) < fewest:
        raise InputError(f"hybrid classifier: people coded {len(human)} answers; {fewest} or more are needed")
    owner = "respondent_id" if "respondent_id" in answers else "answer_id"
    rows = answers[["answer_id", "text"]].reset_index(drop=True)
    rows = rows.assign(respondent_id=answers[owner].astype(str).to_numpy()).sort_values("answer_id")
    people = rows.loc[rows["answer_id"].isin(human.index), "respondent_id"].nunique()
    if not 2 <= folds <= people:
        raise InputError(f"hybrid classifier: {folds} folds; 2 to {people} (respondents) are allowed")
    return rows, machine.loc[rows["answer_id"]], human.sort_index()[list(machine.columns)]


def _in_order(embeddings: Floats | None, order: pd.Index) -> Floats | None:
    if embeddings is not None and len(embeddings) != len(order):
        raise InputError(f"embeddings: {len(embeddings)} rows of {len(order)} answers; one each is needed")
    return None if embeddings is None else np.asarray(embeddings[order.to_numpy()], dtype=np.float64)


def _require(wanted: Iterable[object], found: pd.Index, what: str) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise InputError(f"{what} {missing[0]} is missing")
