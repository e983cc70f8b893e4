from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_inquiries")]

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
                    ("repair", "Repair"),
                    ("inquiry", "Inquiry"),
                ],
                max_length=12,
            ),
        ),
    ]
