"""The chain from raw materials to people vaccinated: what passes, what binds, what more would be worth."""

from helpers.analysis.chain.case import MARKET, ChainCase, chain_case
from helpers.analysis.chain.expansion import Expansion, cheapest_expansion
from helpers.analysis.chain.flows import NEEDS, chain_flows
from helpers.analysis.chain.plan import ChainPlan, best_plan, doses_without, most_doses
from helpers.analysis.chain.reading import read_chain
from helpers.analysis.chain.recipe import Chain
from helpers.analysis.chain.sensitivity import sensitivity
from helpers.analysis.chain.stage_capacity import stage_capacity
from helpers.analysis.chain.worths import worth_by_period, worths, worths_by_country

__all__ = [
    "MARKET",
    "NEEDS",
    "Chain",
    "ChainCase",
    "ChainPlan",
    "Expansion",
    "best_plan",
    "chain_case",
    "chain_flows",
    "cheapest_expansion",
    "doses_without",
    "most_doses",
    "read_chain",
    "sensitivity",
    "stage_capacity",
    "worth_by_period",
    "worths",
    "worths_by_country",
]
