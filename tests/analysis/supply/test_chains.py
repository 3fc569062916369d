import pandas as pd
import pytest

from helpers.analysis.chain import best_plan
from helpers.analysis.supply.chains import (
    chain_doses,
    chain_of,
    chain_recipe,
    unknown_products,
    worst_of_chain,
)
from helpers.analysis.supply.scenarios import base_situation
from helpers.analysis.supply.stress import stage_losses, worst_losses
from helpers.analysis.supply.words import drawn_doses, expansion_or_none
from helpers.data.process import read_table

NONE = pd.DataFrame(columns=["product", "month", "share", "share_left"])


@pytest.fixture
def chain():
    names = ("recipe", "stages", "routes")
    return chain_recipe(*(read_table(f"vaccine_chain_{name}") for name in names))


@pytest.fixture
def situation(chain):
    products = chain.products
    offers = pd.DataFrame(
        [
            {"product": product, "country": country, "amount": amount * units * 1e6, "basis": "stated"}
            for product, units in zip(products["product"], products["units"], strict=True)
            for country, amount in (("DE", 30.0), ("FR", 20.0), ("IT", 10.0))
            if product != "lipids"
        ]
    )
    needs = pd.DataFrame({"country": ["DE", "FR", "IT"], "amount": 1e9})
    return base_situation(offers, NONE, needs, products[["product", "stage"]], NONE)


def test_products_that_nobody_may_know_limit_nothing_and_are_named(situation, chain):
    case = chain_of(situation, chain, "2021-03", 1)
    assert case.enough == {"lipids"}
    assert unknown_products(situation.offers, chain, {"lipids": "Lipids"}) == "Lipids"


def test_the_quick_search_finds_what_trying_everything_finds(situation, chain):
    plan = best_plan(chain_of(situation, chain, "2021-03", 2))
    losses = stage_losses(situation, {}, {})
    quick = worst_of_chain(losses, plan, most=5)
    slow = worst_losses(situation, losses, lambda one: chain_doses(one, chain, "2021-03", 2), most=5)
    assert quick["loss"].to_list() == slow["loss"].to_list()
    assert quick["left"].to_list() == pytest.approx(slow["left"].to_list(), rel=1e-6)


def test_a_pair_of_losses_never_leaves_more_than_one_of_them(situation, chain):
    plan = best_plan(chain_of(situation, chain, "2021-03", 2))
    losses = stage_losses(situation, {}, {})
    single = worst_of_chain(losses, plan, most=1)["left"].iloc[0]
    pairs = worst_of_chain(losses, plan, together=2, most=3)
    assert (pairs["left"] <= single + 1e-6).all()
    assert " and " in pairs["loss"].iloc[0]


def test_an_export_ban_closes_the_chain_of_a_country(situation, chain):
    closed = pd.DataFrame({"country": ["DE"], "stage": ["fill_and_finish"]})
    banned = type(situation)(**{**vars(situation), "closed": closed})
    assert chain_doses(banned, chain, "2021-03", 1) <= chain_doses(situation, chain, "2021-03", 1) + 1e-6


def test_draws_start_from_the_seed_and_enclose_in_order(situation, chain):
    first = drawn_doses(situation, chain, "2021-03", draws=10, seed=1, months=1)
    assert first == drawn_doses(situation, chain, "2021-03", draws=10, seed=1, months=1)
    assert first != drawn_doses(situation, chain, "2021-03", draws=10, seed=2, months=1)
    assert first[0] <= first[1]


def test_a_target_that_cannot_be_reached_has_no_expansion(situation, chain):
    costs = read_table("vaccine_chain_expansion_costs")
    case = chain_of(situation, chain, "2021-03", 1)
    assert expansion_or_none(case, 1e8, costs) is not None
    assert expansion_or_none(case, 1e8, costs.head(1)) is None
