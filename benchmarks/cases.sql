-- Orders via agents in every state, with all that pages read. How many stands in bench.n.
-- Mean 3 events a case; every 50th has 20. Triggers sleep meanwhile,
-- and indexes are made at the end.

SET work_mem = '128MB';
SET maintenance_work_mem = '256MB';
SET synchronous_commit = off;

CREATE FUNCTION pg_temp.dice(g int, sides int) RETURNS int IMMUTABLE LANGUAGE sql AS
  'SELECT (hashint4(g) & 2147483647) % sides';
CREATE TEMP TABLE org AS SELECT id, name, number, kinds[1] AS kind, billing,
  row_number() OVER (PARTITION BY kinds[1] ORDER BY id) AS nth FROM people_organisation;
CREATE TEMP TABLE who AS SELECT m.organisation_id, split_part(p.username, '-', 1) AS part,
  p.id, p.given || ' ' || p.family AS name, p.email
  FROM people_membership m JOIN people_person p ON p.id = m.person_id;
CREATE TEMP TABLE goods AS SELECT s.key, s.id AS service, o.id AS offer, p.id AS price,
  row_number() OVER (ORDER BY s.key) AS nth
  FROM orders_service s JOIN orders_offer o USING (key) JOIN orders_price p USING (key);

CREATE TEMP TABLE made AS
SELECT g AS id, 'RITM' || lpad(g::text, 7, '0') AS number, 'REQ' || lpad(g::text, 7, '0') AS request,
  'Service-' || goods.nth || ' via ' || agent.name AS title, 'service:' || goods.key AS scope,
  goods.service, goods.offer, goods.price,
  customer.id AS customer, customer.name AS customer_name, customer.number AS customer_no,
  customer.billing, agent.id AS agent, agent.name AS agent_name, agent.number AS agent_no,
  operator.id AS operator, operator.name AS operator_name,
  orderer.id AS orderer, orderer.name AS orderer_name, orderer.email AS orderer_email,
  handler.id AS handler, at_agent.id AS at_agent, at_customer.id AS at_customer,
  CASE WHEN r < 6 THEN 'draft' WHEN r < 20 THEN 'agent_review' WHEN r < 28 THEN 'agent_attest'
    WHEN r < 36 THEN 'customer_attest' WHEN r < 42 THEN 'case_open' WHEN r < 52 THEN 'connecting'
    WHEN r < 94 THEN 'active' WHEN r < 97 THEN 'rejected_by_agent' ELSE 'rejected_by_customer'
  END AS state,
  CASE WHEN r < 6 THEN 0 WHEN r < 20 THEN 1 WHEN r < 28 THEN 2 WHEN r < 36 THEN 3
    WHEN r < 94 THEN 4 WHEN r < 97 THEN 2 ELSE 3 END AS place, -- on the road: 0 not sent, 4 past it
  r >= 94 AS rejected,
  CASE WHEN g % 50 = 0 THEN 20 ELSE 1 + g % 5 END AS events,
  now() - interval '400 days' + g * interval '390 days' / n AS opened,
  '[{"name": "Ward one", "hsa_id": "SE2321000016-AB12"},
    {"name": "Ward two", "hsa_id": "SE2321000016-AB13"}]'::jsonb AS units
FROM (SELECT current_setting('bench.n')::int AS n) size, generate_series(1, n) g
CROSS JOIN LATERAL (SELECT pg_temp.dice(g, 100) AS r) thrown
JOIN goods ON goods.nth = 1 + pg_temp.dice(g + 1000000000, 6)
JOIN org operator ON operator.kind = 'operator'
JOIN org agent ON agent.kind = 'agent' AND agent.nth = 1 + pg_temp.dice(g + 1100000000, 20)
JOIN org customer ON customer.kind = 'customer'
  AND customer.nth = 1 + pg_temp.dice(g + 1200000000, 200)
