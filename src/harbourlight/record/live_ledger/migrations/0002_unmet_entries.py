import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_ledger", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.BTreeIndex(
                condition=models.Q(("standing", "applies")),
                fields=["met_at"],
                name="live_ledger_entry_unmet",
            ),
        ),
    ]
