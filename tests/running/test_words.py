"""Every way of saying something is found, and every gap in a catalogue is told."""

import pytest
from babel.messages import Catalog

from ombud.config import words

CODE = """
_("Plain")
pgettext_lazy("order", "Send")
ngettext_lazy("%(n)s unit", "%(n)s units", 2)
npgettext_lazy("care", "%(n)s place", "%(n)s places", 2)
"""
PAGE = """
{{ _("In a page") }} {{ pgettext("case", "by way of") }}
{% trans count=n %}
  One row
  of words
{% pluralize %}{{ count }} rows{% endtrans %}
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    (tmp_path / "babel.cfg").write_text((words.HERE / "babel.cfg").read_text())
    (tmp_path / "ombud/jinja2").mkdir(parents=True)
    (tmp_path / "ombud/code.py").write_text(CODE)
    (tmp_path / "ombud/jinja2/page.html").write_text(PAGE)
    (tmp_path / "ombud/jinja2/letter.txt").write_text("{% trans %}In a letter{% endtrans %}")
    monkeypatch.setattr(words, "HERE", tmp_path)
    monkeypatch.setattr(words, "LOCALE", tmp_path / "locale")


def test_every_way_of_saying_it_is_found(house):
    assert {(message.context, message.id) for message in words.said(words.extracted())} == {
        (None, "Plain"),
        ("order", "Send"),
        (None, ("%(n)s unit", "%(n)s units")),
        ("care", ("%(n)s place", "%(n)s places")),
        (None, "In a page"),
        ("case", "by way of"),
        (None, ("One row of words", "%(count)s rows")),
        (None, "In a letter"),
    }


def test_words_are_kept_and_written_the_same_way_twice(house):
    template = words.extracted()
    catalog = words.updated("sv", template)
    catalog.get("Plain").string = "Enkelt"
    words.write(catalog, "sv")
    first = words.path_of("sv").read_text()
    words.write(words.updated("sv", template), "sv")
    assert words.path_of("sv").read_text() == first
    assert words.read("sv").get("Plain").string == "Enkelt"


@pytest.mark.parametrize(
    ("source", "told", "fault"),
    [
        ("Plain", "Enkelt", None),
        ("Plain", "", "not translated"),
        ("Plain", "Plain", "the same"),
        ("%(n)s left", "kvar", "placeholders"),
        (("One", "%(n)s rows"), ("En", "%(n)s rader"), None),
        (("One", "%(n)s rows"), ("En", ""), "not translated"),
        (("One", "%(n)s rows"), ("En", "%(m)s rader"), "placeholders"),
    ],
)
def test_a_gap_is_told(house, source, told, fault):
    template, catalog = Catalog(), Catalog(locale="sv")
    template.add(source)
    catalog.add(source, told)
    found = words._fault(template.get(source), catalog.get(source), 2, set())
    assert found is None if fault is None else fault in found


def test_a_fuzzy_guess_is_no_translation(house):
    catalog = Catalog(locale="sv")
    catalog.add("Plain", "Enkelt", flags=["fuzzy"])
    assert words.is_missing(catalog.get("Plain"))
