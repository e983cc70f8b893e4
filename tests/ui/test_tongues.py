"""Templates that know their language say the same as words looked up at every request would."""

import pytest
from django.template import engines
from django.utils import translation

from ombud.ui.around import around, drawing

ENGINE = engines["jinja2"]
SAID = {"sv": "Sök", "nb": "Søk", "en": "Search"}


@pytest.mark.parametrize("language", SAID)
def test_each_language_has_its_words_at_once_in_one_process(language):
    source = '{{ _("Search") }} {{ "Search" }}'
    with translation.override(language):
        assert ENGINE.from_string(source).render() == f"{SAID[language]} Search"


def test_a_word_with_a_context_is_that_contexts_word():
    with translation.override("sv"):
        assert ENGINE.from_string('{{ pgettext("step", "Done") }}').render() == "Klart"


def test_what_varies_is_escaped_and_what_is_ours_is_not():
    source = "{% trans who=who %}Ordered by {{ who }}{% endtrans %} {{ _('a < b') }}"
    with translation.override("en"):
        said = ENGINE.from_string(source).render({"who": "<b>"})
    assert said == "Ordered by &lt;b&gt; a < b"


def test_a_letter_in_plain_text_is_escaped_nowhere():
    with translation.override("en"):
        env = ENGINE.env
        source = "{% trans who=who %}Ordered by {{ who }}{% endtrans %}{{ _('it\\'s') ~ who }}"
        code = env.compile(source, name="a.txt")
        text = env.template_class.from_code(env, code, env.make_globals({})).render(who="<b>")
    assert text == "Ordered by <b>it's<b>"


def test_a_page_that_ended_or_failed_is_no_longer_asked():
    with pytest.raises(ZeroDivisionError), drawing({"csrf_input": "field"}):
        assert around("csrf_input") == "field"
        raise ZeroDivisionError
    assert around("csrf_input") == ""
    assert ENGINE.from_string("{{ around('who') }}").render({"who": "Ada"}) == "Ada"
    assert around("who") == ""
