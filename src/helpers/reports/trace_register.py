"""Points and pieces of evidence behind recommendations, for a trace."""

from pathlib import Path

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.reports.contents import ReportContents
from helpers.reports.trace_answers import Ids
from helpers.reports.values import did_you_mean, shown

_REGISTER = "_recommendations"
_QUOTES, _PIECES = "themes-quotes", "evidence-rows"
_STATES = {
    "with_evidence": "with evidence",
    "evidence_missing": "evidence missing",
    "evidence_found": "with evidence",
}


def recommendation_ids(report: ReportContents, name: str, root: Path) -> tuple[Ids, ...]:
    """Return the points that a recommendation merges, and the evidence that it names.

    Evidence is written as ``SLUG fact:NAME`` where the report composes the other one, else with its key.

    Raises
    ------
    InputError
        If the report rests on no register, or the register has no such recommendation.
    """
    found = _register(report)
    if found is None:
        raise InputError(f"the report {report.folder.name} rests on no register of recommendations")
    dataset, prefix = found
    known = read_table(f"{prefix}{_REGISTER}", root)["recommendation_id"].tolist()
    if name not in known:
        near = did_you_mean(name, known)
        raise InputError(f"{dataset}: has no recommendation {shown(name)}{near}; it has: {', '.join(known)}")
    points, evidence, history = (
        table[table["recommendation_id"] == name]
        for table in (read_table(f"{prefix}_{part}", root) for part in ("points", "evidence", "history"))
    )
    slugs = {one["key"]: one["slug"] for one in report.manifest.get("composes") or []}
    pieces = evidence["report"].replace(slugs) + " " + evidence["kind"] + ":" + evidence["name"]
    listed = [
        Ids(f"points that {name} merges", dataset, "points.csv", _pairs(points["point_id"], points)),
        *_points_of_sessions(report, dataset, points["point_id"], root),
        Ids(f"evidence that {name} names", dataset, "evidence.csv", _pairs(pieces, evidence)),
        Ids(f"history of {name}", dataset, "history.csv", _pairs(history["session"], history)),
    ]
    return tuple(one for one in listed if one.names)


def _points_of_sessions(report: ReportContents, register: str, wanted: pd.Series, root: Path) -> list[Ids]:
    """Return where points stand as they were put forward."""
    for dataset in report.manifest["datasets"]:
        name = str(dataset["name"])
        if name != register and f"{name}_points" in dataset["tables"]:
            rows = read_table(f"{name}_points", root)
            rows = rows[rows["point_id"].isin(wanted)]
            return [Ids("the points themselves", name, "points.csv", _pairs(rows["point_id"], rows))]
    return []


def register_ids(report: ReportContents, fact: str, root: Path) -> tuple[Ids, ...]:
    """Return what stands behind a fact that counts evidence or quotes; nothing for another fact."""
    found = _register(report)
    if found is None:
        return ()
    dataset, prefix = found
    if fact == "voices" and _QUOTES in report.tables:
        names = _published(report, _QUOTES)["answer_id"].drop_duplicates()
        wave = next(name for name in report.tables[_QUOTES]["sources"] if "/" in name)
        return (Ids("answers that are quoted", wave, "answers.csv", tuple((name, 0) for name in names)),)
    if fact in {"no_evidence", "without_evidence"}:
        register, evidence = (read_table(f"{prefix}{part}", root) for part in (_REGISTER, "_evidence"))
        bare = register[~register["recommendation_id"].isin(evidence["recommendation_id"])]
        pairs = _pairs(bare["recommendation_id"], bare)
        return (Ids("recommendations that name no evidence", dataset, "recommendations.csv", pairs),)
    if fact in _STATES and _PIECES in report.tables:
        evidence = read_table(f"{prefix}_evidence", root)
        return (Ids(_STATES[fact], dataset, "evidence.csv", _found_pieces(report, fact, evidence)),)
    return ()


def _found_pieces(report: ReportContents, fact: str, evidence: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    """Return recommendations, or pieces of evidence, in the state that a fact counts."""
    rows = _published(report, _PIECES)
    if fact != "evidence_found":
        rows = rows[rows["state"] == _STATES[fact]]
        return tuple((name, 0) for name in rows["recommendation_id"].drop_duplicates())
    key = ["recommendation_id", "report", "kind", "name"]
    rows = evidence.merge(rows.loc[rows["state"] == _STATES[fact], key].drop_duplicates(), on=key)
    return _pairs(
        rows["recommendation_id"] + " " + rows["report"] + " " + rows["kind"] + ":" + rows["name"], rows
    )


def _published(report: ReportContents, table: str) -> pd.DataFrame:
    return pd.read_csv(report.file(report.tables[table], ".csv"), dtype="str", keep_default_na=False)


def _register(report: ReportContents) -> tuple[str, str] | None:
    """Return the dataset of the register and how the names of its tables begin."""
    for dataset in report.manifest["datasets"]:
        for table in dataset["tables"]:
            if table.endswith(_REGISTER) and table.startswith(dataset["name"]):
                return str(dataset["name"]), str(table).removesuffix(_REGISTER)
    return None


def _pairs(names: pd.Series, rows: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    return tuple(zip(names.astype("str"), rows["raw_row"].astype(int), strict=True))
