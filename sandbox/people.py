"""The people whose phones lie on the table."""

import json
import re
from dataclasses import asdict, dataclass, field

from sandbox.store import Row, Store


class NotAPerson(Exception):
    """What was given does not describe a person; the message says why."""


@dataclass
class Person:
    personal_number: str
    given: str = "Test"
    family: str = "Testsson"
    phone: str = ""
    email: str = ""
    pid: str = ""
    """A Norwegian identity number, for whoever has one."""
    organisation: str = ""
    roles: list[str] = field(default_factory=list)
    declared: bool = True

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    def as_row(self) -> Row:
        return asdict(self) | {"name": self.name}


class People:
    def __init__(self, store: Store) -> None:
        self.store = store

    def all(self) -> list[Person]:
        rows = self.store.rows("SELECT body FROM person ORDER BY rowid")
        return [Person(**json.loads(row["body"])) for row in rows]

    def find(self, number: str) -> Person:
        """Anyone has a BankID here; a person never declared goes by a name for all."""
        row = self.store.row("SELECT body FROM person WHERE personal_number = ?", number)
        return Person(**json.loads(row["body"])) if row else Person(number, declared=False)

    def somebody_else(self, number: str) -> Person:
        others = (person for person in self.all() if person.personal_number != number)
        spare = "198002289224" if number != "198002289224" else "199008232382"
        return next(others, Person(spare, "Någon", "Annan"))

    def declare(self, rows: object) -> list[Person]:
        """Add or update; several rows about one person in one call are gathered to one phone."""
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotAPerson("A list of people is wanted, each with a personal_number.")
        gathered: dict[str, Row] = {}
        for row in rows:
            number = number_of(row.get("personal_number"))
            gathered[number] = gather(gathered.get(number, {}), row)
        return [self.keep(number, row) for number, row in gathered.items()]

    def keep(self, number: str, row: Row) -> Person:
        known = asdict(self.find(number)) | row
        person = Person(**known | {"personal_number": number, "declared": True})
        body = json.dumps(asdict(person), ensure_ascii=False)
        sql = "INSERT INTO person VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"
        self.store.write(sql, number, body)
        return person


def number_of(value: object) -> str:
    """Twelve digits, with or without a dash; NotAPerson otherwise."""
    digits = re.sub(r"[-\s]", "", str(value or ""))
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise NotAPerson("A person is named by a personal number of 12 digits.")
    return digits


def gather(known: Row, row: Row) -> Row:
    taken = {
        name: str(row[name])
        for name in ("given", "family", "phone", "email", "pid")
        if row.get(name)
    }
    taken |= name_of(row)
    place = row.get("organisation") or ""
    place = place.get("name", "") if isinstance(place, dict) else str(place)
    places = [known.get("organisation", ""), place]
    roles = [*known.get("roles", []), *(row.get("roles") or [])]
    joined: Row = {"roles": list(dict.fromkeys(map(str, roles)))} if "roles" in row else {}
    if place:
        joined["organisation"] = ", ".join(dict.fromkeys(filter(None, places)))
    return known | taken | joined


def name_of(row: Row) -> Row:
    """A whole name serves where given and family name are not told apart."""
    if row.get("given") or row.get("family") or not row.get("name"):
        return {}
    given, _, family = str(row["name"]).rpartition(" ")
    return {"given": given or family, "family": family if given else "Testsson"}


def phone_number(value: str) -> str:
    """'070-174 06 05' and '+46701740605' are the same phone: answers the latter."""
    digits = re.sub(r"[^\d+]", "", value)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+46" + digits[1:] if digits.startswith("0") else digits
