"""People, what is recorded about each, and how they are related."""

from harbourlight.record.people.models.details import (
    Address,
    ContactDetail,
    Disability,
    Identifier,
    NetworkMember,
    PersonFact,
    PersonFactQuerySet,
    PersonLanguage,
    PersonName,
    PersonWarning,
)
from harbourlight.record.people.models.family import Family, FamilyMember, Relationship
from harbourlight.record.people.models.person import Person, Plain, Sounds

__all__ = [
    "Address",
    "ContactDetail",
    "Disability",
    "Family",
    "FamilyMember",
    "Identifier",
    "NetworkMember",
    "Person",
    "PersonFact",
    "PersonFactQuerySet",
    "PersonLanguage",
    "PersonName",
    "PersonWarning",
    "Plain",
    "Relationship",
    "Sounds",
]
