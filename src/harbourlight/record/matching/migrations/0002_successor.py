"""Whom somebody retired was found to be: asked by whoever holds an old identifier.

The rows of mergers say more than that, and row-level security keeps them from those who read only
related records; so a function of the owner's answers with the identifier alone.
"""

from django.db import migrations

SUCCESSOR = """
CREATE OR REPLACE FUNCTION matching_successor(retired text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE led (id, steps) AS (
        SELECT m.person_id::text, 1 FROM matching_merger m
        WHERE m.retired_id = retired AND m.undone_at IS NULL
        UNION ALL
        SELECT m.person_id::text, steps + 1 FROM matching_merger m JOIN led ON m.retired_id = led.id
        WHERE m.undone_at IS NULL AND steps < 100
    )
    SELECT id FROM led ORDER BY steps DESC LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.RunSQL(SUCCESSOR, "DROP FUNCTION IF EXISTS matching_successor"),
    ]
