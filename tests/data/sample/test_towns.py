"""The towns of the generator are real, and their other names are theirs."""

import pytest

from helpers.data.gazetteer import load_gazetteer
from helpers.data.project import project_root
from helpers.data.sample.companies import world


@pytest.mark.parametrize("country", list(world()))
def test_every_town_is_found_in_its_country(country: str) -> None:
    gazetteer = load_gazetteer(country, project_root() / ".cache" / "gazetteer")
    known = world()[country]
    assert [town for town in known.towns if gazetteer.find(town) is None] == []
    for town, other in known.other.items():
        match, same = gazetteer.find(town), gazetteer.find(other)
        assert match, town
        assert same, other
        assert match.town.geonameid == same.town.geonameid, (town, other)
