"""Logins kept in the database, each read together with its person in one query."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from ombud.people.models import Person, Session


class SessionStore(DatabaseStore):
    person: Person | None = None
    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        rows = Session.objects.select_related("person")
        row = rows.filter(session_key=self.session_key, expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        elif row.person and row.person.is_active:
            self.person, self.ends_at = row.person, row.expire_date
        return row

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        return row
