"""The operator's terms of agreements: what holds, what is announced, a new version; and after how
many days signatories are reminded."""

from django.conf import settings
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ombud.agreements.catalogue import SIDES, AgreementTerms, earliest, reminders_of
from ombud.desk.views.organisation import belonging, deed
from ombud.lib import clock, days
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.roles import Kind
from ombud.people.settings import said
from ombud.ui import fragments
from ombud.ui.forms import Field, errors_of, links_of
from ombud.ui.pieces import Option

SAID = {"title": 200, "changes": 2000, "text": 100_000}  # in each language; at most so long
MOST_VERSIONS = 20


@require_http_methods(["GET", "POST"])
def announce(request):
    """A page for whoever keeps the operator's catalogue."""
    here, offered = belonging(request), deed("announce")
    if barred := offered.reasons(request.actor, here):
        raise Refused(barred)
    if request.method == "GET":
        return show(request, {})
    try:
        arguments = offered.read(typed(request.POST))
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except (Misshapen, Refused) as no:
        if no.status == 403:
            raise
        return show(request, request.POST, no)
    text = _("The terms are announced. Contact persons of those who have signed are told.")
    flashes.tell(request, text)
    return redirect("desk:announce")


def typed(post) -> dict:
    """Words by language: what is left empty is not said in that language."""
    told = {
        name: {
            code: words for code, _n in settings.LANGUAGES if (words := spoken(post, name, code))
        }
        for name in SAID
    }
    return {
        **told,
        "side": post.get("side", ""),
        "burdening": post.get("burdening") == "on",
        "valid_on": post.get("valid_on", ""),
    }


def spoken(post, name: str, code: str) -> str:
    return post.get(f"{name}.{code}", "").replace("\r\n", "\n").strip()[: SAID[name]]


def show(request, values, no=None):
    here = belonging(request)
    faults = errors_of(no) if isinstance(no, Misshapen) else {}
    asked = questions(here, values, faults)
    when = reminders_of(here)
    context = {
        "fields": [one for one in asked[:-2] if one.name.endswith(("side", ".sv"))],
        "translated": [one for one in asked[:-2] if one.name.endswith((".nb", ".en"))],
        "last": asked[-2:],
        "errors": links_of(asked),
        "versions": versions(here),
        "first": days.plain(earliest(True)),
        "reminders": Field(
            "reminders",
            _("Reminders after how many days"),
            value=", ".join(map(str, when)),
            hint=_("Whole numbers from 1 to 29, for instance 2, 5, 8. Empty: nobody is reminded."),
            required=False,
            width="half",
        ),
        "reminded": ngettext("%(n)s reminder", "%(n)s reminders", len(when)) % {"n": len(when)},
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/announce.html", context, status=status)


def questions(here, values, faults: dict) -> list[Field]:
    sides = tuple((str(side), str(Kind(side).label)) for side in SIDES)
    labels = {"title": _("Title"), "changes": _("What is new, in short"), "text": _("The terms")}
    side = Field("side", _("For whom"), "radio", values.get("side", ""))
    side.options, side.errors = options(sides), tuple(faults.get("side", ()))
    found = [side]
    for name, label in labels.items():
        for code, language in settings.LANGUAGES:
            key = f"{name}.{code}"
            kind = "text" if name == "title" else "textarea"
            one = Field(key, f"{label}: {language}", kind, values.get(key, ""))
            one.required = code == "sv" and name != "changes"
            one.rows = 12 if name == "text" else 3
            one.errors = tuple(found_in(faults, name)) if code == "sv" else ()
            found.append(one)
    burdening = Field("burdening", _("It burdens the other party"), "checkbox")
    burdening.value = "on" if values.get("burdening") == "on" else ""
    burdening.hint = _("Such a change holds three months after it is announced, at the earliest.")
    burdening.required = False
    day = Field("valid_on", _("Holds from"), "date", values.get("valid_on", ""), width="half")
    day.errors = tuple(faults.get("valid_on", ()))
    return [*found, burdening, day]


def found_in(faults: dict, name: str) -> list[str]:
    return [text for key, texts in faults.items() if key.split(".")[-1] == name for text in texts]


def options(pairs):
    return tuple(Option(value, label) for value, label in pairs)


def versions(here) -> list[dict]:
    """What has been announced, the latest first; which one holds now, of each side."""
    rows = AgreementTerms.objects.filter(organisation=here).order_by("-valid_from", "-version")
    seen: set[str] = set()
    found = []
    for row in rows[:MOST_VERSIONS]:
        is_coming = row.valid_from > clock.now()
        holds = not is_coming and row.key not in seen
        if holds:
            seen.add(row.key)
        side = str(Kind(row.key).label)
        found.append(
            {
                "row": row,
                "side": side,
                "title": said(row.read.title),
                "coming": is_coming,
                "holds": holds,
            }
        )
    return found


@require_POST
def set_reminders(request):
    here, offered = belonging(request), deed("set_signing_reminders")
    raw = request.POST.get("reminders", "").replace(",", " ").split()
    try:
        arguments = offered.read({"reminders": raw[:10]})
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except Misshapen:
        text = _("Write whole numbers from 1 to 29, at most five.")
        flashes.tell(request, text, "late")
    else:
        flashes.tell(request, _("Saved."))
    return redirect("desk:announce")
