"""All that came in and went out, in order."""

import json

from sandbox.clock import Clock
from sandbox.store import Row, Store


class Journal:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def note(self, part: str, way: str, what: str, /, **detail: object) -> None:
        """way is 'in', 'out' or 'here' (something happened inside the sandbox)."""
        body = json.dumps(detail, ensure_ascii=False, default=str)
        at = self.clock.stamp()
        self.store.add("journal", at=at, part=part, way=way, what=what, detail=body)

    def entries(self, part: str = "", after: int = 0, limit: int = 10_000) -> list[Row]:
        """The newest `limit` entries after a given one, oldest first."""
        rows = self.store.rows(
            "SELECT * FROM journal WHERE id > ? AND (? = '' OR part = ?) ORDER BY id DESC LIMIT ?",
            *(after, part, part, limit),
        )
        return [row | {"detail": json.loads(row["detail"])} for row in reversed(rows)]
