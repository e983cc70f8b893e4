"""What a version of the settings will look like to the customer, and what may be misread in it."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from pydantic import BaseModel

from ombud.inquiries import editing, papers, questions, sending, templates
from ombud.inquiries.catalogue import FormBody, TermsBody, TextsBody
from ombud.lib import money
from ombud.people.settings import said
from ombud.ui.paper import prose

NUMBER = "10482"  # of an invented case
ONE_SCREEN = 900  # letters that the BankID app shows before one has to scroll, about
ABOUT = re.compile(r"\b(cirka|ca|ungefär|omtrent|about|approx)\b", re.I)
SUM = re.compile(r"\d[\d ]*(?:kr|kronor|SEK)\b", re.I)
WITH_VAT = re.compile(r"inkl\.? ?(?:moms|mva)|incl\.? ?VAT|including VAT", re.I)


def of(part: str, body: BaseModel, shop: str) -> dict[str, Any]:
    return {
        "texts": lambda: {"messages": messages(body)},  # type: ignore[arg-type]
        "form": lambda: {"pages": pages(body)},  # type: ignore[arg-type]
        "terms": lambda: terms(body, shop),  # type: ignore[arg-type]
        "pace": dict,
    }[part]()


def messages(texts: TextsBody) -> list[dict[str, Any]]:
    """Every text as it will arrive, with how many parts it takes."""
    named = [
        ("first", _("First message"), texts.first),
        *(
            (f"reminders.{n}", _("Reminder %(n)s") % {"n": n + 1}, text)
            for n, text in enumerate(texts.reminders)
        ),
        ("unsigned", _("Reminder to sign"), texts.unsigned),
    ]
    return [
        message(f"{path}.{language}", f"{name}, {tongue}", text[language], texts, language)
        for path, name, text in named
        for language, tongue in editing.TONGUES
        if text.get(language)
    ]


def message(path: str, name: str, text: str, texts: TextsBody, language: str) -> dict[str, Any]:
    told = sending.worded({language: text}, texts, language, NUMBER, sending.sample_link())
    measured = templates.measured(told)
    return {"path": path, "name": name, "text": told, "measured": measured}


def pages(form: FormBody) -> list[dict[str, Any]]:
    names = {"contact": _("Contact details"), "matter": _("The matter")}
    photos = questions.photos_of(form)
    return [
        {
            "name": name,
            "fields": questions.fields(form, page, {}, {}),
            "photos": said(photos.label) if photos and photos.page == page else "",
        }
        for page, name in names.items()
    ]


def terms(body: TermsBody, shop: str) -> dict[str, Any]:
    """The page of costs and terms, the text as the BankID app will show it, and what to mend."""
    costs = [(said(cost.label), papers.amount(cost.amount, cost.kind)) for cost in body.costs]
    most = money.text(body.most) if body.most else ""
    signed = render_to_string(
        "inquiry/sign.txt",
        {
            "shop": shop,
            "number": NUMBER,
            "lines": [(_("First name"), "Anna"), (_("Last name"), "Ek")],
            "costs": costs,
            "most": most,
            "terms_title": said(body.title),
            "terms_version": "…",
            "terms_text": said(body.text),
            "sentences": papers.sentences_of(most),
        },
    ).strip()
    return {
        "costs": costs,
        "most": most,
        "title": said(body.title),
        "text": prose.drawn(said(body.text)),
        "signed": signed,
        "words": len(said(body.text).split()),
        "warnings": warnings(body, signed),
    }


def warnings(body: TermsBody, signed: str) -> list[str]:
    """What a customer may misunderstand."""
    text = said(body.text)
    has_sums = bool(SUM.search(text))
    found = [
        (len(signed) > ONE_SCREEN, _("The text is longer than one screen of the BankID app.")),
        (
            has_sums and not WITH_VAT.search(text),
            _("The text names a sum and does not say that it includes VAT."),
        ),
        (
            ABOUT.search(text) and not body.most,
            _("The text says “about”, and there is no ceiling."),
        ),
        (
            any(cost.kind == "approximate" for cost in body.costs) and body.ceiling is None,
            _("An approximate price without a ceiling of its own may be exceeded by 15 %."),
        ),
    ]
    return [text for holds, text in found if holds]
