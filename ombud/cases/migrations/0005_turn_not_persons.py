"""A turn may name who holds its role and may not act all the same."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_titles")]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="not_persons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
    ]
