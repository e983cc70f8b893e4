from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_turn_open_whole")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE number_eng", "DROP SEQUENCE number_eng"),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order", "Order"),
                    ("servicecase", "Servicecase"),
                    ("agreement", "Agreement"),
                    ("engagement", "Engagement"),
                ],
                max_length=12,
            ),
        ),
    ]
