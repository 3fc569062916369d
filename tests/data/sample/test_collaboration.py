"""Made-up registrations and expressions of interest: the same everywhere, consistent, and nobody's."""

import shutil
from functools import cache
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.catalog import dataset_origin, read_raw
from helpers.data.errors import InputError
from helpers.data.project import project_root, raw_folder
from helpers.data.sample.collaboration import CONTACTS, INTERESTS, REGISTRATIONS, make_collaboration_sample
from helpers.data.sample.collaboration_words import HOSTILE
from helpers.data.survey.guard import unguarded
from helpers.data.verify import verify

DATASETS = (REGISTRATIONS, INTERESTS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make both datasets anew, from nothing but their declarations."""
    root = tmp_path_factory.mktemp("made")
    for name in ("event_series", *DATASETS):
        shutil.copytree(raw_folder() / name, root / "data" / "raw" / name)
    for name in DATASETS:
        for table in (root / "data" / "raw" / name).glob("*.csv"):
            table.unlink()
    assert [done.changed for done in make_collaboration_sample(root)] == [True, True]
    return root


@cache
def table(dataset: str, file: str) -> pd.DataFrame:
    return read_raw(dataset, file)


def registrations() -> pd.DataFrame:
    return table(REGISTRATIONS, "registrations.csv")


def interests() -> pd.DataFrame:
    return table(INTERESTS, "interests.csv")


def sessions() -> pd.DataFrame:
    both = [table("event_series", "sessions.csv"), table(REGISTRATIONS, "sessions.csv")]
    return pd.concat(both, ignore_index=True)


def listed(frame: pd.DataFrame, column: str) -> set[str]:
    return set(chain.from_iterable(frame[column].dropna().str.split(";")))


def test_what_is_committed_is_what_the_generator_makes(made: Path) -> None:
    for name in DATASETS:
        for path in sorted((raw_folder() / name).glob("*.csv")):
            assert (made / "data" / "raw" / name / path.name).read_bytes() == path.read_bytes(), path
    assert verify(made) == []


def test_made_again_nothing_changes(made: Path) -> None:
    contacts = made / "data" / "restricted" / CONTACTS
    before = contacts.stat().st_mtime_ns
    assert [done.changed for done in make_collaboration_sample(made)] == [False, False]
    assert contacts.stat().st_mtime_ns == before


def test_contacts_are_made_up_for_their_owner_only_and_in_no_dataset(made: Path) -> None:
    path = made / "data" / "restricted" / CONTACTS
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    contacts = pd.read_csv(path)
    assert contacts["participant_id"].tolist() == interests()["participant_id"].tolist()
    assert contacts["email"].str.endswith(".example").all()
    assert contacts["organisation"].str.startswith("Sample ").all()
    for name in DATASETS:
        for file in (made / "data" / "raw" / name).glob("*.csv"):
            text = file.read_text(encoding="utf-8")
            assert not [
                word
                for column in ("organisation", "contact", "email")
                for word in contacts[column]
                if word in text
            ]


def test_without_a_declaration_the_generator_says_which_is_missing(tmp_path: Path) -> None:
    shutil.copytree(raw_folder() / "event_series", tmp_path / "data" / "raw" / "event_series")
    with pytest.raises(InputError, match="no dataset 'registrations_sample'"):
        make_collaboration_sample(tmp_path)


def test_registrations_are_for_known_sessions_and_before_them() -> None:
    days = sessions().set_index("session_id")["date"]
    rows = registrations()
    assert set(rows["session_id"]) == set(days.index)
    assert len(days) == 24
    assert (rows["registered"] <= rows["session_id"].map(days)).all()
    assert 800 < len(rows) < 1000


def test_a_participant_has_one_country_kind_and_organisation_everywhere() -> None:
    rows = registrations()
    for column in ("country", "kind", "organisation_id"):
        assert (rows.groupby("participant_id")[column].nunique() == 1).all(), column
    for column in ("country", "kind"):
        assert (rows.groupby("organisation_id")[column].nunique() == 1).all(), column
    both = interests().merge(rows.drop_duplicates("participant_id"), on="participant_id")
    assert len(both) > 50
    assert (both["country_x"] == both["country_y"]).all()
    assert (both["kind_x"] == both["kind_y"]).all()


def test_some_countries_with_clusters_never_come_and_some_come_often() -> None:
    clusters = set(read_raw("cluster_organisations")["country"].replace({"GR": "EL", "GB": "UK"}))
    coming = registrations()["country"].value_counts()
    assert clusters - set(coming.index) == {"AL", "BA", "BG", "HR", "LU", "SK"}
    assert coming.max() > 10 * coming.min()


def test_nobody_noted_who_came_to_two_sessions() -> None:
    blank = registrations()["attended"].isna().groupby(registrations()["session_id"]).all()
    assert blank.sum() == 2


def test_hostile_texts_are_there_and_no_spreadsheet_runs_one() -> None:
    for rows, column in ((registrations(), "question"), (interests(), "interest")):
        texts = rows[column].dropna()
        assert set(HOSTILE) <= set(texts.map(unguarded))
        assert not texts.str.match(r"[=+\-@\t\r]").any()


def test_interests_use_the_words_of_the_other_datasets() -> None:
    rows, capabilities = interests(), table(INTERESTS, "capabilities.csv")
    domains = set(read_raw("supply_chain_domains")["domain"])
    assert listed(rows, "domains") == domains
    assert listed(capabilities, "domains") <= domains
    assert listed(table(REGISTRATIONS, "sessions.csv"), "domains") <= domains
    assert listed(rows, "ecosystems") <= set(read_raw("industrial_ecosystems")["ecosystem_id"])
    assert listed(rows, "stages") == set(read_raw("vaccine_chain", "stages.csv")["stage"])
    assert listed(rows, "offers") | listed(rows, "needs") <= set(capabilities["capability"])
    for row in rows.dropna(subset=["offers", "needs"]).itertuples():
        assert not set(str(row.offers).split(";")) & set(str(row.needs).split(";"))


def test_consents_are_of_pairs_that_expressed_interest_and_of_every_kind() -> None:
    rows = table(INTERESTS, "consents.csv")
    known = set(interests()["participant_id"])
    assert set(rows["participant_id_a"]) | set(rows["participant_id_b"]) <= known
    assert (rows["participant_id_a"] < rows["participant_id_b"]).all()
    answers = set(zip(rows["agreed_a"].fillna(""), rows["agreed_b"].fillna(""), strict=True))
    assert len(answers) == 9


def test_the_series_of_all_sessions_and_calls_are_listed() -> None:
    series = set(read_raw("event_series", "series.csv")["series"])
    assert set(sessions()["series"]) <= series
    assert set(read_raw("event_series", "calls.csv")["series"]) <= series


def test_the_datasets_say_that_they_are_made_up() -> None:
    for name in DATASETS:
        assert dataset_origin(name).kind == "sample"
        text = (project_root() / "data" / "raw" / name / "README.md").read_text(encoding="utf-8")
        assert "illustrative sample data" in text
