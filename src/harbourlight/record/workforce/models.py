"""Teams and professionals."""

from django.db import models

from harbourlight.foundation.ids import new_id


class Team(models.Model):
    """A team, and the larger team or service it belongs to."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ProfessionalQuerySet(models.QuerySet["Professional"]):
    """Professionals, by where they work."""

    def in_team(self, team_id: str | None) -> "ProfessionalQuerySet":
        """Those who work in a team now."""
        return self.filter(team_id=team_id)

    def at_work(self) -> "ProfessionalQuerySet":
        """Those who have not left, and so may be given work."""
        return self.filter(left=False)


class Professional(models.Model):
    """One of the authority's workers, whether or not they sign in."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    name = models.CharField(max_length=300)
    staff_number = models.CharField(max_length=48, blank=True)
    registration_number = models.CharField("Social Work England number", max_length=48, blank=True)
    job_title = models.CharField(max_length=500, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    full_time_equivalent = models.FloatField(null=True, blank=True)
    agency = models.BooleanField(null=True)
    left = models.BooleanField(default=False)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name
