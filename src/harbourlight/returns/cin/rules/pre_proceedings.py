"""Rules about pre-proceedings and family group decision making: module 5, from 2026/27.

All are provisional: read in a draft of a third party, and not in the department's publication.
"""

from harbourlight.returns.cin.conditions import (
    pre_proceedings,
)
from harbourlight.returns.cin.rule import Kind, Rule

RULES = (
    Rule(
        code="8995Q",
        kind=Kind.QUERY,
        module="PreProceedings",
        fields=("PreProceedingsandFGDM",),
        message=(
            "Please check and provide a reason why no module 5 (pre-proceedings and FGM) data "
            "has been provided for any child."
        ),
        says="At least one child of the return has a PreProceedingsandFGDM.",
        over=None,
        fails=lambda totals: not totals["children_with_pre_proceedings"],
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9000Q",
        kind=Kind.QUERY,
        module="PreProceedings",
        fields=("PPStartDate",),
        message=(
            "Please check: If you do not yet collect this data, please leave this field blank "
            "and provide a reason."
        ),
        says="Every PreProceedingsandFGDM has a PPStartDate.",
        over=pre_proceedings,
        fails=pre_proceedings.PPStartDate.is_missing,
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9005",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("PPStartDate",),
        message=(
            "The date of the legal planning meeting or other decision making forum where the LA "
            "made the decision to commence pre-proceedings cannot fall outside the reporting "
            "year."
        ),
        says="A PPStartDate is in the census year.",
        over=pre_proceedings,
        fails=pre_proceedings.PPStartDate.is_present & ~pre_proceedings.PPStartDate.is_in_the_year,
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9006",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("LBPSentDate", "PPStartDate"),
        message=(
            "The date the letter before proceedings was sent must be within the reporting year "
            "and after the date pre-proceedings began."
        ),
        says="An LBPSentDate is in the census year, and not before PPStartDate.",
        over=pre_proceedings,
        fails=pre_proceedings.LBPSentDate.is_present
        & (
            ~pre_proceedings.LBPSentDate.is_in_the_year
            | pre_proceedings.LBPSentDate.is_before(pre_proceedings.PPStartDate)
        ),
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9007",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("FGDMMeetingOffer", "LBPSentDate"),
        message=(
            "You have confirmed that a letter before proceedings was sent. Please confirm "
            "whether or not a FGDM meeting was offered in the letter."
        ),
        says="Where there is an LBPSentDate, FGDMMeetingOffer is given.",
        over=pre_proceedings,
        fails=pre_proceedings.LBPSentDate.is_present & pre_proceedings.FGDMMeetingOffer.is_missing,
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9008",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("InitialPPMeetingDate",),
        message=(
            "The date of the first effective pre-proceedings meeting must be within the "
            "reporting year."
        ),
        says="An InitialPPMeetingDate is in the census year.",
        over=pre_proceedings,
        fails=pre_proceedings.InitialPPMeetingDate.is_present
        & ~pre_proceedings.InitialPPMeetingDate.is_in_the_year,
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9009",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("StepDecisionDate", "PPStartDate"),
        message=(
            "The date when the decision was made to step up or down must be on or after the "
            "date of the decision to begin pre-proceedings and must fall within the reporting "
            "year"
        ),
        says="A StepDecisionDate is in the census year, and not before PPStartDate.",
        over=pre_proceedings,
        fails=pre_proceedings.StepDecisionDate.is_present
        & (
            ~pre_proceedings.StepDecisionDate.is_in_the_year
            | pre_proceedings.StepDecisionDate.is_before(pre_proceedings.PPStartDate)
        ),
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9010Q",
        kind=Kind.QUERY,
        module="PreProceedings",
        fields=("FGDMMeetingFac", "FGDMMeetingOffer"),
        message=(
            "Please check: You have reported that a FGDM meeting was offered in the letter "
            "before proceedings. Please confirm whether or not a FGDM meeting was facilitated "
            "in the pre-proceedings period following this offer."
        ),
        says="Where FGDMMeetingOffer is true, FGDMMeetingFac is given.",
        over=pre_proceedings,
        fails=pre_proceedings.FGDMMeetingOffer.is_true & pre_proceedings.FGDMMeetingFac.is_missing,
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9011",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("PPOutcome",),
        message="The outcome of the pre-proceedings must be reported using a valid value",
        says="A PPOutcome is A, B or C.",
        over=pre_proceedings,
        fails=pre_proceedings.PPOutcome.is_present
        & ~pre_proceedings.PPOutcome.is_one_of("A", "B", "C"),
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9012",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("CourtAppDate", "StepDecisionDate"),
        message=(
            "The date that the local authority submitted the court application to commence care "
            "proceedings must fall within the reporting year and be on or after the date of the "
            "decision to initiate care proceedings."
        ),
        says="A CourtAppDate is in the census year, and not before StepDecisionDate.",
        over=pre_proceedings,
        fails=pre_proceedings.CourtAppDate.is_present
        & (
            ~pre_proceedings.CourtAppDate.is_in_the_year
            | pre_proceedings.CourtAppDate.is_before(pre_proceedings.StepDecisionDate)
        ),
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9013",
        kind=Kind.ERROR,
        module="PreProceedings",
        fields=("LetterInitCPDate", "CourtAppDate"),
        message=(
            "The date on which the letter to initiate care proceedings was sent to "
            "parents/guardians must fall within the reporting year and be on or after the date "
            "when the local authority submitted the court application to commence care "
            "proceedings."
        ),
        says="A LetterInitCPDate is in the census year, and not before CourtAppDate.",
        over=pre_proceedings,
        fails=pre_proceedings.LetterInitCPDate.is_present
        & (
            ~pre_proceedings.LetterInitCPDate.is_in_the_year
            | pre_proceedings.LetterInitCPDate.is_before(pre_proceedings.CourtAppDate)
        ),
        since=2027,
        is_provisional=True,
    ),
    Rule(
        code="9015Q",
        kind=Kind.QUERY,
        module="PreProceedings",
        fields=("ReviewMeetingsCount", "InitialPPMeetingDate"),
        message=(
            "Please check: if review meetings were held following the initial pre-proceedings "
            "meeting, the total number held should be reported."
        ),
        says="Where there is an InitialPPMeetingDate, ReviewMeetingsCount is given.",
        over=pre_proceedings,
        fails=pre_proceedings.InitialPPMeetingDate.is_present
        & pre_proceedings.ReviewMeetingsCount.is_missing,
        since=2027,
        is_provisional=True,
    ),
)
