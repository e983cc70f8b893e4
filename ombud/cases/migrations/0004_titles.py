from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_loose_documents")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("case", "title", "first_title"),
                migrations.AlterField(
                    "case", "first_title", models.CharField(max_length=200, db_column="title")
                ),
            ]
        ),
        migrations.AddField(
            "case",
            "titles",
            models.JSONField(default=dict, db_default=Value({}, models.JSONField())),
        ),
    ]
