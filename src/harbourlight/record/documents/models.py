"""Documents on a child's record.

A document received for brothers and sisters is one for each, with `together` the same: who may see
one child's record may not be who may see another's, and a mistake about one is put right for one.
The file is kept once, under its checksum (`foundation.documents.keeping`).
"""

from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.foundation.ids import new_id


class Document(Fact):
    """What a document is, whose, and where it came from. Its files are its versions."""

    class Kind(models.TextChoices):
        """What sort of document."""

        LETTER = "letter", gettext_lazy("Letter or e-mail")
        REPORT = "report", gettext_lazy("Report or assessment by others")
        MINUTES = "minutes", gettext_lazy("Minutes of a meeting")
        PLAN = "plan", gettext_lazy("Plan")
        COURT = "court", gettext_lazy("Court order or court paper")
        IDENTITY = "identity", gettext_lazy("Proof of identity")
        MEDICAL = "medical", gettext_lazy("Medical paper")
        SCHOOL = "school", gettext_lazy("School paper")
        CHILDS = "childs", gettext_lazy("Something the child made")
        PICTURE = "picture", gettext_lazy("Photograph")
        OTHER = "other", gettext_lazy("Something else")

    class Area(models.TextChoices):
        """The walled area a document belongs to, if any."""

        NONE = "", gettext_lazy("The child's record")
        ALLEGATIONS = "allegations", gettext_lazy("Allegations")
        INTELLIGENCE = "intelligence", gettext_lazy("Intelligence")

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="documents")
    together = models.CharField(max_length=48, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=200)
    received_on = models.DateField("date received or written")
    from_whom = models.CharField("who it is from", max_length=200, blank=True)
    is_significant = models.BooleanField("significant in the child's life", default=False)
    area = models.CharField(max_length=12, choices=Area, blank=True, default=Area.NONE)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-received_on", "-id")
        indexes = [models.Index(fields=["child", "-received_on"], name="documents_document_child")]


class Version(Fact):
    """One file of a document. The latest that stands is the document; those before are kept."""

    class Scan(models.TextChoices):
        """What the virus scanner said."""

        NOT_SCANNED = "not-scanned", gettext_lazy("Not scanned: there is no scanner")
        CLEAN = "clean", gettext_lazy("Scanned: nothing found")
        FOUND = "found", gettext_lazy("Held back: the scanner found something in it")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    scan = models.CharField(max_length=11, choices=Scan)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("document_id", "-number")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "number"], name="documents_version_numbered_once"
            ),
        ]
        indexes = [models.Index(fields=["checksum"], name="documents_version_checksum")]
