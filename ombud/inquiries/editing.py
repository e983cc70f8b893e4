"""Settings as a page asks for them: every value has a name like "reminders.0.sv", and what was
typed under these names becomes the body of a version again."""

import re
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.inquiries.catalogue import FieldBody
from ombud.lib import phones
from ombud.lib.errors import misshapen
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

TONGUES = (("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English"))
OURS = {"csrfmiddlewaretoken", "do", "acting_for"}
MOST_NAMES = 900
SUM = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def typed(post: QueryDict) -> dict[str, Any]:
    """What was typed, nested by the names; figures among them number a list."""
    tree: dict[str, Any] = {}
    for name in list(post)[:MOST_NAMES]:
        if name in OURS:
            continue
        *path, last = name.split(".")
        at = tree
        for step in path:
            at = at.setdefault(step, {})
            if not isinstance(at, dict):
                raise misshapen(**{name: _("This cannot be understood.")})
        at[last] = str(post[name]).strip()
    return numbered(tree)


def numbered(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.isdecimal() for name in tree):
        return [numbered(tree[name]) for name in sorted(tree, key=int)]
    return {name: numbered(value) for name, value in tree.items()}


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """A body as the names and values that a page asks for."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [(str(n), one) for n, one in enumerate(value)]
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, one in pairs:
        found |= flat(one, f"{path}.{name}" if path else str(name))
    return found


# From what was typed to a body


def body_of(part: str, post: QueryDict) -> dict[str, Any]:
    return BODIES[part](typed(post), post)


def texts_body(raw: dict, post: QueryDict) -> dict:
    return {**raw, "hours": worded(raw.get("hours", {}))}


def form_body(raw: dict, post: QueryDict) -> dict:
    """Rows in the order that is written at them; one that has no name, or is ticked away, goes."""
    rows = [row for row in raw.get("fields", []) if said_at_all(row) and not row.get("remove")]
    rows.sort(key=lambda row: whole(row.get("order", ""), 999))
    return {"fields": [question(row, n) for n, row in enumerate(rows)]}


def said_at_all(row: dict) -> bool:
    return any(row.get("label", {}).values())


def question(row: dict, nth: int) -> dict:
    return {
        "name": row.get("name") or slug(next(filter(None, row["label"].values()))) or f"q{nth}",
        "page": row.get("page", "matter"),
        "kind": row.get("kind", "text"),
        "label": worded(row["label"]),
        "hint": worded(row.get("hint", {})),
        "required": row.get("required") == "on",
        "prefill": row.get("prefill", ""),
        "most": whole(row.get("most", ""), 200),
        "options": choices(row.get("options", "")),
    }


def choices(text: str) -> list[dict]:
    """One choice a line: its name in Swedish, Norwegian and English with slashes between."""
    found: list[dict] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        names = [name.strip() for name in line.split("/")]
        label = worded(dict(zip(("sv", "nb", "en"), names, strict=False)))
        found.append({"value": slug(names[0]) or f"c{len(found)}", "label": label})
    return found


def terms_body(raw: dict, post: QueryDict) -> dict:
    rows = [row for row in raw.get("costs", []) if said_at_all(row) and not row.get("remove")]
    costs = [
        {
            "label": worded(row["label"]),
            "kind": row.get("kind", "fixed"),
            "amount": minor(row.get("amount", ""), f"costs.{n}.amount"),
        }
        for n, row in enumerate(rows)
    ]
    ceiling = raw.get("ceiling", "")
    return {
        "title": worded(raw.get("title", {})),
        "text": worded(raw.get("text", {})),
        "costs": costs,
        "ceiling": minor(ceiling, "ceiling") if ceiling else None,
    }


def pace_body(raw: dict, post: QueryDict) -> dict:
    return {
        **raw,
        "is_on": raw.get("is_on") == "on",
        "weekdays": [int(day) for day in post.getlist("weekdays") if day.isdecimal()],
        "after": [whole(day, 0) for day in raw.get("after", [])],
        "give_up": whole(raw.get("give_up", ""), 0),
    }


BODIES = {"texts": texts_body, "form": form_body, "terms": terms_body, "pace": pace_body}


def worded(said: dict) -> dict[str, str]:
    return {language: text for language, text in said.items() if text}


def whole(raw: str, otherwise: int) -> int:
    return int(raw) if raw.isdecimal() and len(raw) < 8 else otherwise


def minor(raw: str, name: str) -> int:
    """Kronor as people write them, in öre."""
    plain = raw.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not SUM.fullmatch(plain):
        raise misshapen(**{name: _("Write the sum in kronor, as 395 or 395,50.")})
    return int(Decimal(plain) * 100)


def slug(label: str) -> str:
    plain = label.casefold().translate(str.maketrans("åäöæø", "aaoao"))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30]


# From a body to questions


def faults_at(errors: list[dict]) -> dict[str, list[str]]:
    """Each fault by the name of the question where it is; a fault of a text is told at the first
    language."""
    found: dict[str, list[str]] = {}
    for error in errors:
        name = error["field"].removeprefix("body.").removeprefix("body")
        found.setdefault(name or "__all__", []).append(str(error["text"]))
    return found


def asked(
    path: str, label: str, kind: str, values: dict[str, Any], wrong: dict[str, list[str]], **more
) -> Field:
    told = wrong.get(path, [])
    if path.endswith(".sv"):
        told = [*told, *wrong.get(path.removesuffix(".sv"), [])]
    value = values.get(path, "")
    return Field(
        path, label, kind, value="" if value is None else value, errors=tuple(told), **more
    )


def in_tongues(path: str, label: str, kind: str, values: dict, wrong: dict, **more) -> list[Field]:
    """The same question once a language; only the Swedish answer is needed."""
    return [
        asked(
            f"{path}.{code}", f"{label}, {name}", kind, values, wrong, required=code == "sv", **more
        )
        for code, name in TONGUES
    ]


def kinds() -> tuple[Option, ...]:
    names = {
        "text": _("One line"),
        "long": _("Several lines"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "postcode": _("Postcode"),
        "number": _("Whole number"),
        "choice": _("Choose one"),
        "yes": _("Yes or no"),
        "photos": _("Photos"),
    }
    return tuple(Option(value, str(name)) for value, name in names.items())


def as_lines(options: list[dict]) -> str:
    """Choices as they are typed."""
    lines = [[one["label"].get(code, "") for code, _name in TONGUES] for one in options]
    return "\n".join(" / ".join(names).rstrip(" /") for names in lines)


def rows_of(body: dict, wrong: dict[str, list[str]]) -> list[list[Field]]:
    """A form's questions, each as a row of fields, and an empty one to add by."""
    empty = {"name": "", "page": "matter", "kind": "text", "label": {}, "most": 200, "options": []}
    rows = [*body.get("fields", []), empty]
    return [row(n, one, wrong) for n, one in enumerate(rows)]


