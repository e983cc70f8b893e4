from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_turn_open_whole")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE number_inq", "DROP SEQUENCE number_inq"),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order", "Order"),
                    ("servicecase", "Servicecase"),
                    ("agreement", "Agreement"),
                    ("inquiry", "Inquiry"),
                ],
                max_length=12,
            ),
        ),
    ]
