"""The same rows that Ombud's deeds write, in the same tables, by raw SQL and without a question."""

import json

HASH = "0123456789abcdef" * 4
INNER = "{brief,case,customer,customer:inner}"
LETTER = (
    "Det väntar en beställning på dig. Öppna den och läs vad som står där innan du svarar. " * 6
)
HTML = "<p>Det väntar en beställning på dig. <a href='https://localhost/'>Öppna den</a>.</p>" * 20

CASE = """INSERT INTO cases_case (head_seq, head_hash, number, kind, title, request, reference,
  opened_at, portal_id)
SELECT 1, %s, 'RITM' || lpad(nextval('number_ritm')::text, 7, '0'), 'order', o.key,
  'REQ' || lpad(nextval('number_req')::text, 7, '0'), '', now(), o.organisation_id
FROM orders_offer o WHERE o.key = %s RETURNING id, number, request, title"""
ORDER = """INSERT INTO orders_order (case_id, state, source, units, answers, contact,
  customer_billing, agent_billing, agent_id, chain_id, customer_id, form_id, offer_id, operator_id,
  orderer_id, price_id, service_id, agent_terms_id, terms_id)
SELECT %s, 'draft', '', %s, %s, %s, %s, '{}', a.id, c.id, %s, f.id, o.id, o.organisation_id, %s,
  p.id, s.id, w.id, t.id FROM orders_offer o JOIN orders_service s USING (key)
  JOIN orders_price p USING (key),
  orders_chain c, orders_form f, orders_terms t, orders_terms w, people_organisation a
WHERE o.key = %s AND t.key = 'terms' AND w.key = 'agent-terms' AND a.number = %s"""
PARTY = """INSERT INTO cases_party (from_at, part, role, scope, circles, case_id, organisation_id)
VALUES (now(), '', 'customer', '', %s, %s, %s)"""
SEAT = """INSERT INTO cases_seat (from_at, part, role, circles, case_id, organisation_id, person_id)
VALUES (now(), '', 'orderer', %s, %s, %s, %s)"""
EVENT = """INSERT INTO cases_event (seq, verb, at, via, circle, part, data, digest, hash, case_id,
  organisation_id, person_id) VALUES (%s, %s, now(), 'api', %s, '', '{}', '', %s, %s, %s, %s)"""
SIGHT = """INSERT INTO cases_sight (case_id, key, state, moved_at, circles)
VALUES (%s, %s, 'order.draft', now(), %s), (%s, %s, 'order.draft', now(), %s)"""
FIND = """INSERT INTO cases_findable (case_id, document)
VALUES (%s, to_tsvector('simple', %s) || array_to_tsvector(%s))"""


def create(cursor, person: int, organisation: int, typed: dict) -> dict:
    """A draft: case, order, party, seat, event, who sees it, how it is found."""
    cursor.execute(CASE, [HASH, typed["offer"]])
    case, number, request, title = cursor.fetchone()
    given = [json.dumps(typed[name]) for name in ("units", "answers", "contact", "billing")]
    cursor.execute(ORDER, [case, *given, organisation, person, typed["offer"], typed["agent"]])
    cursor.execute(PARTY, [INNER, case, organisation])
    cursor.execute(SEAT, [INNER, case, organisation, person])
    cursor.execute(EVENT, [1, "order.begun", "customer", HASH, case, organisation, person])
    keys = [f"o{organisation}:customer", f"p{person}@{organisation}"]
    cursor.execute(SIGHT, [case, keys[0], INNER, case, keys[1], INNER])
    cursor.execute(FIND, [case, f"{number} {request} {title} {given[0]}", keys])
    return {"number": number}


HELD = """SELECT c.id, c.head_seq, o.agent_id, o.operator_id, 'service:' || s.key FROM cases_case c
JOIN orders_order o ON o.case_id = c.id JOIN orders_service s ON s.id = o.service_id
WHERE c.number = %s FOR NO KEY UPDATE OF c"""
HEAD = "UPDATE cases_case SET head_seq = %s, head_hash = %s, title = %s WHERE id = %s"
SENT = """UPDATE orders_order SET state = 'agent_review', sent_at = now(), accepted_at = now()
WHERE case_id = %s"""
UNITS = """INSERT INTO orders_careunit (organisation_id, hsa_id, name)
SELECT %s, unit ->> 'hsa_id', unit ->> 'name' FROM orders_order, jsonb_array_elements(units) unit
WHERE case_id = %s ON CONFLICT DO NOTHING"""
PARTIES = """INSERT INTO cases_party (from_at, part, role, scope, circles, case_id, organisation_id)
VALUES (now(), '', 'agent', %s, '{brief,case,agent,agent:inner}', %s, %s),
  (now(), '', 'operator', '', '{brief,case,customer,agent,operator:inner}', %s, %s)"""
ROAD = """INSERT INTO orders_approval (place, step, role, outcome, asked_at, due_at, certified,
  organisation_id, order_id)
VALUES (0, 'agent_review', 'agent_handler', 'waiting', now(), now() + interval '14 days', '',
    %s, %s),
  (1, 'agent_attest', 'attestant', 'coming', NULL, NULL, '', %s, %s),
  (2, 'customer_attest', 'attestant', 'coming', NULL, NULL, '', %s, %s)"""
