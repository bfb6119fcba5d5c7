"""Rules about Section 47 enquiries and the conferences that follow them."""

from harbourlight.returns.cin.conditions import (
    REFERENCE_DATE,
    enquiry,
    episode,
    how_many,
    some,
    working_days_before_the_end,
)
from harbourlight.returns.cin.rule import Kind, Rule

_another = enquiry.again()
_AWAITS_CONFERENCE = enquiry.DateOfInitialCPC.is_missing & enquiry.ICPCnotRequired.is_false
_IS_OPEN = enquiry.DateOfInitialCPC.is_missing & ~enquiry.ICPCnotRequired.is_true

RULES = (
    Rule(
        code="1104",
        kind=Kind.ERROR,
        module="Section47",
        fields=("CINreferralDate", "DateOfInitialCPC"),
        message=(
            "The date of the initial child protection conference cannot be before the referral date"
        ),
        says="A conference after an enquiry is not before its episode's CINreferralDate.",
        over=enquiry,
        fails=enquiry.DateOfInitialCPC.is_before(episode.CINreferralDate),
    ),
    Rule(
        code="2884",
        kind=Kind.ERROR,
        module="Section47",
        fields=("DateOfInitialCPC",),
        message=(
            "An initial child protection conference is recorded at both the S47 and CIN Details "
            "level and it should only be recorded in one"
        ),
        says=(
            "A conference is given with the enquiry it follows or, on a transfer in, with the "
            "episode: not with both."
        ),
        over=enquiry,
        fails=enquiry.DateOfInitialCPC.is_same_as(episode.DateOfInitialCPC),
    ),
    Rule(
        code="2889",
        kind=Kind.ERROR,
        module="Section47",
        fields=("S47ActualStartDate", "CINreferralDate"),
        message="The S47 start date cannot be before the referral date.",
        says="An enquiry does not start before its episode's CINreferralDate.",
        over=enquiry,
        fails=enquiry.S47ActualStartDate.is_before(episode.CINreferralDate),
    ),
    Rule(
        code="8615",
        kind=Kind.ERROR,
        module="Section47",
        fields=("S47ActualStartDate", "DateOfInitialCPC"),
        message=(
            "Section 47 Enquiry Start Date must be present and cannot be later than the date of "
            "the initial Child Protection Conference"
        ),
        says=(
            "An enquiry with a conference has an S47ActualStartDate, which is not after the "
            "conference."
        ),
        over=enquiry,
        fails=enquiry.DateOfInitialCPC.is_present
        & (
            enquiry.S47ActualStartDate.is_missing
            | enquiry.S47ActualStartDate.is_after(enquiry.DateOfInitialCPC)
        ),
    ),
    Rule(
        code="8675Q",
        kind=Kind.QUERY,
        module="Section47",
        fields=("DateOfInitialCPC", "S47ActualStartDate", "ICPCnotRequired"),
        message=(
            "Please check and either amend data or provide a reason: S47 Enquiry started more "
            "than 15 working days before the end of the census year. However, there is no date "
            "of Initial Child Protection Conference."
        ),
        says=(
            "An enquiry that still awaits its conference (no DateOfInitialCPC, and "
            "ICPCnotRequired false) started no more than 15 working days before the reference "
            "date, which is day 0."
        ),
        over=enquiry,
        fails=_AWAITS_CONFERENCE
        & enquiry.S47ActualStartDate.is_before(working_days_before_the_end(15)),
        element="S47ActualStartDate",
    ),
    Rule(
        code="8715",
        kind=Kind.ERROR,
        module="Section47",
        fields=("DateOfInitialCPC", "ReferenceDate"),
        message=("Date of Initial Child Protection Conference must fall within the census year"),
        says=("A DateOfInitialCPC, with an enquiry or with the episode, is in the census year."),
        over=enquiry,
        fails=enquiry.DateOfInitialCPC.is_present & ~enquiry.DateOfInitialCPC.is_in_the_year,
        also=(
            (
                episode,
                episode.DateOfInitialCPC.is_present & ~episode.DateOfInitialCPC.is_in_the_year,
            ),
        ),
    ),
    Rule(
        code="8740",
        kind=Kind.ERROR,
        module="Section47",
        fields=("S47ActualStartDate", "DateOfInitialCPC", "ICPCnotRequired"),
        message=(
            "For a Section 47 Enquiry that has not held the Initial Child Protection Conference "
            "by the end of the census year, the start date must fall within the census year"
        ),
        says="An enquiry that still awaits its conference started in the census year.",
        over=enquiry,
        fails=_AWAITS_CONFERENCE & ~enquiry.S47ActualStartDate.is_in_the_year,
    ),
    Rule(
        code="8839",
        kind=Kind.ERROR,
        module="Section47",
        fields=("DateOfInitialCPC",),
        message="Within one CINDetails group there are 2 or more open S47 Assessments",
        says=(
            "An episode has at most one open enquiry: no DateOfInitialCPC, and ICPCnotRequired "
            "not true."
        ),
        over=enquiry,
        fails=_IS_OPEN
        & how_many(
            _another,
            within=episode,
            where=_another.DateOfInitialCPC.is_missing & ~_another.ICPCnotRequired.is_true,
        ).is_more_than(1),
    ),
    Rule(
        code="8868",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ICPCnotRequired", "CINclosureDate", "DateOfInitialCPC"),
        message=(
            "CIN episode is shown as closed, however Section 47 enquiry is not shown as "
            "completed by ICPC date or ICPC not required flag"
        ),
        says=(
            "Every enquiry of an episode that is closed has a DateOfInitialCPC, or "
            "ICPCnotRequired true."
        ),
        over=enquiry,
        fails=episode.CINclosureDate.is_present & _IS_OPEN,
    ),
    Rule(
        code="8870Q",
        kind=Kind.QUERY,
        module="Section47",
        fields=("InitialCPCtarget",),
        message=(
            "Please check and either amend or provide a reason: The Target Date for Initial "
            "Child Protection Conference should not be a weekend"
        ),
        says="InitialCPCtarget is not a Saturday or Sunday.",
        over=enquiry,
        fails=enquiry.InitialCPCtarget.is_at_a_weekend,
    ),
    Rule(
        code="8875",
        kind=Kind.ERROR,
        module="Section47",
        fields=("DateOfInitialCPC",),
        message="The Date of Initial Child Protection Conference cannot be a weekend",
        says="The DateOfInitialCPC of an enquiry is not a Saturday or Sunday.",
        over=enquiry,
        fails=enquiry.DateOfInitialCPC.is_at_a_weekend,
    ),
    Rule(
        code="8890",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("S47ActualStartDate",),
        message=(
            "A Section 47 enquiry is shown as starting when there is another Section 47 Enquiry "
            "ongoing"
        ),
        says=(
            "Within an episode no enquiry starts from the day another starts to the day of its "
            "conference, or to the reference date where it is open."
        ),
        over=enquiry,
        fails=some(
            _another,
            within=episode,
            where=_another.is_not(enquiry)
            & (
                enquiry.S47ActualStartDate.is_from(
                    _another.S47ActualStartDate, to=_another.DateOfInitialCPC
                )
                | (
                    _another.DateOfInitialCPC.is_missing
                    & ~_another.ICPCnotRequired.is_true
                    & enquiry.S47ActualStartDate.is_from(
                        _another.S47ActualStartDate, to=REFERENCE_DATE
                    )
                )
            ),
        ),
    ),
)
