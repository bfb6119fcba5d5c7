"""Rules about the child: who they are, and what is said of them whatever the episode."""

from datetime import date

import numpy as np
import numpy.typing as npt

from harbourlight.returns.cin.conditions import (
    REFERENCE_DATE,
    Among,
    child,
    day_of_census,
    disability,
    episode,
    none,
    some,
)
from harbourlight.returns.cin.rule import Edition, Kind, Rule
from harbourlight.returns.cin.scanning import Truths

Texts = npt.NDArray[np.bytes_]

_CHECK_LETTERS = b"ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters of a unique pupil number, each standing for its place: no I, O or S."""
_WORTH = np.full(256, -1, np.int64)
_WORTH[np.frombuffer(b"0123456789", np.uint8)] = np.arange(10)
_WORTH[np.frombuffer(_CHECK_LETTERS, np.uint8)] = np.arange(23)


def _places(texts: Texts, width: int = 13) -> npt.NDArray[np.uint8]:
    """The letters of texts by place, nought where a text has ended."""
    return np.frombuffer(
        np.ascontiguousarray(texts.astype(f"S{width}")).tobytes(), np.uint8
    ).reshape(-1, width)


def _is_digit(octets: npt.NDArray[np.uint8]) -> Truths:
    found: Truths = (octets >= ord("0")) & (octets <= ord("9"))
    return found


def _is_letter(octets: npt.NDArray[np.uint8]) -> Truths:
    folded = octets | 0x20
    found: Truths = (folded >= ord("a")) & (folded <= ord("z"))
    return found


def _every(truths: Truths) -> Truths:
    """Whether each place of a text is so."""
    found: Truths = np.logical_and.reduce(truths, axis=1)
    return found


def _wrong_check_letter(texts: Texts) -> Truths:
    """Whether the first letter is not the sum's. Of what cannot be summed, rules 1540 and 1550
    tell."""
    places = _places(texts)
    can_be_summed = _every(_is_digit(places[:, 1:12])) & (_WORTH[places[:, 12]] >= 0)
    sums = _WORTH[places[:, 1:]] @ np.arange(2, 14) % 23
    wrong: Truths = places[:, 0] != np.frombuffer(_CHECK_LETTERS, np.uint8)[sums]
    return can_be_summed & wrong


_AUTHORITIES = (
    "001-005 201-213 301-320 330-336 340-344 350-359 370-373 380-384 390-394 420 660-681 701-708 "
    "800-803 805-808 810-813 815 816 820-823 825 826 830 831 835-841 845 846 850-852 855-857 860 "
    "861 865-896 908 909 916 919 921 925 926 928 929 931 933 935-938 940 941"
)
"""Local authorities since April 1998, and the stand-ins for what is not one."""
_SINCE_2023_24 = "942 943"
"""Cumberland; Westmorland and Furness."""


def _authorities(ranges: str) -> Among:
    found = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        found += [f"{code:03}" for code in range(int(first), int(last or first) + 1)]
    return Among(found)


def _not_of(authorities: Among, texts: Texts) -> Truths:
    of = np.ascontiguousarray(_places(texts)[:, 1:4]).view("S3").ravel()
    return ~authorities.test(of)


_KNOWN_AUTHORITIES = _authorities(f"{_AUTHORITIES} {_SINCE_2023_24}")
_KNOWN_AUTHORITIES_BEFORE = _authorities(_AUTHORITIES)


def _not_all_figures(texts: Texts) -> Truths:
    return ~_every(_is_digit(_places(texts)[:, 4:12]))


def _badly_formed(texts: Texts) -> Truths:
    places = _places(texts, 14)
    longer: Truths = places[:, 13] != 0
    return longer | ~(
        _is_letter(places[:, 0])
        & _every(_is_digit(places[:, 1:12]))
        & (_is_digit(places[:, 12]) | _is_letter(places[:, 12]))
    )


def _has_other_than_letters_and_digits(texts: Texts) -> Truths:
    places = _places(texts, texts.dtype.itemsize)
    return ~_every(_is_letter(places) | _is_digit(places) | (places == 0))


