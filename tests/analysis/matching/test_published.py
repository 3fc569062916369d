"""What books, other packages and a paper found, found again."""

import os
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.matching import match, matching_metrics, shadow_prices
from helpers.data.project import project_root

SHARED = Path(os.environ.get("EVIDENCE_SHARED", project_root().parent / "shared"))
EXAMPLE = SHARED / "real" / "matching_published_example"


def test_the_transport_problem_of_dantzig_has_its_published_cost_and_dual_values(market_by_cost):
    # Dantzig (1963), chapter 3.3, as the model "trnsport" of the GAMS model library states it: 153.675, and
    # marginal values of demand of 0.225, 0.153 and 0.126. Its flows are not unique.
    distance = [[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]]
    cost = [[90 * one / 1000 for one in row] for row in distance]
    plan = match(market_by_cost(cost, [350, 600], [325, 300, 275]))
    assert plan.objective == pytest.approx(153.675, abs=1e-9)
    assert plan.unmet["unmet"].tolist() == [0, 0, 0]
    found = shadow_prices(plan)
    assert found["value_more"].tolist() == pytest.approx([0.225, 0.153, 0.126], abs=1e-9)
    assert found["value_less"].tolist() == pytest.approx([0.225, 0.153, 0.126], abs=1e-9)
    assert not found["degenerate"].any()


def test_powerco_has_its_published_cost(market_by_cost):
    # Winston, Operations Research: Applications and Algorithms, chapter 7.1 (Powerco): 1,020.
    cost = [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]]
    plan = match(market_by_cost(cost, [35, 50, 40], [45, 20, 30, 30]))
    assert plan.objective == pytest.approx(1020, abs=1e-6)
    assert plan.used["idle"].tolist() == [0, 0, 0]


def test_the_example_of_sas_has_its_published_cost_and_flows(market_by_cost):
    # SAS/OR User's Guide, the TRANS procedure's example: 6,500, flows 150, 50 and 100.
    plan = match(market_by_cost([[30, 20], [40, 10]], [200, 100], [150, 150]))
    assert plan.objective == pytest.approx(6500, abs=1e-6)
    flows = plan.flows.set_index(["offer", "need"])["amount"].round(9).to_dict()
    assert flows == {("offer0", "need0"): 150, ("offer0", "need1"): 50, ("offer1", "need1"): 100}


# The worked example of section 3 of the paper to github.com/samorani/MatchingPPE (MIT).
NEEDS = [
    ("R1", "masks", 100),
    ("R1", "gloves", 300),
    ("R2", "gloves", 200),
    ("R2", "gowns", 50),
    ("R3", "gowns", 60),
]
SHIPMENTS = [
    ("D1", "R1", "gloves", "2020-04-10", 300, 100, 5),
    ("D1", "R2", "gloves", "2020-04-15", 100, 100, 10),
    ("D1", "R2", "gowns", "2020-04-15", 20, 100, 4),
    ("D2", "R1", "masks", "2020-04-20", 100, 50, 8),
    ("D2", "R2", "gowns", "2020-04-20", 30, 50, 8),
]


def test_the_worked_example_of_the_ppe_paper_has_its_published_measures():
    needs = pd.DataFrame(NEEDS, columns=["need", "product", "amount"])
    columns = ["offer", "need", "product", "date", "amount", "distance", "held"]
    found = matching_metrics(needs, pd.DataFrame(SHIPMENTS, columns=columns))
    overall = found[found["product"].isna()].set_index("metric")["value"]
    assert overall["fill_rate"] == pytest.approx(0.75, abs=1e-12)
    assert overall["fill_rate_exc_zeros"] == pytest.approx(0.916667, abs=1e-6)
    assert overall["unit_distance"] == pytest.approx(88.1818, abs=1e-4)
    assert overall["held_days"] == pytest.approx(6.5818, abs=1e-4)
    assert overall["shipments"] == 2.0


def test_all_22_published_measures_are_found_again():
    if not EXAMPLE.is_dir():
        pytest.skip("the published example is not here: third-party data; EVIDENCE_SHARED says where it lies")
    requests, donations, distances, decisions, published = (
        pd.read_csv(EXAMPLE / f"{name}.csv")
        for name in ("Table1", "Table2", "Table3", "Table4", "expected_metrics")
    )
    sent = decisions.merge(distances, on=["don_id", "rec_id"]).merge(
        donations[["don_id", "ppe", "date"]], on=["don_id", "ppe"], suffixes=("", "_offered")
    )
    sent["held"] = (pd.to_datetime(sent["date"]) - pd.to_datetime(sent["date_offered"])).dt.days
    names = {"rec_id": "need", "ppe": "product", "qty": "amount", "don_id": "offer"}
    found = matching_metrics(requests.rename(columns=names), sent.rename(columns=names))
    ours = dict(zip(found.apply(published_name, axis=1), found["value"], strict=True))
    assert len(published) == len(ours) == 22
    expected = published.set_index("metric_name")["value"].to_dict()
    assert ours == pytest.approx(expected, abs=1e-12)


def published_name(row):
    """Return the paper's name of a measure."""
    by_product = pd.notna(row["product"])
    if row["metric"] == "shipments":
        return "avg number of shipments"
    if row["metric"] == "held_days" and not by_product:
        return "avg holding time"
    names = {"fill_rate": "fill rate", "fill_rate_exc_zeros": "fill rate exc zeros"}
    names |= {"unit_distance": "avg unit-miles", "held_days": "avg unit-days"}
    if pd.notna(row["need"]):
        return f"{names[row['metric']]} ({row['need']},{row['product']})"
    return f"{names[row['metric']]} ({row['product']})" if by_product else names[row["metric"]]
