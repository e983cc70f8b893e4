"""Logins kept in the database, each read together with its person and that person's hats."""

import json
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from ombud.lib import clock, rows
from ombud.people import hats
from ombud.people.models import Membership, Person, Session
from ombud.people.terms import CURRENT

KEPT = f"""SELECT {rows.columns(Session, "s")}, {rows.columns(Person, "p")}, {hats.BESIDE}
FROM people_session s LEFT JOIN people_person p ON p.id = s.person_id
LEFT JOIN people_membership m ON m.person_id = p.id AND {CURRENT.format("m")}
LEFT JOIN people_organisation o ON o.id = m.organisation_id
WHERE s.session_key = %(key)s AND s.expire_date > %(real)s ORDER BY o.sort_key"""


class SessionStore(DatabaseStore):
    """`person` is whoever is logged in, `hats` are the memberships (hats.of)."""

    person: Person | None = None
    hats: list[Membership]
    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        asked = {"key": self.session_key, "real": timezone.now(), "now": clock.now()}
        found = rows.asked(KEPT, asked)
        if not found:
            self._session_key = None
            return None
        width = rows.width(Session)
        row = rows.made(Session, found[0][:width])
        if row.person_id:
            self.know(found, width, row.expire_date)
        return row

    def know(self, found: list[tuple], start: int, ends_at: datetime) -> None:
        """The person and the hats, out of what KEPT has found."""
        end = start + rows.width(Person)
        person = rows.made(Person, found[0][start:end])
        if person.is_active:
            self.person, self.ends_at = person, ends_at
            worn = (row[end:] for row in found if row[end] is not None)
            self.hats = [hats.as_hat(row, person) for row in worn]

    def encode(self, session_dict):
        """Plain: it lies in our own database, and no browser ever holds it."""
        return json.dumps(session_dict)

    def decode(self, session_data):
        try:
            return json.loads(session_data)
        except ValueError:  # written by an older house: nobody is logged in
            return {}

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        return row
