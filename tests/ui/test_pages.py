"""Pages, fragments and letters render by themselves, in every language, with nothing missing."""

import re

import pytest
from django.conf import settings
from django.template import loader
from django.utils import translation

from ombud.lib import clock
from ombud.ui import fragments, samples
from tests.ui import asking

LANGUAGES = [code for code, _ in settings.LANGUAGES]
LETTER = {
    "lead": "Region Väst has ordered <NPÖ>.",
    "button": "Open the order",
    "url": "http://localhost/RITM0000001/?as=1&b=2",
    "all_url": "http://localhost/approvals/",
    "why": "You get this because you are Attestant.",
    "subject": "Attest: RITM0000001",
    "language": "en",
}

pytestmark = pytest.mark.urls("tests.ui.urls")


@pytest.fixture
def request_():
    return asking.request()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_component_draws_in_every_language(language):
    page = asking.page(language).content.decode()
    assert f'<html lang="{language}"' in page
    assert "RITM0010042 – Ombud</title>" in page


def test_no_page_carries_styles_or_scripts_of_its_own():
    page = asking.page().content.decode()
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|<style", page)


def test_the_page_of_components_is_not_there_in_production(client, monkeypatch):
    monkeypatch.setattr(settings.ENV, "env", "production")
    assert client.get("/ui/").status_code == 404


def test_a_fragment_is_one_block_of_the_page_that_includes_it(request_):
    context = samples.context(request_, "en")
    whole = fragments.render(request_, "ui/page.html", context, block="status").content.decode()
    request_.htmx = True
    part = fragments.render(request_, "ui/page.html", context, block="status").content.decode()
    assert part.strip().startswith("<section") and "<html" not in part
    assert part.strip() in whole


def test_no_letter_of_the_frame_is_lost_without_a_frame(request_):
    with translation.override("en"):
        page = loader.get_template("ui/page.html")
        context = {**samples.context(request_, "en"), "frame": None}
        assert 'class="rail"' not in page.render(context, request_)


def test_the_switcher_names_every_hat_and_what_waits_there():
    page = asking.page().content.decode()
    assert 'name="organisation" value="2"' in page
    assert "2 wait" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_refusal_says_what_to_do_and_whom_to_ask(request_, language, status, support):
    context = {"reference": "K7Q2", "LANGUAGE_CODE": language}
    with translation.override(language):
        page = loader.get_template(f"{status}.html").render(context, request_)
    assert "K7Q2" in page and support in page
    assert "<h1" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [500, 503])
def test_an_outage_needs_no_request_and_no_script(language, status, support):
    with translation.override(language):
        page = loader.get_template(f"{status}.html").render({"reference": "K7Q2"})
    assert "<script" not in page
    assert "K7Q2" in page and support in page


@pytest.fixture
def support(monkeypatch):
    monkeypatch.setitem(settings.SUPPORT, "phone", "+46701740605")
    return "070-174 06 05"


def test_a_mail_has_one_button_its_address_as_text_and_no_picture():
    page = loader.get_template("letter.html").render(LETTER)
    assert page.count('class="press"') == 1
    assert "RITM0000001/?as=1&amp;b=2</a>" in page
    assert "<img" not in page and "&lt;NPÖ&gt;" in page


def test_the_text_of_a_mail_says_the_same_unescaped():
    text = loader.get_template("letter.txt").render(LETTER)
    assert "<NPÖ>" in text and "?as=1&b=2" in text
    assert LETTER["why"] in text


def test_the_choice_of_colours_is_kept_and_leads_back(client):
    answer = client.post("/ui/scheme/", {"scheme": "dark", "next": "/ui/"})
    assert answer.url == "/ui/" and answer.cookies["scheme"].value == "dark"
    away = client.post("/ui/scheme/", {"scheme": "dark", "next": "https://elsewhere.example/"})
    assert away.url == "/"


def test_filters_speak_as_people_do():
    template = loader.engines["jinja2"].from_string(
        "{{ n | money }} · {{ '2321000131' | org }} · {{ '198001012384' | personal }}"
        " · {{ '+46701740605' | phone }} · {{ now | when }}"
    )
    with translation.override("sv"):
        said = template.render({"n": 1_250_000, "now": clock.now()})
    assert "12\u00a0500\u00a0kr · 232100-0131 · 19800101-•••• · 070-174 06 05" in said
