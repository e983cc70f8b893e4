"""Logins kept in the database, each read together with its person in one query."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from ombud.lib import rows
from ombud.people.models import Person, Session

KEPT = f"""SELECT {rows.columns(Session, "s")}, {rows.columns(Person, "p")}
FROM people_session s LEFT JOIN people_person p ON p.id = s.person_id
WHERE s.session_key = %s AND s.expire_date > %s"""


class SessionStore(DatabaseStore):
    person: Person | None = None
    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        found = rows.asked(KEPT, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        width = rows.width(Session)
        row = rows.made(Session, found[0][:width])
        if row.person_id:
            person = rows.made(Person, found[0][width:])
            if person.is_active:
                self.person, self.ends_at = person, row.expire_date
        return row

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        return row
