"""The doors of a forgotten password: ask, wait for the letter, choose a new one, done."""

from http import HTTPStatus

from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.views import (
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from ombud.people import resets
from ombud.ui.forms import Field


class AskForm(ResetPasswordForm):
    """One answer for everybody: it does not tell who has an account."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = gettext_lazy("Write the e-mail address as name@example.org.")
        field = self.fields["email"]
        field.error_messages["required"] = text
        for validator in field.validators:
            validator.message = text

    def save(self, request, **kwargs) -> str:
        if not self.users:
            resets.pretend(self.cleaned_data["email"], resets.address("1-x-y"))
        return super().save(request, **kwargs)


class ChooseForm(ResetPasswordKeyForm):
    """Once is enough: who mistypes asks for another link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].error_messages["required"] = gettext_lazy("Write a new password.")


class Ask(PasswordResetView):
    form_class = AskForm

    def get_context_data(self, **kwargs):
        found = super().get_context_data(**kwargs)
        asked = Field(
            "email",
            _("E-mail"),
            "email",
            value=found["form"]["email"].value() or "",
            errors=tuple(found["form"].errors.get("email", ())),
            autocomplete="email",
        )
        return found | {"asked": asked, "errors": links(asked)}


class Choose(PasswordResetFromKeyView):
    form_class = ChooseForm

    def get_context_data(self, **kwargs):
        found = super().get_context_data(**kwargs)
        asked = Field(
            "password1",
            _("New password"),
            "password",
            hint=_("At least eight characters, and not one that many use."),
            errors=tuple(found["form"].errors.get("password1", ())),
            autocomplete="new-password",
        )
        spent = {"token_fail": bool(found.get("token_fail"))}
        return found | spent | {"asked": asked, "errors": links(asked)}

    def render_to_response(self, context, **kwargs):
        """A link that is spent leads to what was here, and is no longer."""
        status = HTTPStatus.GONE if context["token_fail"] else HTTPStatus.OK
        return super().render_to_response(context, status=status, **kwargs)


def links(asked: Field) -> list[tuple[str, str]]:
    return [(asked.id, str(text)) for text in asked.errors]


ask = Ask.as_view()
sent = PasswordResetDoneView.as_view()
choose = never_cache(Choose.as_view())
done = PasswordResetFromKeyDoneView.as_view()
