from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(
                    ("authorised_on__isnull", True), ("struck_out_at__isnull", True)
                ),
                fields=["team"],
                name="assessment_unauthorised",
            ),
        ),
    ]
