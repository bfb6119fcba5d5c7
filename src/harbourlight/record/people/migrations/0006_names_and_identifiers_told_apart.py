"""Give each person the name and the identifiers they have as facts with days of their own.

In a migration by itself: PostgreSQL will not alter a table in the transaction that filled it.
"""

from django.db import migrations

FILL = """
INSERT INTO people_personname
    (id, recorded_at, recorded_by_id, struck_out_because, person_id, kind, forename, surname)
SELECT md5(id || ' name'), recorded_at, recorded_by_id, '', id, 'legal', forename, surname
FROM people_person WHERE forename <> '' OR surname <> '';

INSERT INTO people_identifier
    (id, recorded_at, recorded_by_id, struck_out_because, person_id, kind, value)
SELECT md5(id || ' nhs'), recorded_at, recorded_by_id, '', id, 'nhs_number',
    upper(replace(nhs_number, ' ', ''))
FROM people_person WHERE nhs_number <> ''
UNION ALL
SELECT md5(id || ' legacy'), recorded_at, recorded_by_id, '', id, 'earlier_system',
    earlier_system_id
FROM people_person WHERE earlier_system_id <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_what_is_recorded_of_a_person")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
