"""Names are compared without accents and by their sound, each worked out once by PostgreSQL.

Both extensions ship with PostgreSQL and need no superuser. A generated column must be made by
functions that always say the same of the same text; `unaccent` only promises that when its
dictionary is named, and must be wrapped to be believed.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension, UnaccentExtension
from django.db import migrations, models

import harbourlight.record.people.models

FUNCTIONS = """
CREATE FUNCTION people_plain(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(translate(lower(public.unaccent('public.unaccent', name)), '-''’.', ' '))
$$;
CREATE FUNCTION people_sounds(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT sound), '{}')
    FROM regexp_split_to_table(public.people_plain(name), '[^a-z]+') AS word,
        LATERAL public.dmetaphone(word) AS sound
    WHERE length(sound) > 1
$$;
"""
NO_FUNCTIONS = "DROP FUNCTION people_sounds(text); DROP FUNCTION people_plain(text);"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RemoveIndex(
            model_name="person",
            name="people_person_name_trigrams",
        ),
        migrations.AddField(
            model_name="person",
            name="name_plain",
            field=models.GeneratedField(
                db_persist=True,
                expression=harbourlight.record.people.models.Plain(
                    django.db.models.functions.text.Concat(
                        models.F("forename"), models.Value(" "), models.F("surname")
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="name_sounds",
            field=models.GeneratedField(
                db_persist=True,
                expression=harbourlight.record.people.models.Sounds(
                    django.db.models.functions.text.Concat(
                        models.F("forename"), models.Value(" "), models.F("surname")
                    )
                ),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField(), size=None
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_plain"], name="people_person_name_plain", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_sounds"], name="people_person_name_sounds"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("expected_on__isnull", False)),
                fields=["expected_on"],
                name="people_person_expected",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("nhs_number", ""), _negated=True),
                fields=["nhs_number"],
                name="people_person_nhs",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("earlier_system_id", ""), _negated=True),
                fields=["earlier_system_id"],
                name="people_person_earlier",
            ),
        ),
    ]
