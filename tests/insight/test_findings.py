from datetime import date

import pytest

from harbourlight.insight.findings import find, signal_words
from harbourlight.insight.process_behaviour import (
    Change,
    Direction,
    Month,
    Variation,
    behaviour,
    good_direction,
)
from harbourlight.insight.wording import counted, percent, period
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from tests.insight.series import FIRST, LATER, ORDINARY, months

ASSESSMENT, RE_REFERRAL = CATALOGUE["ASM-45"], CATALOGUE["REREF-12M"]


def found(held, standard=ASSESSMENT, **given):
    chart = behaviour(held, good_direction(standard.kind), as_at=LATER, **given)
    return find(chart, standard)


@pytest.mark.parametrize(
    ("tail", "title", "says"),
    [
        ((), "Ordinary month-to-month variation around 81%", "expect between 70% and 93%"),
        (
            (50,),
            "Worse than ordinary in April 2025",
            "April 2025, at 50%, is below the lower limit",
        ),
        ((100,), "Better than ordinary in April 2025", "above the upper limit"),
        (
            (76, 77, 75, 77, 76, 77, 76),
            "Worse than ordinary since April 2025",
            "Every month from April 2025 to October 2025 is below the mean of 80%",
        ),
        (
            (88, 86, 84, 82, 80, 78, 76),
            "Worse than ordinary since April 2025",
            "Each month from May 2025 to October 2025 is lower than the one before",
        ),
        (
            (71, 72, 71),
            "Worse than ordinary in June 2025",
            "Two or more of the three months to June 2025 are close to the lower limit",
        ),
        ((50, 82), "Ordinary now; worse than ordinary in April 2025", "ordinary variation"),
    ],
)
def test_the_title_and_the_sentence_say_what_the_chart_shows(tail, title, says):
    finding = found(months([*ORDINARY, *tail]))
    assert finding.title == title
    assert says in finding.text
    assert len(finding.title.split()) <= 10


def test_an_unusual_spell_long_past_is_not_forgotten():
    finding = found(months([*ORDINARY, *[50] * 8, *ORDINARY, *ORDINARY]))
    assert "Earlier: " in finding.text
    assert "worse than ordinary April 2025 to November 2025" in finding.text


def test_a_spell_that_has_just_ended_is_in_the_title():
    finding = found(months([*ORDINARY, *[50] * 8, *ORDINARY[:3]]))
    assert finding.title == "Ordinary now; worse than ordinary until November 2025"


def test_the_same_fall_is_good_news_of_what_should_not_happen():
    finding = found(months([*ORDINARY, 50]), RE_REFERRAL)
    assert finding.title == "Better than ordinary in April 2025"
    assert finding.variation is Variation.IMPROVEMENT
    assert "for the better" in finding.text


def test_where_neither_way_is_good_a_change_is_only_a_change():
    chart = behaviour(months([*ORDINARY, 50]), Direction.NEITHER, as_at=LATER)
    finding = find(chart, ASSESSMENT)
    assert finding.title == "Out of the ordinary in April 2025"
    assert "the worse" not in finding.text
    assert signal_words(chart.points[-1]) == "Unusual: below the lower limit"


def test_the_count_is_of_the_latest_twelve_whole_months():
    # 80% in the first month drops out: the twelve from May 2024 met 897 + 90.
    finding = found(months([*ORDINARY, 90]))
    assert finding.sentences[0] == (
        "Authorised in time: 987 of 1,200 (82%), May 2024 to April 2025."
    )


def test_what_should_not_happen_is_counted_by_its_happening():
    assert found(months(ORDINARY), RE_REFERRAL).text.startswith("Re-referral: 977 of 1,200 (81%)")


@pytest.mark.parametrize(
    ("held", "caution"),
    [
        (months(ORDINARY[:9]), "trial limits: they rest on 9 months"),
        (months(ORDINARY[:5]), "fewer than 6 whole months no limits are drawn"),
        (months([*ORDINARY, None, 80]), "In 1 month there was nothing to count"),
        (months([4, 5] * 6, of=5), "Numbers are small"),
        ([Month(m.month, 80, 100, 3) for m in months(ORDINARY)], "For 36 more it cannot be told"),
    ],
)
def test_it_says_what_to_beware_of_and_only_then(held, caution):
    assert caution in found(held).text
    assert caution not in found(months(ORDINARY)).text


def test_it_says_where_limits_start_afresh_and_why():
    change = Change(add_months(FIRST, 12), "A new front door opened")
    finding = found(months([*ORDINARY, *ORDINARY]), changes=[change])
    assert "Limits start afresh in April 2025: A new front door opened." in finding.text


def test_nothing_to_show_is_said_and_not_left_blank():
    assert found([]).title == "No whole month to show yet"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0%"),
        (0.004, "under 1%"),
        (0.005, "1%"),
        (0.125, "13%"),
        (0.994, "99%"),
        (0.9951, "over 99%"),
        (1.0, "100%"),
        (None, "–"),
    ],
)
def test_nearly_all_is_never_written_as_all(share, said):
    assert percent(share) == said


def test_counts_and_periods_are_written_as_they_are_said():
    assert counted(1, "child", "children") == "1 child"
    assert counted(1204, "child", "children") == "1,204 children"
    assert period(date(2026, 3, 1), date(2026, 3, 1)) == "March 2026"
