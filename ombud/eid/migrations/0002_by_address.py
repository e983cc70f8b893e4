from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eid", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="challenge",
            index=models.Index(
                fields=["ip", "begun_at"],
                condition=models.Q(method="sms"),
                name="eid_by_address",
            ),
        )
    ]
