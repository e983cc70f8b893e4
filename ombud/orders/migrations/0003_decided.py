from django.db import migrations

from ombud.lib.chain import final_once

DECIDED = "OLD.outcome IN ('approved', 'rejected', 'sent_back')"


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_initial")]
    operations = [migrations.RunSQL(*final_once("orders_approval", DECIDED))]
