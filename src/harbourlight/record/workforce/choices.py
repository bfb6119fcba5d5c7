"""Teams and workers to choose from in a form."""

from harbourlight.record.workforce.models import Professional, Team


def worker_choices() -> list[tuple[str, str]]:
    """Workers who may be given work, by name, each with their team."""
    workers = Professional.objects.at_work().select_related("team")
    return [(one.pk, f"{one.name}, {one.team}" if one.team else one.name) for one in workers]


def team_choices() -> list[tuple[str, str]]:
    """Teams by name."""
    return [(team.pk, team.name) for team in Team.objects.all()]
