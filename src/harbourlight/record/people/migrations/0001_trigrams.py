"""Trigram indexes on names need this extension, which ships with PostgreSQL."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Install the extension."""

    dependencies = ()
    operations = (TrigramExtension(),)
