"""What is recorded about a person, each a fact with the days it holds between.

How each kind is asked for, said and listed is declared once, in `details`.
"""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.record.people.models.person import Person


class PersonFactQuerySet(FactQuerySet):
    """Facts about people, with those that hold on a day."""

    def current_on(self, day: date) -> Self:
        """Facts that stand and have not ended by `day`: the day something ends, it still holds."""
        return self.standing().filter(models.Q(ended_on=None) | models.Q(ended_on__gte=day))


class PersonFact(Fact):
    """Something true of a person from a day until a day; either may not be known, or not yet."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)s_facts")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta(Fact.Meta):
        abstract = True

    def is_current_on(self, day: date) -> bool:
        """Whether it stands and had not ended before `day`."""
        return not self.is_struck_out and (self.ended_on is None or self.ended_on >= day)


class PersonName(PersonFact):
    """A name a person has or had."""

    class Kind(models.TextChoices):
        """What sort of name."""

        LEGAL = "legal", _("Legal name")
        KNOWN_AS = "known_as", _("Known as")
        ALIAS = "alias", _("Alias")
        BIRTH = "birth", _("Name at birth")
        MAIDEN = "maiden", _("Maiden name")
        PREVIOUS = "previous", _("Previous name")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LEGAL)
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=255, blank=True)

    objects = PersonFactQuerySet.as_manager()

    @property
    def full(self) -> str:
        """Forename then surname."""
        return f"{self.forename} {self.surname}".strip()


class Identifier(PersonFact):
    """A number or reference somebody else knows the person by. `identifiers` declares the kinds.

    It is kept as `identifiers.normalised` leaves it. One that does not pass its own check is kept
    all the same, and is told of wherever it is shown.
    """

    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=100)

    objects = PersonFactQuerySet.as_manager()

    class Meta(PersonFact.Meta):
        indexes = [models.Index(fields=["value", "kind"], name="people_identifier_value")]


class Address(PersonFact):
    """Where a person lives or lived, or is written to.

    A confidential address is shown to holders of `SEE_CONFIDENTIAL_ADDRESS` alone, on no list,
    document or extract; `confidential` is how it is asked for.
    """

    class Kind(models.TextChoices):
        """What the address is to the person."""

        HOME = "home", _("Home")
        PLACEMENT = "placement", _("Placement")
        TEMPORARY = "temporary", _("Temporary")
        CORRESPONDENCE = "correspondence", _("Where to write to")
        OTHER = "other", _("Other")

    kind = models.CharField(max_length=14, choices=Kind, default=Kind.HOME)
    lines = models.TextField(blank=True)
    postcode = models.CharField(max_length=15, blank=True)
    """Capitals, with one space before the last three: `postcodes.normalised`."""
    is_confidential = models.BooleanField(default=False)

    objects = PersonFactQuerySet.as_manager()

    class Meta(PersonFact.Meta):
        verbose_name_plural = "addresses"
        indexes = [
            # For a search by the beginning of a postcode, whatever the database's collation.
            models.Index(
                fields=["postcode"], opclasses=["text_pattern_ops"], name="people_address_postcode"
            )
        ]


class ContactDetail(PersonFact):
    """A telephone number or an address for e-mail, and whether it is safe to use."""

    class Kind(models.TextChoices):
        """How it reaches the person."""

        MOBILE = "mobile", _("Mobile telephone")
        HOME = "home", _("Home telephone")
        WORK = "work", _("Work telephone")
        EMAIL = "email", _("Email")

    class Safe(models.TextChoices):
        """Whether using it puts anyone at risk."""

        YES = "yes", _("Yes")
        NO = "no", _("No, do not use it")
        NOT_KNOWN = "not_known", _("Not known")

    kind = models.CharField(max_length=6, choices=Kind, default=Kind.MOBILE)
    value = models.CharField(max_length=254)
    is_preferred = models.BooleanField(default=False)
    is_safe = models.CharField(max_length=9, choices=Safe, default=Safe.NOT_KNOWN)
    when_not = models.TextField(blank=True)

    objects = PersonFactQuerySet.as_manager()


class PersonLanguage(PersonFact):
    """A language a person speaks or signs."""

    language = models.CharField(max_length=100)
    is_preferred = models.BooleanField(default=False)
    needs_interpreter = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    objects = PersonFactQuerySet.as_manager()


class Disability(PersonFact):
    """A disability, by the code of the children in need census; NONE says there is none."""

    code = models.CharField(max_length=48)
    note = models.TextField(blank=True)

    objects = PersonFactQuerySet.as_manager()

    class Meta(PersonFact.Meta):
        verbose_name_plural = "disabilities"


class PersonWarning(PersonFact):
    """Something a worker must know before they visit, telephone or write."""

    class Kind(models.TextChoices):
        """What sort of warning."""

        RISK_TO_WORKERS = "risk_to_workers", _("Risk to workers")
        RISK_TO_CHILDREN = "risk_to_children", _("Risk to children")
        DO_NOT_CONTACT = "do_not_contact", _("Do not contact, or with care")
        ANIMAL = "animal", _("Animal in the home")
        HEALTH = "health", _("Health or allergy")
        OTHER = "other", _("Other")

    kind = models.CharField(max_length=16, choices=Kind)
    words = models.TextField()
    about = models.CharField(max_length=200, blank=True)
    review_on = models.DateField(null=True, blank=True)

    objects = PersonFactQuerySet.as_manager()

    def is_overdue_on(self, day: date) -> bool:
        """Whether it should have been looked at again before `day`."""
        return self.is_current_on(day) and self.review_on is not None and self.review_on < day


class NetworkMember(PersonFact):
    """A professional or an organisation that knows a person."""

    class Kind(models.TextChoices):
        """What they are to the person."""

        SCHOOL = "school", _("School or college")
        NURSERY = "nursery", _("Nursery or childminder")
        GP = "gp", _("GP")
        HEALTH_VISITOR = "health_visitor", _("Health visitor")
        SCHOOL_NURSE = "school_nurse", _("School nurse")
        MIDWIFE = "midwife", _("Midwife")
        POLICE = "police", _("Police officer")
        OTHER = "other", _("Other")

    kind = models.CharField(max_length=14, choices=Kind)
    organisation = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)

    objects = PersonFactQuerySet.as_manager()
