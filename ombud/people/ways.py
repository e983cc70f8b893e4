"""Ways within the house: to the login and back, and never out of it."""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def inside(request, address: str | None, otherwise: str = "/") -> str:
    """The address if it is a path of this site, else another."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if address and address.startswith("/") and ours else otherwise


def wanted(request) -> str:
    """Where a form or a link asks to go next."""
    return inside(request, request.POST.get("next") or request.GET.get("next"))


def to_login(request) -> HttpResponseRedirect:
    """To the login, and back to what was asked for; a lost POST leads back to its page."""
    target = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        target = came_from(request)
    return HttpResponseRedirect(login_address(target))


def login_address(target: str) -> str:
    query = f"?{urlencode({'next': target})}" if target != "/" else ""
    return reverse("account_login") + query


def came_from(request) -> str:
    """The page of this site on which the form stood."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return inside(request, page.path + (f"?{page.query}" if page.query else ""))


def organisation_in(address: str) -> str:
    """The number of the organisation that a link in a letter asks one to act for."""
    return (parse_qs(urlsplit(address).query).get("as") or [""])[0]


def address_of(request) -> str:
    """Whose machine asks; behind a proxy it is the one that the proxy names last."""
    told = request.headers.get("X-Forwarded-For", "") if settings.ENV.proxied else ""
    return told.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]


def said_in(query, name: str, most: int = 200) -> str:
    """What an address says under a name, without what no database can look for."""
    return query.get(name, "").replace("\0", "").strip()[:most]
