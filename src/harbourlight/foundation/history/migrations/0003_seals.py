"""Rows of history know their transaction and are sealed; no table of them is ever emptied."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harbourlight.foundation.history.rows

REFUSED = {
    "history_event": "TRUNCATE",  # the rest is refused since 0002
    "history_correction": "TRUNCATE",
    "history_seal": "UPDATE OR DELETE OR TRUNCATE",
    "history_sealedtable": "UPDATE OR DELETE OR TRUNCATE",
}


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("since", models.BigIntegerField()),
                ("before", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="SealedTable",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=63)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=63), size=None
                    ),
                ),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("leaves", models.BinaryField()),
            ],
            options={
                "ordering": ("seal", "table"),
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="xid",
            field=models.BigIntegerField(
                db_default=harbourlight.foundation.history.rows.CurrentTransaction(), editable=False
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="page",
            field=models.CharField(db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="event",
            name="request",
            field=models.CharField(db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="event",
            name="xid",
            field=models.BigIntegerField(
                db_default=harbourlight.foundation.history.rows.CurrentTransaction(), editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["xid"], name="history_correction_xid"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["xid"], name="history_event_xid"
            ),
        ),
        migrations.AddField(
            model_name="sealedtable",
            name="seal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tables",
                to="history.seal",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedtable",
            constraint=models.UniqueConstraint(
                fields=("seal", "table"), name="history_sealedtable_once"
            ),
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changed BEFORE {what} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()",
                f"DROP TRIGGER never_changed ON {table}",
            )
            for table, what in REFUSED.items()
        ),
    ]
