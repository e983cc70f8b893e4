"""From shape to page and back."""

from typing import Literal

import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError

from ombud.lib.errors import misshapen
from ombud.lib.shapes import Shape
from ombud.ui import forms
from ombud.ui.pieces import Option


class Reject(Shape):
    reason: str = Field(title=_("Search"), min_length=10, json_schema_extra={"widget": "textarea"})
    method: Literal["bankid", "sms"] = Field(title="Method")
    units: list[str] = Field(default_factory=list, title="Units")
    count: int = Field(1, title="Count", ge=1)
    sure: bool = Field(title="Sure")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def by_name(**given) -> dict[str, forms.Field]:
    return {field.name: field for field in forms.fields_of(Reject, **given)}


def test_each_kind_of_answer_gets_its_kind_of_field():
    kinds = {name: field.kind for name, field in by_name().items()}
    assert kinds == {
        "reason": "textarea",
        "method": "radio",
        "units": "checkboxes",
        "count": "number",
        "sure": "checkbox",
    }


def test_a_label_is_a_plain_word_in_the_readers_language():
    assert by_name()["reason"].label == "Search"
    assert type(by_name()["reason"].label) is str


def test_what_may_be_left_out_is_not_required():
    fields = by_name()
    assert fields["reason"].required
    assert not fields["units"].required


def test_options_known_only_now_are_offered_with_their_reasons():
    barred = Option("ida", "Ida Ros", barred="Lacks the role")
    fields = by_name(choices={"units": [("1", "One"), barred]})
    assert [option.label for option in fields["units"].options] == ["One", "Ida Ros"]
    assert fields["units"].options[1].barred == "Lacks the role"


def test_typed_values_come_back_to_the_page():
    typed = QueryDict("reason=Too short&units=1&units=2&sure=on&method=")
    values = forms.values_of(Reject, typed)
    assert values == {"reason": "Too short", "units": ["1", "2"], "sure": True}
    assert by_name(values=values)["units"].ticked == {"1", "2"}


def test_faults_are_told_at_the_field_and_at_the_top():
    with pytest.raises(ValidationError) as caught:
        Reject.model_validate({"reason": "No", "sure": False, "count": 1})
    errors = forms.errors_of(caught.value)
    fields = forms.fields_of(Reject, errors=errors)
    assert errors["reason"] == ["Write at least 10 characters."]
    assert ("f-reason", "Search: Write at least 10 characters.") in forms.links_of(fields)
    assert "method" in errors


def test_a_refused_shape_is_told_the_same_way():
    assert forms.errors_of(misshapen(reason="No such unit.")) == {"reason": ["No such unit."]}
