"""What the pages show, gathered from the world: phones, screens, times of day."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from sandbox.bankid.app import describe
from sandbox.bankid.orders import Order
from sandbox.page import markdown, words
from sandbox.people import Person, phone_number
from sandbox.store import Row
from sandbox.world import World

ZONE = ZoneInfo("Europe/Stockholm")
SCREEN_SECONDS = 180
KEPT = 50
HUES = 8
CODE = re.compile(r"(?<![\d#@])\d{6}(?!\d)")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


@dataclass
class Card:
    """A phone as it lies on the table."""

    person: Person
    order: Row | None = None
    sms: Row | None = None
    mail: Row | None = None
    words: str = field(default="", repr=False)


def cards(world: World, search: str = "") -> dict[str, list[Card]]:
    """By organisation, in the order people were declared."""
    newest_sms = by_key(
        world.store.rows('SELECT "to", at, message, max(rowid) FROM sms GROUP BY "to"')
    )
    newest_mail = by_key(
        world.store.rows('SELECT "to", at, subject, max(id) FROM mail GROUP BY "to"')
    )
    groups: dict[str, list[Card]] = {}
    for person in world.people.all():
        if not fits(person, search):
            continue
        card = Card(person, open_order(world, person.personal_number))
        card.sms = newest_sms.get(phone_number(person.phone))
        card.mail = newest_mail.get(person.email.lower())
        groups.setdefault(person.organisation, []).append(card)
    return groups


def by_key(rows: list[Row]) -> dict[str, Row]:
    return {row["to"]: row for row in rows}


def fits(person: Person, search: str) -> bool:
    """Every word sought stands somewhere about the person."""
    about = [person.name, person.organisation, person.personal_number, person.email, *person.roles]
    about += [words.role("sv", role) for role in person.roles]
    whole = " ".join(about).replace("_", " ").casefold()
    return all(word in whole for word in search.replace("_", " ").casefold().split())


def open_order(world: World, number: str) -> Row | None:
    order = world.orders.opened_by(number)
    return shown(order) if order else None


def shown(order: Order) -> Row:
    row = describe(order)
    return row | {"markup": markdown.render(row["visible_text"], row["format"])}


def screens(world: World) -> list[Row]:
    """Orders whose QR code could be on a screen now, newest first."""
    fresh = (order for order in world.orders.startable() if order.age < SCREEN_SECONDS)
    rows = [describe(order) for order in fresh]
    for row in rows:
        row["name"] = world.people.find(row["meant_for"]).name if row["meant_for"] else ""
        row["first_line"] = first_line(row["visible_text"])
    return rows


def first_line(text: str) -> str:
    lines = (re.sub(r"^[#+*\s-]+|\*", "", line).strip() for line in text.splitlines())
    return next(filter(None, lines), "")


@dataclass
class Phone:
    """One person's phone, opened."""

    person: Person
    order: Row | None
    mine: list[Row]
    """Codes on a screen that this person may scan."""
    others: list[Row]
    earlier: list[Row]
    sms: list[Row]
    mail: list[Row]


def phone(world: World, number: str) -> Phone:
    person = world.people.find(number)
    found = screens(world)
    sms = world.sms.received(person.phone) if person.phone else []
    mail = world.mail.received(person.email) if person.email else []
    return Phone(
        person=person,
        order=open_order(world, number),
        mine=[row for row in found if row["meant_for"] in ("", number)],
        others=[row for row in found if row["meant_for"] not in ("", number)],
        earlier=[past(row) for row in world.ended.get(number, [])],
        sms=[text_message(row) for row in reversed(sms[-KEPT:])],
        mail=list(reversed(mail[-KEPT:])),
    )


def past(row: Row) -> Row:
    return row | {"first_line": first_line(row["visible_text"])}


def text_message(row: Row) -> Row:
    code = CODE.search(LINK.sub("", row["message"]))
    return row | {"code": code[0] if code else "", "markup": with_links(row["message"])}


def with_links(text: str) -> Markup:
    """The words as they are, addresses made to follow."""
    done, end = Markup(""), 0
    for match in LINK.finditer(text):
        done += escape(text[end : match.start()])
        link = Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>')
        done += link.format(match[0])
        end = match.end()
    return done + escape(text[end:])


def time_of_day(world: World, at: str, language: str, seconds: bool = False) -> str:
    """'14:32' today, else the day too."""
    form = "%H:%M:%S" if seconds else "%H:%M"
    then = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(ZONE)
    now = world.clock.now().astimezone(ZONE)
    if then.date() == now.date():
        return then.strftime(form)
    return then.strftime(f"%-d/%-m {form}" if language == "sv" else f"%-d %b {form}")


def gist(row: Row) -> list[str]:
    """The few words of a journal entry that are worth reading before it is opened."""
    detail = row["detail"]
    told = [detail.get(name) for name in ("status", "hint", "meant_for", "fault", "offset_seconds")]
    told += [detail.get("form", {}).get("to"), *detail.get("recipients", [])]
    return [str(word) for word in told if word]


def offset_words(seconds: float) -> str:
    """'+3 d 02:00'"""
    whole = timedelta(seconds=abs(round(seconds)))
    hours, rest = divmod(whole.seconds, 3600)
    days = f"{whole.days} d " if whole.days else ""
    return f"{'+' if seconds >= 0 else '−'}{days}{hours:02}:{rest // 60:02}"


def initials(person: Person) -> str:
    return (person.given[:1] + person.family[:1]).upper()


def hue(person: Person) -> int:
    return int(person.personal_number) % HUES


def pulse(world: World) -> str:
    """Changes whenever a page would look different."""
    orders = [(order.id, order.hint, order.status) for order in world.orders.all()]
    return f"{world.store.changes}-{world.clock.offset}-{hash(tuple(orders))}"


def answer_of(order: dict[str, Any]) -> str:
    """The word for how an order ended."""
    if order["state"] == "complete":
        return "Approved"
    return "Cancelled" if order["hint"] in ("userCancel", "userDeclinedCall") else "Failed"