TURNS = """INSERT INTO cases_turn (part, key, shadow, role, scope, since, due_at, not_persons,
  case_id, organisation_id)
SELECT '', key, shadow, 'agent_handler', %s, now(), now() + interval '14 days', '{}', %s, %s
FROM (VALUES (%s, true), (%s, false)) t (key, shadow)"""
MOVED = "UPDATE cases_sight SET state = 'order.agent_review', moved_at = now() WHERE case_id = %s"
SEEN = """INSERT INTO cases_sight (case_id, key, state, moved_at, circles)
SELECT %s, key, 'order.agent_review', now(), circles::text[] FROM (VALUES
  (%s, '{agent,agent:inner,brief,case}'), (%s, '{agent,agent:inner,brief,case}'),
  (%s, '{agent,brief,case,customer,operator:inner}')) t (key, circles)"""
FOUND = """UPDATE cases_findable SET document = to_tsvector('simple', %s) || array_to_tsvector((
  SELECT array_agg(key::text) FROM cases_sight s WHERE s.case_id = %s)) WHERE case_id = %s"""
TOLD = """WITH told AS (
  INSERT INTO people_notice (case_number, kind, part, circle, words, data, why, calls, by_when, at,
    person_id, organisation_id)
  SELECT %s, 'order', '', 'case', 'sent', '{"units": 2}'::jsonb, 'orderer', false,
    NULL::timestamptz, now(), %s::bigint, %s::bigint
  UNION ALL SELECT %s, 'order', '', 'case', 'review', '{"units": 2}', 'agent_handler', true,
    now() + interval '14 days', now(), m.person_id, m.organisation_id FROM people_membership m
    WHERE m.organisation_id = %s AND EXISTS (SELECT 1 FROM people_grant g WHERE
      g.person_id = m.person_id AND g.role = 'agent_handler' AND g.scope IN ('*', %s))
  RETURNING id, person_id, case_number, words)
INSERT INTO post_letter (reference, key, carrier, address, subject, body, html, thread, about,
  language, secret, state, attempts, may_be_twice, provider_id, error, written_at, next_at)
SELECT gen_random_uuid(), 'notice:' || t.id || ':email', 'email', p.email, t.words, %s, %s,
  case_number, case_number, 'sv', false, 'queued', 0, false, '', '', now(), now()
FROM told t JOIN people_person p ON p.id = t.person_id RETURNING id"""
JOBS = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'floor', 'post.carry', jsonb_build_object('letter_id', id) FROM unnest(%s::bigint[]) id"""


def send(cursor, number: str, person: int, organisation: int, typed: dict) -> dict:
    """Parties, the road, the turn, event, who sees it, notices, letters and their jobs."""
    case, seq, agent, operator, scope = held(cursor, number)
    cursor.execute(HEAD, [seq + 1, HASH, f"{scope} via {agent}", case])
    cursor.execute(SENT, [case])
    cursor.execute(UNITS, [organisation, case])
    cursor.execute(PARTIES, [scope, case, agent, case, operator])
    cursor.execute(ROAD, [agent, case, agent, case, organisation, case])
    turn, party = f"o{agent}=agent_handler", f"o{agent}:agent"
    cursor.execute(TURNS, [scope, case, agent, turn, f"{turn}/{scope}"])
    cursor.execute(EVENT, [seq + 1, "order.sent", "case", HASH, case, organisation, person])
    cursor.execute(MOVED, [case])
    cursor.execute(SEEN, [case, party, f"{party}/{scope}", f"o{operator}:operator"])
    cursor.execute(FOUND, [f"{number} {scope} via {agent} {LETTER[:120]}", case, case])
    told = [number, person, organisation, number, agent, scope, LETTER, HTML]
    cursor.execute(TOLD, told)
    cursor.execute(JOBS, [[row[0] for row in cursor.fetchall()]])
    return {"number": number, "state": "agent_review"}


MESSAGE = """INSERT INTO cases_message (circle, part, at, body, case_id, organisation_id, person_id)
VALUES ('customer:inner', '', now(), %s, %s, %s, %s)"""
NOTED = "UPDATE cases_case SET head_seq = %s, head_hash = %s WHERE id = %s"
STIRRED = """UPDATE cases_sight SET moved_at = CASE WHEN 'customer:inner' = ANY(circles) THEN now()
ELSE moved_at END WHERE case_id = %s"""


def note(cursor, number: str, person: int, organisation: int, typed: dict) -> dict:
    """A message, its event, and whom the case has moved for."""
    case, seq, *_ = held(cursor, number)
    cursor.execute(MESSAGE, [typed["text"], case, organisation, person])
    cursor.execute(
        EVENT, [seq + 1, "order.noted", "customer:inner", HASH, case, organisation, person]
    )
    cursor.execute(NOTED, [seq + 1, HASH, case])
    cursor.execute(STIRRED, [case])
    return {"number": number, "seq": seq + 1}


def held(cursor, number: str) -> tuple:
    cursor.execute(HELD, [number])
    return cursor.fetchone()