JOIN who orderer ON orderer.part = 'orderer' AND orderer.organisation_id = customer.id
JOIN who at_customer ON at_customer.part = 'attestant' AND at_customer.organisation_id = customer.id
JOIN who handler ON handler.part = 'handler' AND handler.organisation_id = agent.id
JOIN who at_agent ON at_agent.part = 'attestant' AND at_agent.organisation_id = agent.id;
ALTER TABLE made ADD moved timestamptz;
UPDATE made SET moved = opened + events * interval '7 hours';
ANALYZE made;

CREATE TEMP TABLE filled AS SELECT oid, quote_ident(relname) AS name FROM pg_class
  WHERE relkind = 'r' AND relname ~ '^(cases|orders|signing)_|^people_notice|^post_letter';
CREATE TEMP TABLE indexes AS SELECT indexrelid::regclass::text AS name,
  pg_get_indexdef(indexrelid) AS made_by FROM pg_index JOIN filled ON oid = indrelid
  WHERE NOT indisunique;
CREATE PROCEDURE pg_temp.each(list text, doing text) LANGUAGE plpgsql AS $$
DECLARE one text; BEGIN
  FOR one IN EXECUTE list LOOP EXECUTE format(doing, one); END LOOP;
END $$;
CALL pg_temp.each('SELECT name FROM filled', 'ALTER TABLE %s DISABLE TRIGGER ALL');
CALL pg_temp.each('SELECT name FROM indexes', 'DROP INDEX %s');

INSERT INTO cases_case (id, head_seq, head_hash, number, kind, title, request, reference, opened_at,
  closed_at, portal_id)
SELECT id, events, encode(sha256(convert_to(number || events, 'UTF8')), 'hex'), number, 'order',
  title, request, '', opened, CASE WHEN rejected OR state = 'active' THEN moved END, operator
FROM made;

INSERT INTO orders_order (case_id, state, source, units, answers, contact, customer_billing,
  agent_billing, accepted_at, sent_at, agent_id, attestant_id, chain_id, customer_id, form_id,
  offer_id, operator_id, orderer_id, price_id, service_id, agent_terms_id, terms_id)
SELECT id, state, '', units, '{"purpose": "Care"}',
  jsonb_build_object('name', orderer_name, 'email', orderer_email, 'phone', '+46701740605'),
  billing, '{}', opened, opened, agent, CASE WHEN place > 1 THEN at_agent END,
  (SELECT id FROM orders_chain), customer, (SELECT id FROM orders_form), offer, operator, orderer,
  price, service, (SELECT id FROM orders_terms WHERE key = 'agent-terms'),
  (SELECT id FROM orders_terms WHERE key = 'terms')
FROM made;

-- Who takes part, and who sees it

INSERT INTO cases_party (from_at, part, role, scope, circles, case_id, organisation_id)
SELECT opened, '', 'customer', '', '{brief,case,customer,customer:inner}'::text[], id, customer FROM made
UNION ALL SELECT opened, '', 'agent', scope, '{brief,case,agent,agent:inner}', id, agent
  FROM made WHERE place > 0
UNION ALL SELECT opened, '', 'operator', '', '{brief,case,customer,agent,operator:inner}', id,
  operator FROM made WHERE place > 0;

INSERT INTO cases_seat (from_at, part, role, circles, case_id, organisation_id, person_id)
SELECT opened, '', 'orderer', '{brief,case,customer,customer:inner}'::text[], id, customer, orderer
  FROM made
UNION ALL SELECT opened, '', 'attestant', '{brief,case,agent,agent:inner}', id, agent, at_agent
  FROM made WHERE place > 1;

