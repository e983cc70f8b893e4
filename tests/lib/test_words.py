"""Money, phones, SMS parts and sealed text."""

import pytest
from cryptography.fernet import InvalidToken
from django.utils import translation

from ombud.lib import money, phones, segments, vault


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("sv", 1_250_000, "SEK", "12 500 kr"),
        ("sv", 1_250_050, "SEK", "12 500,50 kr"),
        ("sv", 1_250_000, "NOK", "12 500 NOK"),
        ("nb", 1_250_000, "NOK", "12 500 kr"),
        ("nb", 1_250_000, "SEK", "12 500 SEK"),
        ("en", 1_250_000, "SEK", "SEK 12,500"),
        ("en", 1_250_005, "SEK", "SEK 12,500.05"),
        ("sv", 0, "SEK", "0 kr"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, amount, currency, words):
    with translation.override(language):
        assert money.text(amount, currency) == words.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    "typed", ["070-174 06 05", "0701740605", "+46 70 174 06 05", "0046701740605"]
)
def test_a_phone_may_be_written_in_any_usual_way(typed):
    assert phones.parse(typed) == "+46701740605"


@pytest.mark.parametrize(
    "typed", ["", "070", "112", "hej", "+46701740605 ext. 5", "070-1740605000"]
)
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(phones.NotAPhone):
        phones.parse(typed)


def test_phones_are_shown_to_be_read():
    assert phones.national("+46701740605") == "070-174 06 05"
    assert phones.national("+4721000000").startswith("+47 ")
    assert phones.masked("+46701740605") == "••• •• 05"
    assert phones.is_mobile("+46701740605")
    assert not phones.is_mobile("+46850005000")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, ("GSM-7", 160, 1)),
        ("a" * 161, ("GSM-7", 161, 2)),
        ("a" * 306, ("GSM-7", 306, 2)),
        ("a" * 307, ("GSM-7", 307, 3)),
        ("å" * 160, ("GSM-7", 160, 1)),
        ("€" * 80, ("GSM-7", 160, 1)),
        ("a" * 152 + "€" + "a" * 152, ("GSM-7", 306, 3)),
        ("ž" * 70, ("UCS-2", 70, 1)),
        ("ž" * 71, ("UCS-2", 71, 2)),
        ("😀" * 36, ("UCS-2", 72, 2)),
        ("😀" * 67, ("UCS-2", 134, 3)),
        ("", ("GSM-7", 0, 0)),
    ],
)
def test_sms_parts(text, expected):
    assert segments.count(text) == expected


def test_typography_is_made_plain_and_names_are_left_alone():
    assert segments.plain("“Hej” – 12\u00a0500 kr … Žofia Ærø Čižmár’s") == (
        '"Hej" - 12 500 kr ... Žofia Ærø Čižmár\'s'
    )


def test_what_is_sealed_opens_again_and_tells_nothing():
    sealed = vault.seal("199008232382")
    assert "199008232382" not in sealed
    assert vault.open(sealed) == "199008232382"
    assert vault.seal("199008232382") != sealed
    with pytest.raises(InvalidToken):
        vault.open(sealed[:-4] + "AAA=")


def test_keys_may_be_changed(settings):
    sealed, index = vault.seal("secret"), vault.index("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"
    assert vault.open(sealed) == "secret"
    assert index in vault.indexes("secret")
    renewed = vault.reseal(sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert vault.open(renewed) == "secret"
    with pytest.raises(InvalidToken):
        vault.open(sealed)


def test_an_index_depends_on_its_purpose():
    assert vault.index("a") == vault.index("a") != vault.index("a", "other")
