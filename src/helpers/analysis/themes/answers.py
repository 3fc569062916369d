"""Free texts of a questionnaire's wave as answers that can be coded and shown, without respondents' codes."""

import hashlib

import pandas as pd

COLUMNS = ("answer_id", "respondent_id", "country", "question", "text", "language", "stages")
ID_DIGITS = 10


def answer_name(dataset: str, respondent: str, question: str) -> str:
    """Return the id of an answer: "a" and ten digits of a SHA-256, the same on every machine.

    Reports show it in place of the respondent's code, so that two answers of one respondent are not seen to
    belong together.

    Examples
    --------
    >>> answer_name("vaccine_capacity/2021-03", "r0123456789", "bottlenecks")
    'a9bbdf33962'
    """
    text = f"{dataset}/{respondent}/{question}"
    return "a" + hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def answers_from_difficulties(difficulties: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """Return the answers of a wave.

    Parameters
    ----------
    difficulties
        Table ``<questionnaire>_<vintage>_difficulties``: one row a respondent and question.
    dataset
        Name of the wave, such as ``vaccine_capacity/2021-03-sample``; part of the ids.

    Returns
    -------
    DataFrame
        In the same order: ``answer_id``, ``respondent_id`` (for weights; never shown), ``country``,
        ``question``, ``text``, ``language`` (of the form), ``stages`` (joined by ";", missing if not stated).

    Raises
    ------
    ValueError
        If two answers would get the same id: a respondent answered a question twice.
    """
    names = [
        answer_name(dataset, str(respondent), str(question))
        for respondent, question in zip(difficulties["respondent_id"], difficulties["question"], strict=True)
    ]
    table = difficulties.assign(answer_id=pd.array(names, dtype="str"))
    twice = table[table["answer_id"].duplicated()]
    if len(twice):
        raise ValueError(f"{dataset}: row {twice.index[0]}: a second answer to {twice['question'].iloc[0]!r}")
    return table[list(COLUMNS)].reset_index(drop=True)


def stages_by_answer(answers: pd.DataFrame) -> pd.DataFrame:
    """Return which stages answers concern: one row an answer and stage, ``answer_id``, ``stage``.

    Answers without a stage have no row.

    Examples
    --------
    >>> answers = pd.DataFrame({"answer_id": ["a1", "a2"], "stages": ["vials;storage", None]})
    >>> stages_by_answer(answers).values.tolist()
    [['a1', 'vials'], ['a1', 'storage']]
    """
    stated = answers.loc[answers["stages"].notna(), ["answer_id", "stages"]]
    split = stated.assign(stage=stated["stages"].str.split(";")).explode("stage")
    split["stage"] = split["stage"].str.strip()
    return split.loc[split["stage"] != "", ["answer_id", "stage"]].reset_index(drop=True)