INSERT INTO cases_sight (case_id, key, state, moved_at, circles)
SELECT id, key, 'order.' || state, moved, circles::text[] FROM made CROSS JOIN LATERAL (VALUES
  (0, 'o' || customer || ':customer', '{brief,case,customer,customer:inner}'),
  (0, 'p' || orderer || '@' || customer, '{brief,case,customer,customer:inner}'),
  (1, 'o' || agent || ':agent', '{agent,agent:inner,brief,case}'),
  (1, 'o' || agent || ':agent/' || scope, '{agent,agent:inner,brief,case}'),
  (1, 'o' || operator || ':operator', '{agent,brief,case,customer,operator:inner}'),
  (2, 'p' || at_agent || '@' || agent, '{agent,agent:inner,brief,case}')) row (since, key, circles)
WHERE place >= since;

INSERT INTO cases_findable (case_id, document)
SELECT id, to_tsvector('simple', concat_ws(' ', number, request, title, customer_name, agent_name,
    customer_no, agent_no, 'SE2321000016-AB12 Ward one SE2321000016-AB13 Ward two'))
  || array_to_tsvector((SELECT array_agg(key::text) FROM cases_sight s WHERE s.case_id = made.id))
FROM made;

INSERT INTO cases_seen (at, case_id, person_id)
SELECT moved, id, orderer FROM made WHERE id % 3 > 0
UNION ALL SELECT moved, id, handler FROM made WHERE place > 0 AND id % 3 > 0;

-- What it waits for, and what was decided

INSERT INTO cases_turn (part, key, shadow, role, scope, since, due_at, not_persons, case_id,
  organisation_id, person_id)
SELECT '', 'o' || agent || '=agent_handler/' || scope, false, 'agent_handler', scope, moved,
  CASE WHEN state = 'agent_review' THEN moved + interval '14 days' END, '{}'::bigint[], id, agent,
  NULL::bigint FROM made WHERE state IN ('agent_review', 'case_open', 'connecting')
UNION ALL SELECT '', 'o' || agent || '=agent_handler', true, 'agent_handler', scope, moved,
  CASE WHEN state = 'agent_review' THEN moved + interval '14 days' END, '{}', id, agent, NULL
  FROM made WHERE state IN ('agent_review', 'case_open', 'connecting')
UNION ALL SELECT '', 'p' || at_agent || '@' || agent, false, 'attestant', '', moved,
  moved + interval '14 days', '{}', id, agent, at_agent FROM made WHERE state = 'agent_attest'
UNION ALL SELECT '', 'o' || customer || '=attestant', false, 'attestant', '', moved,
  moved + interval '14 days', '{}', id, customer, NULL FROM made WHERE state = 'customer_attest';

CREATE TEMP TABLE decided AS
SELECT m.id AS case_id, step.*, gen_random_uuid() AS signature, m.opened + step.place * interval '3 hours' AS at,
  m.rejected AND step.place = m.place AS refused, step.place < m.place OR m.rejected AND step.place = m.place AS is_decided,
  step.place = m.place AND NOT m.rejected AS is_waiting
FROM made m CROSS JOIN LATERAL (VALUES
  (1, 'agent_review', 'agent_handler', m.agent, m.handler, NULL::bigint),
  (2, 'agent_attest', 'attestant', m.agent, m.at_agent, m.at_agent),
  (3, 'customer_attest', 'attestant', m.customer, m.at_customer, NULL)
) step (place, step, role, organisation, person, chosen) WHERE m.place > 0;

INSERT INTO signing_signature (id, via, document, snapshot, claims, language, deed, arguments, method,
  begun_at, signed_at, status, hint, reasons, case_id, organisation_id, person_id)
SELECT signature, 'web', repeat('What was read before it was signed. ', 6), '{"units": 2}',
  '{"case": 1}', 'sv', 'order.attest', '{}', 'bankid', at, at, 'complete', '', '[]', case_id,
  organisation, person FROM decided WHERE is_decided;

INSERT INTO orders_approval (place, step, role, outcome, asked_at, due_at, decided_at, certified,
  decided_by_id, organisation_id, person_id, signature_id, order_id)
