"""Django's PostgreSQL, with statements that the server plans once and connections that are asked
for their health without a question to the server."""

import select
from json import JSONDecoder
from typing import Any

from django.db.backends.postgresql import base
from psycopg import _queries as queries
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.json import JsonLoader

PREPARED = 400  # statements kept planned in each connection
# A statement longer than this is taken apart anew each time; ours are worded once, and some long.
queries.MAX_CACHED_STATEMENT_LENGTH = 8192
queries.MAX_CACHED_STATEMENT_PARAMS = 100


class Json(JsonLoader):
    """As psycopg's, but for guessing how it is encoded and looking for blanks around it. Columns
    are jsonb, which Django reads itself; this is what a statement puts together."""

    reader = JSONDecoder()

    def load(self, data: Any) -> Any:
        return self.reader.raw_decode(str(data, "utf-8"))[0]


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]):
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED
        # Moments are read by psycopg's compiled loader, in the connection's zone, which is UTC as
        # Django's own slower one would make it.
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        connection.adapters.register_loader("json", Json)
        return connection

    def create_cursor(self, name: str | None = None):
        """As Django's, which asks our loader of moments for what only its own can tell."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)

    def is_usable(self) -> bool:
        """A server that has gone has closed its end, which makes ours readable; so has one that
        told something meanwhile, which is asked."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if waiting.poll(0) else True