_UNBORN = child.ExpectedPersonBirthDate.is_present & child.PersonBirthDate.is_missing
_GOES_ON = some(episode, within=child, where=episode.ReferralNFA.is_false)
_SIX_BY_THE_END_OF_AUGUST = day_of_census(lambda census: date(census.year - 6, 8, 31))
_SIX_YEARS_BACK = REFERENCE_DATE.plus(months=-6 * 12)
_UPN_ACCOUNTED_FOR = child.UPN.is_present | child.UPNunknown.is_one_of(
    "UN2", "UN3", "UN4", "UN5", "UN6", "UN7"
)
_TWENTY_FIVE = 25 * 12

_another = disability.again()

RULES = (
    Rule(
        code="1510",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPN",),
        message="UPN invalid (wrong check letter at character 1)",
        says=(
            "The first letter of a UPN is the one that its other characters give: each digit "
            "times its place (2 to 13), added up, and the remainder by 23 counted along A B C D "
            "E F G H J K L M N P Q R T U V W X Y Z from nought. A letter in place 13 counts as "
            "its own place among them."
        ),
        over=child,
        fails=child.UPN.is_such_that(_wrong_check_letter),
    ),
    Rule(
        code="1520",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPN",),
        message="More than one record with the same UPN.",
        says="No two children of the return have the same UPN.",
        over=child,
        fails=child.UPN.is_repeated_in_the_return,
    ),
    Rule(
        code="1530",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPN",),
        message="UPN invalid (characters 2-4 not a recognised LA code)",
        says=(
            "Characters 2 to 4 of a UPN are the number of a local authority since April 1998, "
            "or of one of its stand-ins."
        ),
        over=child,
        fails=child.UPN.is_such_that(lambda upn: _not_of(_KNOWN_AUTHORITIES, upn)),
        editions=(
            Edition(
                until=2023,
                fails=child.UPN.is_such_that(lambda upn: _not_of(_KNOWN_AUTHORITIES_BEFORE, upn)),
                fields=("UPN",),
                message="UPN invalid (characters 2-4 not a recognised LA code)",
                says=(
                    "Characters 2 to 4 of a UPN are the number of a local authority since April "
                    "1998 (but 942 and 943, which came later), or of one of its stand-ins."
                ),
            ),
        ),
    ),
    Rule(
        code="1540",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPN",),
        message="UPN invalid (characters 5-12 not all numeric)",
        says="Characters 5 to 12 of a UPN are figures.",
        over=child,
        fails=child.UPN.is_such_that(_not_all_figures),
    ),
    Rule(
        code="1550",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPN",),
        message="UPN invalid (character 13 not a recognised value)",
        says=("Character 13 of a UPN is a figure, or a capital letter other than I, O and S."),
        over=child,
        fails=child.UPN.is_such_that(lambda upn: _WORTH[_places(upn)[:, 12]] < 0),
    ),
    Rule(
        code="1560Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("FormerUPN",),
        message=("Please check and either amend or provide a reason: Former UPN wrongly formatted"),
        says=("A FormerUPN is 13 characters: a letter, eleven figures, and a figure or letter."),
        over=child,
        fails=child.FormerUPN.is_such_that(_badly_formed),
    ),
    Rule(
        code="1570",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("LAchildID",),
        message="LA Child ID must not be longer than 20 characters",
        says="An LAchildID is no longer than 20 characters.",
        over=child,
        fails=child.LAchildID.is_such_that(lambda texts: np.char.str_len(texts) > 20),
        since=2025,
    ),
    Rule(
        code="1580",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("LAchildID",),
        message="LA Child ID must not contain any non-alphanumeric characters",
        says="An LAchildID holds letters and figures alone.",
        over=child,
        fails=child.LAchildID.is_such_that(_has_other_than_letters_and_digits),
        since=2025,
    ),
    Rule(
        code="4180",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("Sex",),
        message="Sex must be provided and equal M, F, or U",
        says="Sex is given, and is M, F or U.",
        over=child,
        fails=~child.Sex.is_one_of("M", "F", "U"),
        editions=(
            Edition(
                until=2024,
                fails=~child.GenderCurrent.is_a_code_of("gender_before_2024_25"),
                fields=("GenderCurrent",),
                message="Gender is missing or is not a valid code",
                says="GenderCurrent is given, and is one of its codes.",
            ),
        ),
    ),
    Rule(
        code="4220",
        kind=Kind.ERROR,
        module="ChildCharacteristics",
        fields=("Ethnicity",),
        message="Ethnicity is missing or invalid (see Ethnicity table)",
        says="Ethnicity is given, and is one of its codes.",
        over=child,
        fails=~child.Ethnicity.is_a_code_of("ethnicity"),
    ),
    Rule(
        code="8500",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("LAchildID",),
        message="LA Child ID missing",
        says="Every child has an LAchildID.",
        over=child,
        fails=child.LAchildID.is_missing,
    ),
    Rule(
        code="8510",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("LAchildID",),
        message="More than one child record with the same LA Child ID",
        says="No two children of the return have the same LAchildID.",
        over=child,
        fails=child.LAchildID.is_repeated_in_the_return,
    ),
    Rule(
        code="8520",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("PersonBirthDate", "ReferenceDate"),
        message=(
            "Date of Birth is after data collection period (must be on or before the end of the "
            "census period)"
        ),
        says="No PersonBirthDate is after the reference date.",
        over=child,
        fails=child.PersonBirthDate.is_after(REFERENCE_DATE),
    ),
    Rule(
        code="8525Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("PersonBirthDate", "ExpectedPersonBirthDate"),
        message=("Either Date of Birth or Expected Date of Birth must be provided (but not both)"),
        says="Either PersonBirthDate or ExpectedPersonBirthDate is given, and not both.",
        over=child,
        fails=(child.PersonBirthDate.is_present & child.ExpectedPersonBirthDate.is_present)
        | (child.PersonBirthDate.is_missing & child.ExpectedPersonBirthDate.is_missing),
        an_error_until=2023,
    ),
    Rule(
        code="8530Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("ExpectedPersonBirthDate",),
        message=(
            "Please check and either amend data or provide a reason: Expected Date of Birth is "
            "outside the expected range for this census (March to December of the Census Year "
            "end)"
        ),
        says=(
            "An ExpectedPersonBirthDate is from 30 days before the reference date to nine "
            "months after it, both included."
        ),
        over=child,
        fails=child.ExpectedPersonBirthDate.is_before(REFERENCE_DATE.plus(days=-30))
        | child.ExpectedPersonBirthDate.is_after(REFERENCE_DATE.plus(months=9)),
    ),
    Rule(
        code="8535Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("PersonDeathDate", "PersonBirthDate"),
        message=(
            "Please check and either amend data or provide a reason: Child’s date of death "
            "should not be prior to the date of birth"
        ),
        says="PersonDeathDate is not before PersonBirthDate.",
        over=child,
        fails=child.PersonDeathDate.is_before(child.PersonBirthDate),
    ),
    Rule(
        code="8540",
        kind=Kind.ERROR,
        module="ChildCharacteristics",
        fields=("Disability", "PersonBirthDate", "ReferralNFA"),
        message="Child’s disability is missing or invalid (see Disability table)",
        says=(
            "A child who is born, and has an episode that is not a referral with no further "
            "action, has at least one Disability (NONE where there is none), and each is one of "
            "the codes."
        ),
        over=child,
        fails=child.PersonBirthDate.is_present
        & _GOES_ON
        & none(disability, within=child, where=disability.Disability.is_present),
        also=(
            (
                disability,
                disability.Disability.is_present
                & ~disability.Disability.is_a_code_of("disability")
                & child.PersonBirthDate.is_present
                & _GOES_ON,
            ),
        ),
        element="Disability",
    ),
    Rule(
        code="8545Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("PersonDeathDate", "ReferenceDate"),
        message=(
            "Please check and either amend data or provide a reason: Child's date of death "
            "should be within the census year"
        ),
        says="A PersonDeathDate is in the census year.",
        over=child,
        fails=child.PersonDeathDate.is_present & ~child.PersonDeathDate.is_in_the_year,
    ),
    Rule(
        code="8590",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("LAchildID",),
        message="Child does not have a recorded CIN episode.",
        says="Every child has at least one CINdetails.",
        over=child,
        fails=none(episode, within=child),
    ),
    Rule(
        code="8750",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("Sex", "PersonBirthDate", "ExpectedPersonBirthDate"),
        message="Sex must equal U for an unborn child",
        says=(
            "An unborn child, who has an ExpectedPersonBirthDate and no PersonBirthDate, has "
            "the Sex U."
        ),
        over=child,
        fails=_UNBORN & ~child.Sex.is_one_of("U"),
        editions=(
            Edition(
                until=2024,
                fails=_UNBORN & ~child.GenderCurrent.is_one_of("0"),
                fields=("GenderCurrent", "PersonBirthDate", "ExpectedPersonBirthDate"),
                message="Gender must equal 0 for an unborn child",
                says=(
                    "An unborn child, who has an ExpectedPersonBirthDate and no PersonBirthDate, "
                    "has the GenderCurrent 0."
                ),
            ),
        ),
    ),
    Rule(
        code="8770Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("UPN", "UPNunknown", "PersonBirthDate", "ReferralNFA"),
        message=(
            "Please check and either amend data or provide a reason: UPN is missing or reason "
            "UPN is missing or is UN1 for a child who is of school age."
        ),
        says=(
            "A child of school age (six by 31 August of the year of the reference date) with an "
            "episode that is not a referral with no further action has a UPN, or a UPNunknown "
            "of UN2 to UN7."
        ),
        over=child,
        fails=_GOES_ON
        & ~child.PersonBirthDate.is_after(_SIX_BY_THE_END_OF_AUGUST)
        & child.PersonBirthDate.is_present
        & ~_UPN_ACCOUNTED_FOR,
        editions=(
            Edition(
                until=2024,
                fails=_GOES_ON
                & child.PersonBirthDate.is_before(_SIX_YEARS_BACK)
                & ~_UPN_ACCOUNTED_FOR,
                fields=("UPN", "UPNunknown", "PersonBirthDate", "ReferralNFA"),
                message=(
                    "Please check and either amend data or provide a reason: UPN or reason UPN is "
                    "missing for a child who is more than six years old"
                ),
                says=(
                    "A child more than six years old on the reference date, with an episode that "
                    "is not a referral with no further action, has a UPN, or a UPNunknown of UN2 "
                    "to UN7."
                ),
            ),
        ),
    ),
    Rule(
        code="8772",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("UPNunknown", "ReferralNFA"),
        message=(
            "UPN unknown reason is UN7 (Referral with no further action) but at least one CIN "
            "details is a referral going on to further action"
        ),
        says=(
            "Where UPNunknown is UN7 (a referral with no further action), every CINdetails of "
            "the child is one."
        ),
        over=child,
        fails=child.UPNunknown.is_one_of("UN7")
        & some(episode, within=child, where=~episode.ReferralNFA.is_true),
    ),
    Rule(
        code="8775Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("PersonBirthDate", "CINclosureDate"),
        message=(
            "Please check and either amend data or provide a reason: Child is over 25 years old"
        ),
        says=(
            "Nobody over 25 on the reference date has an episode that is open, or that was "
            "closed after their 25th birthday."
        ),
        over=child,
        fails=child.PersonBirthDate.is_before(REFERENCE_DATE.plus(months=-_TWENTY_FIVE))
        & some(
            episode,
            within=child,
            where=episode.CINclosureDate.is_missing
            | episode.CINclosureDate.is_after(child.PersonBirthDate.plus(months=_TWENTY_FIVE)),
        ),
    ),
    Rule(
        code="8790",
        kind=Kind.ERROR,
        module="Disabilities",
        fields=("Disability",),
        message="Disability information includes both None and other values",
        says="Where a child has the Disability NONE they have no other.",
        over=disability,
        fails=disability.Disability.is_one_of("NONE")
        & some(
            _another,
            within=child,
            where=_another.Disability.is_present & ~_another.Disability.is_one_of("NONE"),
        ),
    ),
    Rule(
        code="8794",
        kind=Kind.ERROR,
        module="Disabilities",
        fields=("Disability",),
        message="Child has two or more disabilities with the same code",
        says="No Disability is given twice for a child.",
        over=disability,
        fails=some(
            _another,
            within=child,
            where=_another.Disability.is_same_as(disability.Disability)
            & _another.is_not(disability),
        ),
    ),
)
