"""The plan by respondent, for those who carry it out: it stays in ``data/restricted``.

Reports match what is published anyway. Here every counted respondent is one offer, where it is, with what it
states; what is written bears names, and only the owner of the files may read them.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.analysis import chain as chains
from helpers.analysis import matching, supply
from helpers.analysis import scope as scopes
from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.data.process import process, read_table
from helpers.data.project import project_root
from helpers.data.questionnaires.definition import questionnaire_names
from helpers.figures.maps_flows import land_centres
from helpers.figures.sources import SourceLine
from helpers.reports.plan_files import contacts_of, plan_sheets, write_plan
from helpers.reports.plan_market import Case, changed_by, market_of, may_be_told, offers_in, offers_of
from helpers.reports.values import ISO_MONTH, did_you_mean, shown
from helpers.reports.waves import LATEST, Wave, find_wave

FIRST_MONTH, LAST_MONTH = "2020-01", "2030-12"
VACCINES = "vaccine_capacity"
BY_INHABITANT = "needs_per_inhabitant_sample"
"""Dataset and table of what a thousand inhabitants need of each product."""
_CHAIN = ("vaccine_chain_recipe", "vaccine_chain_stages", "vaccine_chain_routes")
_COUNTRIES = ("countries", "country_shapes", "memberships", "region_centres", "nuts2_regions")
_TABLES = (*_COUNTRIES, "population", "assumptions", "scenarios")
_KINDS = ("respondents", "capacities", "products")


@dataclass(frozen=True)
class Request:
    """What is asked for: arguments as in `plan_by_respondent`."""

    questionnaire: str
    product: str
    month: str
    vintage: str = LATEST
    scope: str = "EU27"
    scenario: str = supply.BASE
    fairness: str = "cheapest"


@dataclass(frozen=True)
class RespondentPlan:
    """What was written, in numbers that tell nothing of one respondent.

    Attributes
    ----------
    files
        The plan as CSV and as a workbook.
    group
        The countries that were matched, in words.
    senders, offering
        Respondents that send something, of those that have something to send.
    countries, lacking, needing
        Countries that get something, that lack some of what they need, and that need something.
    share_met
        Of the need; missing if it would say how much one or two respondents send.
    notes
        Remarks.
    """

    files: tuple[Path, ...]
    group: str
    senders: int
    offering: int
    countries: int
    lacking: int
    needing: int
    share_met: float | None
    notes: tuple[str, ...]


def plan_by_respondent(request: Request, root: Path | None = None) -> RespondentPlan:
    """Match what respondents offer with what countries need, and write who sends what to whom.

    Offers are the usable amounts of counted respondents that are there in the month, at the respondent's town
    or the centre of its region or country. Needs are those of the report on supply and demand. The processed
    tables are brought up to date first, so that withdrawn answers are not in the plan.

    Parameters
    ----------
    request
        Questionnaire, product and month (as 2021-06); the wave (``vintage``, or latest), the countries
        (``scope``: EU27, COSME, ENI, ALL, or one country, which is matched within its group and of which the
        plan then holds what it sends and gets), the scenario and how scarce supply is shared (``fairness``).
    root
        The project's folder.

    Returns
    -------
    RespondentPlan
        Written to ``data/restricted/plans/<questionnaire>/<vintage>``, both files or neither, for their owner
        only.

    Raises
    ------
    InputError
        If there is no such questionnaire, wave, product, month, scope, scenario or fairness, no need is known
        of the product, or nothing is offered.
    """
    root = (root or project_root()).resolve()
    wave = _checked(request, root)
    tables = _tables(wave, root)
    words = _product(request.product, tables["products"], wave)
    case, focus = _case(request, wave, tables)
    plan = matching.match(market_of(case), request.fairness)
    people, notes = contacts_of(wave, root)
    names = dict(zip(tables["countries"]["country"], tables["countries"]["name"], strict=True))
    files = write_plan(
        plan_sheets(plan, case, people, names, words, focus),
        wave=wave,
        name=_name(request),
        caption=(
            f"Plan by respondent: {words[0]}, {supply.month_in_words(request.month)}; "
            f"{scopes.scope_label(tables['countries'], request.scope)}; "
            f"scenario {request.scenario}, {request.fairness}"
        ),
        sources=_sources(wave, root),
        root=root,
    )
    group = scopes.comparison_scope(tables["memberships"], tables["countries"], request.scope)
    return _summary(plan, files, scopes.scope_label(tables["countries"], group), notes)


def _summary(plan: matching.Plan, files: tuple[Path, ...], group: str, notes: list[str]) -> RespondentPlan:
    """Count; a share of the need is only told if it says nothing of one respondent."""
    sent = plan.used.groupby("offer")["sent"].sum()
    needed = float(plan.unmet["amount"].sum())
    told = may_be_told(sent) and needed > 0
    return RespondentPlan(
        files=files,
        group=group,
        senders=int((sent > 0).sum()),
        offering=len(plan.used),
        countries=int(plan.flows["need"].nunique()),
        lacking=int((plan.unmet["unmet"] > 0).sum()),
        needing=int((plan.unmet["amount"] > 0).sum()),
        share_met=float(plan.unmet["met"].sum()) / needed if told else None,
        notes=tuple(notes),
    )


def _checked(request: Request, root: Path) -> Wave:
    """Check what can be checked before a table is read, and return the wave."""
    known = questionnaire_names(root)
    if request.questionnaire not in known:
        near = did_you_mean(request.questionnaire, known)
        raise InputError(
            f"questionnaire: given {shown(request.questionnaire)}{near}; allowed: {', '.join(known)}"
        )
    if not (ISO_MONTH.fullmatch(request.month) and FIRST_MONTH <= request.month <= LAST_MONTH):
        raise InputError(
            f"--month: given {shown(request.month)}; allowed: a month from {FIRST_MONTH} to {LAST_MONTH}, "
            "written as 2021-06"
        )
    if request.fairness not in matching.FAIRNESS:
        near = did_you_mean(request.fairness, matching.FAIRNESS)
        allowed = ", ".join(matching.FAIRNESS)
        raise InputError(f"--fairness: given {shown(request.fairness)}{near}; allowed: {allowed}")
    return find_wave(request.questionnaire, request.vintage, root)


def _tables(wave: Wave, root: Path) -> dict[str, pd.DataFrame]:
    """Bring the tables up to date and read them; those of the wave by their kind."""
    further = _CHAIN if wave.questionnaire == VACCINES else (BY_INHABITANT,)
    names = {name: name for name in (*_TABLES, *further)} | {kind: wave.table(kind) for kind in _KINDS}
    process(root, only=list(names.values()))
    return {key: read_table(name, root) for key, name in names.items()}


def _product(product: str, products: pd.DataFrame, wave: Wave) -> tuple[str, str]:
    """Return label and unit of a product."""
    known = products["product"].to_list()
    if product not in known:
        near = did_you_mean(product, known)
        raise InputError(
            f"--product: given {shown(product)}{near}; {wave.questionnaire} has: {', '.join(known)}"
        )
    row = products[products["product"] == product].iloc[0]
    return str(row["label"]), str(row["base_unit"])


def _case(request: Request, wave: Wave, tables: dict[str, pd.DataFrame]) -> tuple[Case, str | None]:
    """Return what is matched under the scenario, and the country that the plan is about, if it is one."""
    countries, memberships, people = (tables[name] for name in ("countries", "memberships", "respondents"))
    scopes.check_scope(countries, request.scope)
    focus = request.scope if scopes.is_country(request.scope) else None
    group = scopes.comparison_scope(memberships, countries, request.scope)
    day = date.fromisoformat(wave.date)
    members = scopes.scope_countries(memberships, countries, group, day, listed=people["country"].dropna())
    codes = sorted({*members, *([focus] if focus else [])})
    assumed = supply.check_assumptions(tables["assumptions"])
    places = _places(tables)
    centres = tables["region_centres"].merge(
        tables["nuts2_regions"][["nuts2", "region"]], on="nuts2", how="left"
    )
    case = Case(
        product=request.product,
        month=request.month,
        offers=offers_of(tables["capacities"], people, centres, places, request.product, codes),
        needs=_needs(request, tables, assumed, codes, day.year - 1),
        closed=frozenset(),
        places=places,
        prices=supply.prices(assumed, request.product),
    )
    scenarios = supply.check_scenarios(tables["scenarios"], tables["products"])
    case = changed_by(case, scenarios, request.scenario, wave.date[:7])
    if offers_in(case.offers, case.month).empty:
        raise InputError(
            f"{wave.dataset}: nobody in {scopes.scope_label(countries, group)} offers an amount of "
            f"{request.product} that is there in {request.month} (scenario {request.scenario}), so there is "
            "nothing to plan"
        )
    return case, focus


def _places(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a point each country; the middle of its land where no centre of its regions is known (UK)."""
    places = supply.country_places(tables["region_centres"])
    further = sorted(set(tables["country_shapes"]["country"]) - set(places["country"]))
    return pd.concat([places, land_centres(tables["country_shapes"], further)], ignore_index=True)


