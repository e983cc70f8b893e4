"""How the library for second factors is told of our house: names, secrets under lock, the clock."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy

from ombud.lib import vault


class Adapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("The code is wrong, or has been used already."),
    }

    def encrypt(self, text: str) -> str:
        return vault.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open(encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"Ombud {urlsplit(settings.WEB_URL).hostname}"

    def get_totp_label(self, user) -> str:
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bound to our own address, whatever the browser called us."""
        return {"id": str(urlsplit(settings.WEB_URL).hostname), "name": "Ombud"}

    def get_public_key_credential_user_entity(self, user) -> dict:
        known = super().get_public_key_credential_user_entity(user)
        return known | {"name": user.username, "display_name": str(user)}

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Our own letters tell of it, in the transaction of the deed."""
