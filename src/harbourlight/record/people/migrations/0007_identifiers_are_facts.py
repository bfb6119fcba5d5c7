"""What a person was called and numbered is held in facts of their own now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0006_names_and_identifiers_told_apart")]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="people_person_nhs",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="people_person_earlier",
        ),
        migrations.RemoveField(
            model_name="person",
            name="earlier_system_id",
        ),
        migrations.RemoveField(
            model_name="person",
            name="nhs_number",
        ),
        migrations.RemoveField(
            model_name="personhistory",
            name="earlier_system_id",
        ),
        migrations.RemoveField(
            model_name="personhistory",
            name="nhs_number",
        ),
    ]
