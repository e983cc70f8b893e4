from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_repairs")]

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
                    ("repair", "Repair"),
                    ("inquiry", "Inquiry"),
                ],
                max_length=12,
            ),
        ),
    ]
