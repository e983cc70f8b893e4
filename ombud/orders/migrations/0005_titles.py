from django.db import migrations

# Orders and the service cases that came of them are called by their service in each language.
NAMED = """
UPDATE cases_case k SET titles = (
  SELECT jsonb_object_agg(n.key, n.value ||
    CASE WHEN a.id IS NULL OR o.sent_at IS NULL THEN '' ELSE ' via ' || a.name END)
  FROM jsonb_each_text(v.body -> 'name') n)
FROM orders_order o
JOIN orders_service v ON v.id = o.service_id
LEFT JOIN people_organisation a ON a.id = o.agent_id
LEFT JOIN servicecases_servicecase w ON w.origin_id = o.case_id
WHERE k.id = o.case_id OR k.id = w.case_id"""

FOUND = """
UPDATE cases_findable f SET document = f.document ||
  to_tsvector('simple', jsonb_path_query_array(k.titles, '$.*')::text)
FROM cases_case k WHERE k.id = f.case_id AND k.titles <> '{}'"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_released"),
        ("cases", "0004_titles"),
        ("servicecases", "0001_initial"),
    ]
    operations = [migrations.RunSQL([NAMED, FOUND], migrations.RunSQL.noop)]