def row(nth: int, one: dict, wrong: dict[str, list[str]]) -> list[Field]:
    at = f"fields.{nth}"
    values = {**flat(one, at), f"{at}.order": str(nth + 1) if one["name"] else ""}
    values[f"{at}.options"] = as_lines(one.get("options", []))
    pages = (Option("contact", _("Contact details")), Option("matter", _("The matter")))
    plain, question = {"required": False}, pgettext("form", "Question")
    return [
        Field(f"{at}.name", "", "hidden", value=one["name"]),
        *(
            asked(f"{at}.label.{code}", f"{question}, {name}", "text", values, wrong, **plain)
            for code, name in TONGUES
        ),
        asked(f"{at}.kind", _("Kind"), "select", values, wrong, options=kinds()),
        asked(f"{at}.page", _("Page"), "select", values, wrong, options=pages),
        asked(
            f"{at}.order",
            pgettext("form", "Order"),
            "number",
            values,
            wrong,
            width="short",
            **plain,
        ),
        asked(
            f"{at}.prefill",
            _("Filled from"),
            "text",
            values,
            wrong,
            hint=_("A name that the integration reads."),
            **plain,
        ),
        asked(
            f"{at}.options",
            _("Choices, one a line"),
            "textarea",
            values,
            wrong,
            rows=3,
            hint=_("Swedish / Norwegian / English"),
            **plain,
        ),
        Field(f"{at}.most", "", "hidden", value=str(one.get("most", 200))),
        Field(
            f"{at}.required",
            _("Must be answered"),
            "checkbox",
            value="on" if one.get("required") else "",
            required=False,
        ),
        *(
            [Field(f"{at}.remove", _("Remove the question"), "checkbox", required=False)]
            if one["name"]
            else []
        ),
    ]


def costs_of(body: dict, wrong: dict[str, list[str]]) -> list[list[Field]]:
    rows = [*body.get("costs", []), {"label": {}, "kind": "fixed", "amount": None}]
    kinds_of_cost = (Option("fixed", _("Fixed")), Option("approximate", _("Approximate")))
    found = []
    for nth, one in enumerate(rows):
        at = f"costs.{nth}"
        values = {**flat(one, at), f"{at}.amount": kronor(one["amount"])}
        plain, what = {"required": False}, _("What")
        found.append(
            [
                *(
                    asked(f"{at}.label.{code}", f"{what}, {name}", "text", values, wrong, **plain)
                    for code, name in TONGUES
                ),
                asked(f"{at}.kind", _("Price"), "select", values, wrong, options=kinds_of_cost),
                asked(
                    f"{at}.amount",
                    _("Sum incl. VAT"),
                    "text",
                    values,
                    wrong,
                    suffix="kr",
                    inputmode="decimal",
                    width="short",
                    **plain,
                ),
                *(
                    [Field(f"{at}.remove", _("Remove"), "checkbox", required=False)]
                    if one["label"]
                    else []
                ),
            ]
        )
    return found


def told(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same questions as they were answered, to be read; what was left empty is left out."""
    found = []
    for group in groups:
        pairs = [(field.label, answered(field)) for field in group["fields"]]
        found.append({"title": group["title"], "pairs": [pair for pair in pairs if pair[1]]})
    return [group for group in found if group["pairs"]]


def answered(field: Field) -> str:
    if field.kind == "checkbox":
        return _("Yes") if field.value else _("No")
    if field.options:
        return ", ".join(one.label for one in field.options if one.value in field.ticked)
    told = str(field.value)
    return phones.national(told) if told.startswith("+") else told


def kronor(amount: int | None) -> str:
    if amount is None:
        return ""
    return str(amount // 100) if amount % 100 == 0 else f"{amount / 100:.2f}".replace(".", ",")


def sample(field: FieldBody) -> str:
    """An answer as somebody might give it, for a preview."""
    return SAMPLES.get(field.name) or {"phone": "+46701740605", "number": "1", "yes": "yes"}.get(
        field.kind, "…"
    )


SAMPLES = {
    "given": "Anna",
    "family": "Ek",
    "street": "Storgatan 1",
    "postcode": "123 45",
    "city": "Sundsvall",
    "mobile": "+46701740605",
    "email": "anna.ek@example.org",
    "object": "Mobiltelefon",
    "model": "Fiktiv X2",
    "serial": "A1234",
    "fault": "Sprucken skärm",
}
