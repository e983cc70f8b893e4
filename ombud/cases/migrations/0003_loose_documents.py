from django.db import migrations, models

from ombud.lib import clock

FILL = "UPDATE cases_document SET content = key, loose_at = CASE circle WHEN '' THEN at END"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_history")]
    operations = [
        migrations.AddField("document", "content", models.UUIDField(null=True)),
        migrations.AddField(
            "document", "loose_at", models.DateTimeField(default=clock.now, null=True)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("document", "content", models.UUIDField(db_index=True)),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=models.Q(circle="", loose_at__isnull=False)
                | models.Q(~models.Q(circle=""), case__isnull=False, loose_at=None),
                name="document_placed_or_loose",
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["loose_at"],
                condition=models.Q(loose_at__isnull=False),
                name="document_loose",
            ),
        ),
    ]
