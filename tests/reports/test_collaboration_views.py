"""Countries with the same answer for the same reason stand in one row of the report."""

import pandas as pd

from helpers.reports.collaboration import eligibility_rows

SERIES = pd.DataFrame({"series": ["talks"], "name": ["Talks"]})
SESSIONS = pd.DataFrame({"session_id": ["t1"], "title": ["Wood"]})


def eligible(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["country", "name", "answer", "reason"])
    return table.assign(session_id="t1", series="talks", date=pd.Timestamp("2020-04-28"))


ROWS = eligible(
    ("AT", "Austria", "yes", "Austria took part in COSME."),
    ("NL", "Netherlands", "yes", "The Netherlands took part in COSME."),
    ("UK", "United Kingdom", "yes", "The United Kingdom took part until the end of 2020."),
    ("CH", "Switzerland", "no", "Switzerland was not in COSME."),
)


def test_the_same_reason_is_said_once_and_one_country_by_its_name() -> None:
    table = eligibility_rows(ROWS, SESSIONS, SERIES, None)
    assert table[["who", "answer", "reason"]].to_numpy().tolist() == [
        ["Switzerland", "no", "Switzerland was not in COSME."],
        ["2 countries", "yes", "Each took part in COSME."],
        ["United Kingdom", "yes", "The United Kingdom took part until the end of 2020."],
    ]


def test_a_country_is_told_its_own_reason() -> None:
    table = eligibility_rows(ROWS, SESSIONS, SERIES, "NL")
    assert table["reason"].tolist() == ["The Netherlands took part in COSME."]
