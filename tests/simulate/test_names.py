"""Every name is invented: no pair of them can be someone people have heard of."""

from collections import Counter

import numpy as np
import pytest

from harbourlight.simulate import names
from harbourlight.standards.code_sets import codes

BORNE_BY_MANY = """
    Adams Adeyemi Ahmed Akhtar Ali Allen Anderson Bailey Baker Begum Bell Bennett Brown Butler
    Campbell Carter Chan Chen Choudhury Churchill Clark Clarke Collins Cook Cooper Cox Davies Davis
    Edwards Evans Fernandes Fisher Foster Gill Gordon Graham Gray Green Griffiths Hall Hamilton
    Harris Harrison Hassan Hill Holmes Hughes Hussain Hussein Islam Iqbal Jackson Jackman James
    Jenkins Johnson Jones Kaur Kelly Khan King Knight Kowalski Kumar Lee Lewis Li Lloyd MacDonald
    Mahmood Malik Marshall Martin Mason Matthews Miah Miller Mills Mitchell Mohamed Moore Morgan
    Morris Murphy Murray Nguyen Nowak Nwosu O'Brien O'Connor O'Neill O'Sullivan Okafor Okonkwo
    Olawale Osman Owen Palmer Parker Patel Phillips Popescu Powell Price Rahman Reid Richards
    Richardson Roberts Robertson Robinson Rogers Ross Russell Scott Shah Sharma Shaw Simpson Singh
    Smith Stevens Stewart Sultan Taylor Thomas Thompson Thomson Turner Uddin Walker Walsh Wang Ward
    Warsame Watson White Wilkinson Williams Wilson Windsor Wood Wright Xu Young Zhang
"""
"""Surnames that very many people in England bear, or that everyone knows."""


def test_no_surname_is_one_that_many_people_bear():
    made = {surname for community in names.COMMUNITIES for surname in community.surnames}
    assert not {name.casefold() for name in made} & set(BORNE_BY_MANY.casefold().split())
    assert len(made) > 800


@pytest.mark.parametrize("community", names.COMMUNITIES, ids=lambda c: c.ethnicity[0][0])
def test_a_community_has_names_enough_and_no_name_twice(community):
    for given in (community.girls, community.boys, community.surnames):
        assert [name for name, times in Counter(given).items() if times > 1] == []
        assert len(given) >= 10
    assert {code for code, _ in community.ethnicity} <= codes("ethnicity")
    assert sum(share for _, share in community.ethnicity) == pytest.approx(1)


def test_a_name_is_drawn_from_its_own_community_and_sex():
    count = len(names.COMMUNITIES)
    communities, boys = np.arange(count).repeat(200), np.arange(count * 200) % 2 == 0
    rng = np.random.default_rng(1)
    forenames = names.forenames(names.draw_forenames(rng, communities, boys)).to_pylist()
    surnames = names.surnames(names.draw_surnames(rng, communities)).to_pylist()
    for place, boy, forename, surname in zip(communities, boys, forenames, surnames, strict=True):
        community = names.COMMUNITIES[place]
        assert forename in (community.boys if boy else community.girls)
        assert surname in community.surnames
