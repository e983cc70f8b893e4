"""The customer's road, behind a secret link. Reading it changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases import files
from ombud.cases.models import Case
from ombud.cases.passes import Pass
from ombud.inquiries import actions, answers, filing, pages, papers, questions, rules, saved
from ombud.inquiries.models import LINK, Inquiry
from ombud.inquiries.states import State
from ombud.lib import days
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.actors import Actor
from ombud.people.settings import said
from ombud.ui import fragments
from ombud.ui.paper import prose

KEPT = "inquiry"  # what the session knows of the links that were used in it
JOINED = ("case__portal", "portal", "link", "signature__challenge", "repair")
STEPS = {"contact": 1, "matter": 2, "costs": 3, "review": 4, "sign": 5}
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox"}


@dataclass(frozen=True)
class Guest:
    """Who has come by which link, to which request."""

    token: str
    link: Pass
    inquiry: Inquiry

    @property
    def actor(self) -> Actor:
        return self.link.actor(self.inquiry.portal)

    def at(self, door: str, *more) -> str:
        return reverse(f"inquiry:{door}", args=[self.token, *more])


def by_link(view: Callable) -> Callable:
    """A door that opens to a link that is in use; to one that is over it says so, kindly."""

    @login_not_required
    @never_cache
    @wraps(view)
    def door(request, token: str, **more) -> HttpResponse:
        guest = coming(request, token)
        if request.method == "POST" and not ratelimit.consume(request, action="inquiry", key=token):
            return ratelimit.respond_429(request)
        if not guest.inquiry.is_open or not guest.link.is_in_force:
            return show_over(request, guest)
        try:
            answer = view(request, guest, **more)
        except answers.Foreign:
            answer = foreign(request, guest)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return door


def coming(request, token: str) -> Guest:
    link = Pass.objects.of_token(token)
    if link is None or link.case.kind != Case.Kind.INQUIRY or link.purpose != LINK:
        raise Http404
    inquiry = Inquiry.objects.select_related(*JOINED).get(pk=link.case_id)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(inquiry.language)
        request.LANGUAGE_CODE = inquiry.language
    return Guest(token, link, inquiry)


def foreign(request, guest: Guest) -> HttpResponse:
    """What no page of ours sends is counted; too often, and the link is locked."""
    done = actions.misuse(guest.inquiry, by=guest.actor)
    if not done.is_open:
        return show_over(request, Guest(guest.token, guest.link, done))
    return fragments.render(request, "inquiry/foreign.html", frame(guest), status=422)


def frame(guest: Guest, step: str = "") -> dict[str, Any]:
    """What every page of the customer shows."""
    return {
        "guest": guest,
        "inquiry": guest.inquiry,
        "shop": pages.shop(guest.inquiry),
        "step": STEPS.get(step, 0),
    }


def show_over(request, guest: Guest) -> HttpResponse:
    """Answered, failed or cancelled: one neutral page. Whoever signed here finds the receipt."""
    if guest.inquiry.is_applied and has_signed_here(request, guest.inquiry):
        return redirect(guest.at("done"))
    return fragments.render(request, "inquiry/over.html", frame(guest), status=410)


def has_signed_here(request, inquiry: Inquiry) -> bool:
    return inquiry.case.number in request.session.get(KEPT, {}).get("signed", [])


# Pages


@by_link
@require_safe
def landing(request, guest: Guest) -> HttpResponse:
    """Who asks, and for what; nothing about the person."""
    begun = guest.inquiry.state in (State.OPENED, State.SUBMITTED)
    return fragments.render(request, "inquiry/landing.html", {**frame(guest), "begun": begun})


@by_link
@require_POST
def begin(request, guest: Guest) -> HttpResponse:
    actions.open(guest.inquiry, by=guest.actor)
    return redirect(guest.at("contact"))


@by_link
@require_http_methods(["GET", "POST"])
def page(request, guest: Guest, name: str) -> HttpResponse:
    """One page of the form. Typed text is kept, right or wrong."""
    if not_begun(guest):
        return redirect(guest.at("guest"))
    if request.method == "GET":
        return show_page(request, guest, name)
    draft = saved.keep(guest.inquiry, name, typed(request), by=guest.actor)
    if name == "matter" and (answer := photos(request, guest)):
        return answer
    _good, faults = judged(guest.inquiry, name, draft.body)
    if faults:
        return show_page(request, guest, name, faults)
    return redirect(guest.at("matter") if name == "contact" else guest.at("costs"))


def judged(inquiry: Inquiry, name: str, typed: dict) -> tuple[dict[str, str], list[dict]]:
    count, region = inquiry.photos.count(), inquiry.region
    return answers.judged(inquiry.asks, name, typed, inquiry.known, count, region=region)


def not_begun(guest: Guest) -> bool:
    return guest.inquiry.state not in (State.OPENED, State.SUBMITTED)


PHOTOS = (".jpg", ".jpeg", ".png")
OURS = {"csrfmiddlewaretoken", "do", "remove", "photo"}


def typed(request) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in request.POST if name not in OURS}


def show_page(request, guest: Guest, name: str, faults: Any = (), told: str = "") -> HttpResponse:
    inquiry, draft = guest.inquiry, saved.of(guest.inquiry)
    form = inquiry.asks
    fields = questions.fields(form, name, draft.body, inquiry.known, faults)
    asked = questions.photos_of(form) if name == "matter" else None
    at = [fault for fault in faults if asked and fault["field"] == asked.name]
    context = {
        **frame(guest, name),
        "name": name,
        "fields": fields,
        "errors": questions.links(fields, at),
        "draft": draft,
        "photos_asked": asked,
        "photos_label": said(asked.label) if asked else "",
        "photos": list(inquiry.photos) if asked else [],
        "most_photos": rules.MOST_PHOTOS,
        "photo_error": told or (at[0]["text"] if at else ""),
    }
    status = 422 if faults or told else 200
    return fragments.render(request, "inquiry/page.html", context, status=status)


@by_link
@require_POST
def save(request, guest: Guest, name: str) -> HttpResponse:
    """What has been typed so far, sent by the page itself."""
    if not_begun(guest):
        raise Http404
    draft = saved.keep(guest.inquiry, name, typed(request), by=guest.actor)
    words = _("Saved %(time)s") % {"time": days.at(draft.at)}
    return JsonResponse({"words": words, "version": draft.version})


# Photos


def photos(request, guest: Guest) -> HttpResponse | None:
    """Photos that came with the page, and those that are to go; then the page once more."""
    if key := request.POST.get("remove"):
        actions.remove_photo(guest.inquiry, by=guest.actor, document=known_key(key))
    wrong = [told for upload in request.FILES.getlist("photo") if (told := take(guest, upload))]
    if wrong:
        return show_page(request, guest, "matter", told=" ".join(dict.fromkeys(wrong)))
    stays = key or request.POST.get("do") == "photos"
    return redirect(guest.at("matter") + "#photos") if stays else None


def take(guest: Guest, upload) -> str:
    """Let one photo in; else why not, and the others go on."""
    if not upload.name.lower().endswith(PHOTOS):
        return f"{upload.name}: {filing.no_photo()}"
    try:
        kept = files.keep(upload, by=guest.actor)
        actions.add_photo(guest.inquiry, by=guest.actor, document=str(kept.key))
    except files.TooLarge:
        return f"{upload.name}: {files.too_large()}"
    except Misshapen as no:
        return f"{upload.name}: {no.errors[0]['text']}"
    except Refused as no:
        return str(no)
    return ""


def known_key(raw: str) -> str:
    try:
        return str(UUID(raw))
    except ValueError as no:
        raise answers.Foreign(raw) from no


@by_link
@require_POST
def add_photo(request, guest: Guest) -> HttpResponse:
    """One photo, sent by the page itself."""
    upload = request.FILES.get("photo")
    if upload is None or not_begun(guest):
        raise Http404
    told = take(guest, upload)
    return JsonResponse({"words": told}, status=422 if told else 200)


@by_link
@require_safe
def photo(request, guest: Guest, document: UUID) -> FileResponse:
    row = guest.inquiry.photos.filter(key=document).first()
    if row is None:
        raise Http404
    answer = FileResponse(files.opened(row), content_type=row.media_type, headers=SAFE)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# What it costs, and all of it once more


@by_link
@require_safe
def costs(request, guest: Guest) -> HttpResponse:
    if not_begun(guest):
        return redirect(guest.at("guest"))
    terms = guest.inquiry.demands
    context = {
        **frame(guest, "costs"),
        "costs": papers.costs(guest.inquiry),
        "most": papers.most(guest.inquiry),
        "title": said(terms.title),
        "text": prose.drawn(said(terms.text)),
        "version": guest.inquiry.terms_version,
    }
    return fragments.render(request, "inquiry/costs.html", context)


@by_link
@require_safe
def review(request, guest: Guest) -> HttpResponse:
    """Every answer, with the way back to each; faults are shown where they are."""
    inquiry, draft = guest.inquiry, saved.of(guest.inquiry)
    if not_begun(guest):
        return redirect(guest.at("guest"))
    values: dict[str, str] = {}
    for name in filing.PAGES:
        good, bad = judged(inquiry, name, draft.body)
        if bad:
            return show_page(request, guest, name, bad)
        values |= good
    context = {
        **frame(guest, "review"),
        "groups": pages.groups(inquiry, values, draft.body),
        "photos": list(inquiry.photos),
        "costs": papers.costs(inquiry),
        "most": papers.most(inquiry),
        "sentences": papers.sentences(inquiry),
    }
    return fragments.render(request, "inquiry/review.html", context)


@by_link
@require_POST
def submit(request, guest: Guest) -> HttpResponse:
    """Hand in what was shown, and go on to sign it."""
    raw = request.POST.get("terms", "")
    if not raw.isdecimal() or len(raw) > 9:
        raise answers.Foreign("terms")
    try:
        actions.submit(guest.inquiry, by=guest.actor, terms=int(raw))
    except Misshapen:
        return redirect(guest.at("review"))
    except Refused as no:
        flashes.tell(request, str(no), "turn")
        return redirect(guest.at("costs"))
    return redirect(guest.at("sign"))
