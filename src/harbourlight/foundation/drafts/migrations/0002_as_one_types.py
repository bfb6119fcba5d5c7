"""A draft belongs to a form, wherever it is, and no longer to a kind of thing."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def bring_over(apps: Any, schema_editor: Any) -> None:
    """Contacts that were begun: the one kind there was."""
    for draft in apps.get_model("drafts", "Draft").objects.all():
        boxes: dict[str, list[str]] = {}
        for name, value in draft.typed.items():
            if isinstance(value, dict):
                boxes |= {f"{name}-{part}": [str(one)] for part, one in value.items()}
            elif isinstance(value, list):
                boxes[name] = [str(one) for one in value]
            elif value is not None:
                boxes[name] = [str(value)]
        draft.submission = uuid.uuid4()
        draft.typed = boxes | {"submission": [str(draft.submission)]}
        draft.begun_at = draft.saved_at
        draft.title = "Record a contact"
        draft.address = f"/contacts/new/?of={draft.pk}"
        draft.save()


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("draft", name="drafts_draft_of"),
        migrations.RenameField("draft", "by", "owner"),
        migrations.RemoveField("draft", "kind"),
        migrations.AddField("draft", "submission", models.UUIDField(null=True)),
        migrations.AddField(
            "draft",
            "address",
            models.CharField(max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "draft", "title", models.CharField(max_length=300, default=""), preserve_default=False
        ),
        migrations.AddField("draft", "begun_at", models.DateTimeField(null=True)),
        migrations.RunPython(bring_over, migrations.RunPython.noop),
        # What is deferred must be settled before the table is altered again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("draft", "submission", models.UUIDField()),
        migrations.AlterField("draft", "begun_at", models.DateTimeField()),
        migrations.AlterField(
            "draft",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(fields=["owner", "submission"], name="drafts_draft_one_a_form"),
        ),
        migrations.AddIndex(
            "draft", models.Index(fields=["owner", "-saved_at"], name="drafts_draft_of_owner")
        ),
    ]