def _needs(
    request: Request,
    tables: dict[str, pd.DataFrame],
    assumed: supply.Assumptions,
    codes: list[str],
    year: int,
) -> pd.DataFrame:
    """Return what each country needs of the product in a month, as in the report on supply and demand."""
    population = tables["population"]
    if request.questionnaire == VACCINES:
        chain = chains.read_chain(*(tables[name] for name in _CHAIN))
        each = supply.units_per_dose(chain, request.product)
        doses = supply.doses_needed(population, codes, assumed, year)
        return doses.assign(amount=doses["amount"] * each)
    per_1000 = tables[BY_INHABITANT]
    if not set(tables["products"]["product"]) & set(per_1000["product"]):
        raise InputError(
            f"{request.questionnaire}: no need is known of any of its products, so nothing can be matched; "
            f"data/raw/{BY_INHABITANT}/needs.csv has needs of: {', '.join(per_1000['product'])}"
        )
    return supply.needs_of_inhabitants(population, per_1000, codes, request.product, year)


def _sources(wave: Wave, root: Path) -> list[SourceLine]:
    needs = "vaccine_chain" if wave.questionnaire == VACCINES else BY_INHABITANT
    names = [wave.dataset, "population", "assumptions", "scenarios", needs]
    return [SourceLine.of(name, dataset_origin(name, root)) for name in names]


def _name(request: Request) -> str:
    """Return the name of the files; the countries are part of it if they are not the usual ones."""
    parts = [request.product, request.month, request.scenario, request.fairness]
    name = "_".join(parts if request.scope == Request.scope else [*parts, request.scope])
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError(
            f"--scenario: given {shown(request.scenario)}; the files are named after it, so letters, digits, "
            "_ and - are allowed"
        )
    return name
