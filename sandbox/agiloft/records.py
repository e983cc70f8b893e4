"""What the service desk keeps: records, locks, files and what is queued, in one setting."""

import copy
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.agiloft import query
from sandbox.agiloft.tables import BEGINNING, CASE, COMPANY, KB, TABLES, Column, Options, column
from sandbox.agiloft.wrong import No, bad_value, locked, no_column
from sandbox.clock import Clock
from sandbox.store import Store

Record = dict[str, Any]
DATES = ("%b %d %Y %H:%M", "%b %d %Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
LOCK_MINUTES = 25


class Records:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.options = Options()
        self.heard: list[Callable[[str, str, str, str], None]] = []
        """Who is told of a change: table, number, event (Create, Update, Delete), and its way."""
        self.state: dict[str, Any] = store.setting("agiloft") or self.new()
        self.options = Options(**self.state["options"])

    def new(self) -> dict[str, Any]:
        return {
            "records": copy.deepcopy(BEGINNING),
            "locks": {},
            "files": {},
            "queued": {},
            "next": 0,
            "tokens": {},
            "hooks": {},
            "owed": [],
            "down_until": "",
            "options": Options().as_row(),
        }

    def reset(self) -> None:
        self.state = self.new()
        self.options = Options()
        self.keep()

    def keep(self) -> None:
        self.state["options"] = self.options.as_row()
        self.store.set("agiloft", self.state)

    # Finding

    def table(self, kb: str, table: str) -> dict[str, Record]:
        """Both names are told apart by their case."""
        if kb != KB:
            raise No(400, f"Cannot find specified knowledgebase: {kb}")
        if table not in TABLES:
            raise No(400, f"Table {table} does not exist")
        found: dict[str, Record] = self.state["records"][table]
        return found

    def one(self, kb: str, table: str, number: str) -> Record:
        if not str(number):
            raise No(400, "One has to specify id value.")
        found = self.table(kb, table).get(str(number))
        if found is None:
            raise No(400, "no data found for id range(s)")
        return found

    def shown(self, table: str, number: str, record: Record) -> Record:
        """As the service user may read it: what is hidden comes back empty, and nobody says so."""
        hidden = set(self.options.hidden.split(","))
        row: Record = {"id": int(number)}
        for one in TABLES[table][1]:
            if one.kind == "file":
                row[one.name] = len(self.files(table, number, one.name))
            elif one.name != "id" and one.kind != "button":
                row[one.name] = None if one.name in hidden else record.get(one.name)
        return row

    def found(self, kb: str, table: str, words: str) -> list[tuple[str, Record]]:
        rows = self.table(kb, table)
        known = {one.name for one in TABLES[table][1]}
        shown = {number: row | {"id": int(number)} for number, row in rows.items()}
        return [
            (number, rows[number])
            for number, row in sorted(shown.items(), key=lambda pair: int(pair[0]))
            if query.matches(words, row, known, table)
        ]

    # Changing

    def create(self, kb: str, table: str, fields: Record, way: str = "API") -> str:
        rows = self.table(kb, table)
        checked = self.checked(table, fields)
        number = str(max((int(one) for one in rows), default=0) + 1)
        rows[number] = checked
        self.keep()
        self.told(table, number, "Create", way)
        return number

    def update(
        self, kb: str, table: str, number: str, fields: Record, *, force=False, way="API", by=""
    ) -> Record:
        record = self.one(kb, table, number)
        held = self.lock_of(table, number)
        if held and not force and held["by"] != by:
            raise locked(held["by"])
        record.update(self.checked(table, fields))
        self.keep()
        self.told(table, str(number), "Update", way)
        return record

    def delete(self, kb: str, table: str, number: str) -> None:
        self.one(kb, table, number)
        if table == COMPANY and self.dependants(number):
            count = self.dependants(number)
            raise No(
                409,
                f"Operation cannot be done. Record has {count} dependants",
                "EWIntegrityException",
            )
        del self.table(kb, table)[str(number)]
        self.keep()
        self.told(table, str(number), "Delete", "API")

    def dependants(self, company: str) -> int:
        name = self.state["records"][COMPANY][str(company)]["name"]
        return sum(row.get("company_name") == name for row in self.state["records"][CASE].values())

    def told(self, table: str, number: str, event: str, way: str) -> None:
        for listener in self.heard:
            listener(table, number, event, way)

    def checked(self, table: str, fields: Record) -> Record:
        known: Record = {}
        for name, value in fields.items():
            found = column(table, name)
            if found is None:
                raise no_column(name, table)
            if found.locked or found.kind in ("file", "button"):
                raise bad_value(name)
            known[name] = self.value(found, value)
        return known

    def value(self, of: Column, value: Any) -> Any:
        if of.kind == "linked":
            return self.linked(of, value)
        if value in (None, ""):
            return None
        if of.kind == "multichoice":
            return self.choices(of, value)
        if of.kind == "choice":
            return self.choice(of, str(value))
        if of.kind == "number":
            return number(of, value)
        return date(of, str(value)) if of.kind == "date" else str(value)

    def choice(self, of: Column, value: str) -> str:
        if value not in of.choices:
            raise bad_value(of.name)
        return value

    def choices(self, of: Column, value: Any) -> list[str]:
        return [
            self.choice(of, str(one)) for one in (value if isinstance(value, list) else [value])
        ]

    def linked(self, of: Column, value: Any) -> str | None:
        """A leading colon, and in what follows `:` and `?` behind a backslash; empty is refused."""
        if value == "$global.null":
            return None
        words = str(value or "")
        if not words.startswith(":"):
            raise bad_value(of.name)
        if re.search(r"(?<!\\)[:?]", words[1:]):
            raise bad_value(of.name)
        name = re.sub(r"\\([:?])", r"\1", words[1:])
        if name not in [row.get("name") for row in self.state["records"][of.target].values()]:
            raise bad_value(of.name)
        return name

    # Locks and files

    def lock_of(self, table: str, number: str) -> dict[str, str] | None:
        held: dict[str, str] | None = self.state["locks"].get(f"{table}/{number}")
        if held and datetime.fromisoformat(held["until"]) > self.clock.now():
            return held
        return None

    def lock(self, table: str, number: str, by: str, minutes: float = LOCK_MINUTES) -> None:
        until = (self.clock.now() + timedelta(minutes=minutes)).isoformat()
        self.state["locks"][f"{table}/{number}"] = {"by": by, "until": until}
        self.keep()

    def unlock(self, table: str, number: str) -> None:
        self.state["locks"].pop(f"{table}/{number}", None)
        self.keep()

    def files(self, table: str, number: str, name: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.state["files"].setdefault(f"{table}/{number}/{name}", [])
        return found


def number(of: Column, value: Any) -> int | float:
    try:
        plain = float(value)
    except (TypeError, ValueError):
        raise bad_value(of.name) from None
    return int(plain) if plain == int(plain) else plain


def date(of: Column, value: str) -> str:
    for shape in DATES:
        try:
            return datetime.strptime(value, shape).replace(tzinfo=UTC).strftime("%b %d %Y %H:%M")
        except ValueError:
            continue
    raise bad_value(of.name)
