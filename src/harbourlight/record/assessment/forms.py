"""What is asked when an assessment is started, written, decided or corrected."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from harbourlight.foundation.changing import ChangingForm
from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.record.workforce.choices import worker_choices
from harbourlight.standards import code_sets
from harbourlight.ui import forms

AUTHORISE, RETURN = "authorise", "return"

_REVIEW = gettext_noop("Internal review point")
_REVIEW_HINT = gettext_noop(
    "The day by which a manager looks at how the assessment is going, if one was set at its start."
)


class StartForm(forms.Form):
    """When an assessment starts, and who writes it."""

    started_on = forms.DateField(
        label="Date the assessment started",
        hint="The clock of 45 working days runs from the referral, not from this date.",
        past=True,
        initial=localdate,
    )
    worker = forms.SelectField(label="Who is assessing", choices=worker_choices)
    internal_review_on = forms.DateField(label=_REVIEW, hint=_REVIEW_HINT, required=False)


class WriteForm(ChangingForm):
    """The assessment itself. Nothing is compulsory until somebody decides it is good enough."""

    child_seen = forms.YesNoField(
        label="Has the child been seen during this assessment?",
        noun="whether the child has been seen",
        required=False,
    )
    child_words = forms.TextAreaField(
        label="The child’s own words",
        hint="What the child said, in their words. For a baby, what you saw.",
        rows=5,
        required=False,
    )
    history = forms.TextAreaField(
        label="Chronology and history",
        hint="What has happened before, and what was tried.",
        rows=8,
        required=False,
    )
    family_views = forms.TextAreaField(
        label="Family’s views",
        hint="Both parents, absent fathers and the wider family among them.",
        rows=6,
        required=False,
    )
    analysis = forms.TextAreaField(
        label="Analysis",
        hint="What it all means for this child: needs, harm, strengths, research.",
        rows=10,
        required=False,
    )
    next_steps = forms.TextAreaField(
        label="Decision and next steps",
        hint="What should happen now, and what will be different for the child.",
        rows=5,
        required=False,
    )
    factors = forms.CheckboxesField(
        label="Factors identified",
        hint="Choose all that were found. They go to the children in need census.",
        choices=lambda: code_sets.choices("assessment_factor", localdate()),
        required=False,
        small=True,
    )


class DecideForm(forms.Form):
    """A manager's decision on an assessment."""

    decision = forms.RadiosField(
        label="What is your decision?",
        noun="your decision",
        choices=[
            forms.Choice(AUTHORISE, "Authorise it", hint="The assessment is complete today."),
            forms.Choice(RETURN, "Return it to the worker", hint="Say what should be done."),
        ],
    )
    comment = forms.TextAreaField(
        label="Comment",
        hint="Your oversight and reasons. Needed if you return it.",
        rows=5,
        required=False,
    )


class CorrectForm(CorrectionForm):
    """The dates of an assessment, and the factors it found."""

    started_on = forms.DateField(label="Date the assessment started", past=True)
    internal_review_on = forms.DateField(label=_REVIEW, hint=_REVIEW_HINT, required=False)
    authorised_on = forms.DateField(
        label="Date it was authorised", hint="Leave empty if it was not.", past=True, required=False
    )
    factors = forms.CheckboxesField(
        label="Factors identified",
        hint="Choose all that were found. They go to the children in need census.",
        choices=lambda: code_sets.choices("assessment_factor", localdate()),
        required=False,
        small=True,
    )