SELECT place - 1, step, role, CASE WHEN refused THEN 'rejected' WHEN is_decided THEN 'approved'
    WHEN is_waiting THEN 'waiting' ELSE 'coming' END,
  CASE WHEN is_decided OR is_waiting THEN at END,
  CASE WHEN is_decided OR is_waiting THEN at + interval '14 days' END,
  CASE WHEN is_decided THEN at END,
  CASE WHEN is_decided AND place = 1 THEN 'I certify that the details are checked.' ELSE '' END,
  CASE WHEN is_decided THEN person END, organisation, chosen,
  CASE WHEN is_decided THEN signature END, case_id FROM decided;

-- What happened, and who was told

INSERT INTO cases_event (seq, verb, at, via, circle, part, data, digest, hash, case_id,
  organisation_id, person_id)
SELECT j, verb, opened + j * interval '7 hours', 'web', circle, '', '{}', '',
  encode(sha256(convert_to(number || j, 'UTF8')), 'hex'), id, organisation, person
FROM made, generate_series(1, events) j CROSS JOIN LATERAL (SELECT * FROM (VALUES
  (1, 'order.begun', 'customer', customer, orderer), (2, 'order.sent', 'case', customer, orderer),
  (3, 'order.approved', 'case', agent, handler), (4, 'order.attested', 'case', agent, at_agent),
  (5, 'order.attested', 'case', customer, at_customer),
  (6, 'order.noted', 'customer:inner', customer, orderer)
) known (nth, verb, circle, organisation, person) WHERE nth = least(j, 6)) row;

INSERT INTO cases_words (event_id, salt, body)
SELECT id, md5(id::text), '{"note": "Looks right to us; the units are ours."}'
FROM cases_event WHERE verb = 'order.approved';

INSERT INTO cases_message (circle, part, at, body, case_id, organisation_id, person_id)
SELECT circle, '', at, 'Spoke with the head of the ward; it may wait until Monday.', case_id,
  organisation_id, person_id FROM cases_event WHERE verb = 'order.noted';

INSERT INTO people_notice (case_number, kind, part, circle, words, data, why, calls, by_when, at,
  read_at, over_at, person_id, organisation_id)
SELECT number, 'order', '', 'case', words, jsonb_build_object('customer', customer_name,
    'agent', agent_name, 'operator', operator_name, 'organisation', place_name, 'units', 2,
    'contact', orderer_name, 'state', state,
    'service', jsonb_build_object('sv', title, 'nb', title, 'en', title)),
  why, calls, CASE WHEN calls THEN moved + interval '14 days' END, moved,
  CASE WHEN id % 5 > 0 THEN moved END, CASE WHEN calls AND state <> 'agent_review' THEN moved END,
  person, organisation
FROM made CROSS JOIN LATERAL (VALUES
  ('sent', 'orderer', false, orderer, customer, customer_name),
  ('review', 'agent_handler', true, handler, agent, agent_name)
) row (words, why, calls, person, organisation, place_name) WHERE place > 0;

INSERT INTO post_letter (reference, key, carrier, address, subject, body, html, thread, about,
  language, secret, state, attempts, may_be_twice, provider_id, error, written_at, accepted_at,
  settled_at)
SELECT gen_random_uuid(), 'notice:' || n.id || ':email', 'email', p.email, n.words || ' ' ||
  n.case_number, repeat('Words of a letter. ', 6), '', n.case_number, n.case_number, 'sv', false,
  'delivered', 1, false, '', '', n.at, n.at, n.at
FROM people_notice n JOIN people_person p ON p.id = n.person_id;

CALL pg_temp.each('SELECT name FROM filled', 'ALTER TABLE %s ENABLE TRIGGER ALL');
CALL pg_temp.each('SELECT made_by FROM indexes', '%s');
SELECT setval('cases_case_id_seq', max(id)), setval('number_ritm', max(id)),
  setval('number_req', max(id)) FROM cases_case;
