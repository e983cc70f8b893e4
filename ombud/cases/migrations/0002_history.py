from django.db import migrations

from ombud.lib.chain import append_only

NUMBERS = ["number_req", "number_ritm", "number_cs"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(*append_only("cases_event")),
        *(migrations.RunSQL(f"CREATE SEQUENCE {n}", f"DROP SEQUENCE {n}") for n in NUMBERS),
        migrations.RunSQL(
            "ALTER TABLE cases_sight SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE cases_sight RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        ),
    ]
