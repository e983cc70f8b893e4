"""Plain letters to a person, outside any case and any notice, owed in the deed's transaction."""

from django.template.loader import render_to_string

from ombud.post import office


def send(address: str, language: str, said: dict[str, str], *, key: str = "", secret=False) -> None:
    """`said`: subject, lead, body, button, url and why, worded in the reader's language already.
    Nobody without an address gets anything."""
    if not address:
        return
    said = {"body": "", **said, "language": language}
    office.hand_in(
        "email",
        address,
        render_to_string("letter.txt", said),
        subject=said["subject"],
        html=render_to_string("letter.html", said),
        key=key,
        secret=secret,
        language=language,
    )
