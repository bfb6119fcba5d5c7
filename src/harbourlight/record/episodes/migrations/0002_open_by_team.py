from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("struck_out_at__isnull", True)),
                fields=["team"],
                name="episodes_open",
            ),
        ),
    ]
