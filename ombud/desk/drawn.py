"""The rows of the lists, written out by hand: no page is asked for as often, and a template takes
twice the time for each row. Whatever is not our own words is escaped."""

from collections.abc import Iterable
from typing import Any

from django.template import engines
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from ombud.cases.lists import Row
from ombud.desk import words
from ombud.desk.beside import Beside
from ombud.desk.waiting import Waits
from ombud.lib import days
from ombud.ui import doors, marks
from ombud.ui.pieces import Column

TR = '\n    <tr role="row"{tone} id="row-{id}">\n      '


def tag(*words: str) -> str:
    engine: Any = engines["jinja2"]
    return str(engine.env.globals["drawn_tag"](*words))


def cases(rows: Iterable[tuple[Row, Beside]], columns: list[Column]) -> Markup:
    """Rows of cases: what, whose, in which state, whom it waits for, since when."""
    opened = {column.key: marks.opened(column) for column in columns}
    said = Words(get_language())
    return Markup("".join(case(row, beside, opened, said) for row, beside in rows))


class Words:
    """What stands in many rows, looked up once for all."""

    def __init__(self, language: str | None):
        self.now = days.Now()
        self.before, self.after = doors.around("desk:case")
        self.new = tag(pgettext("case", "New"), "info", "bullet")
        self.updated = str(escape(_("updated since you last looked")))
        self.nobody = quiet(pgettext("waits for", "Nobody"))
        self.no_date = quiet(_("No date"))
        self.states: dict[tuple[str, str], str] = {}
        self.verbs: dict[tuple[str, str], str] = {}

    def state(self, row: Row) -> str:
        known = (row.kind, row.state)
        if known not in self.states:
            self.states[known] = tag(words.state(*known), words.tone(row.state))
        return self.states[known]

    def verb(self, deed: str, tone: str) -> str:
        known = (deed, tone)
        if known not in self.verbs:
            self.verbs[known] = tag(str(words.VERBS[deed]), tone)
        return self.verbs[known]


def quiet(text: str) -> str:
    return f'<span class="quiet">{escape(text)}</span>'


def case(row: Row, beside: Beside, opened: dict[str, str], said: Words) -> str:
    number, where = row.number, f"{said.before}{row.number}{said.after}"
    moved = marks.written(row.moved_at, said.now.when(row.moved_at))
    is_new = f'<span class="ds-sr-only">, {said.updated}</span>' if row.is_new else ""
    customer = f"{opened['customer']}{escape(beside.customer)}</td>" if "customer" in opened else ""
    ball = said.nobody
    if beside.organisation:
        by, due = beside.due_at, ""
        if by:
            due = f' <span class="quiet">{marks.written(by, *said.now.due(by))}</span>'
        ball = f"{escape(beside.ball)}{due}"
    return (
        f"{start(number, 'late' if beside.is_late else '')}{opened['title']}"
        f'<a class="list-link" href="{where}">{escape(row.title)}{is_new}'
        f' <span class="number">{number}</span></a></th>{customer}\n'
        f"{opened['state']}{said.state(row)}</td>\n      {opened['ball']}{ball}</td>\n      "
        f"{opened['moved']}{moved}{f' {said.new}' if row.is_new else ''}</td>\n"
        "    </tr>"
    )


def start(name: str, tone: str) -> str:
    return TR.format(tone=f' class="row-{tone}"' if tone else "", id=name)


def waiting(rows: Iterable[Waits], columns: list[Column]) -> Markup:
    """Rows of what waits for the reader: what to do, with what, from whom, since and by when."""
    opened = {column.key: marks.opened(column) for column in columns}
    said = Words(get_language())
    return Markup("".join(turn(row, opened, said) for row in rows))


def turn(row: Waits, opened: dict[str, str], said: Words) -> str:
    words_of_due, late = said.now.due(row.due_at) if row.due_at else ("", False)
    place = ""
    if row.instead_of:
        place = _("in the place of %(name)s") % {"name": row.instead_of}
        place = f' <span class="quiet">{escape(place)}</span>'
    due = marks.written(row.due_at, words_of_due, late) if row.due_at else said.no_date
    verb = said.verb(row.deed, "late" if late else "turn")
    name = f"{row.number}-{row.part}" if row.part else row.number
    where = f"{said.before}{row.number}{said.after}"
    return (
        f"{start(str(escape(name)), 'late' if late else 'turn')}{opened['deed']}{verb}</td>\n      "
        f'{opened["title"]}<a class="list-link" href="{where}">{escape(row.title)}'
        f' <span class="number">{row.number}</span></a></th>\n      '
        f"{opened['customer']}{escape(row.customer)}{place}</td>\n      "
        f"{opened['since']}{marks.written(row.since, said.now.waited(row.since))}</td>\n      "
        f"{opened['due']}{due}</td>\n    </tr>"
    )
