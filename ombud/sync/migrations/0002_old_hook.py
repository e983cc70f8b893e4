from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0001_initial")]

    operations = [
        migrations.AddField("system", "old_hook_sealed", models.TextField(blank=True, default="")),
        migrations.AddField(
            "system", "old_hook_index", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AddField("system", "old_hook_until", models.DateTimeField(null=True)),
    ]
