"""PostgreSQL refuses to change or delete a line of history."""

from django.db import migrations

TABLES = ("history_event", "history_correction")

REFUSE = """
CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line of % is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


class Migration(migrations.Migration):
    """Add a trigger to each table of lines."""

    dependencies = (("history", "0001_initial"),)
    operations = (
        migrations.RunSQL(REFUSE, "DROP FUNCTION history_refuse()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION history_refuse()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in TABLES
        ),
    )
