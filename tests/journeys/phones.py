"""The phone in a person's hand: the sandbox's BankID app, messages and mailbox."""

import re
from typing import Any

from playwright.sync_api import Page

from demo.door import until
from demo.people import Someone
from tests.journeys.visit import Visitor

LINK = re.compile(r"https?://\S+")


def lies_beside(visitor: Visitor, someone: Someone | None = None) -> Page:
    """The phones page in a tab of its own, open at this person's phone."""
    page = visitor.context.new_page()
    number = (someone or visitor.me).personal_number
    page.goto(f"{visitor.house.at.sandbox_url}/?person={number}")
    return page


def scans(visitor: Visitor, someone: Someone | None = None) -> None:
    """The newest QR code on a screen is scanned, read and approved, by pressing."""
    phone = lies_beside(visitor, someone)
    phone.locator("[data-action=scan]").first.click()
    phone.locator("[data-action=approve]").click()
    phone.locator(".earlier").wait_for()
    phone.close()


def approves_here(visitor: Visitor, answer: str = "approve") -> None:
    """The app has come up on this device: read, and approved or cancelled."""
    page = visitor.page
    page.wait_for_url("**/app?**")
    if page.locator(f"button[value='{visitor.me.personal_number}']").count():
        page.locator(f"button[value='{visitor.me.personal_number}']").click()
    page.locator(f"[data-action={answer}]").click()


def code(visitor: Visitor, number: str, before: str | None = None) -> str:
    """The newest code that came by SMS about an order."""

    def newer() -> str | None:
        found = visitor.house.outside.code(visitor.me.phone, number)
        return found if found != before else None

    return until(newer, f"a code to {visitor.me.name}")


def mail(visitor: Visitor, *words: str) -> dict[str, Any]:
    """The newest mail to the person whose subject says all this."""

    def came() -> dict[str, Any] | None:
        got = visitor.house.outside.ask("mail", to=visitor.me.email)
        fitting = [one for one in got if all(word in one["subject"] for word in words)]
        return fitting[-1] if fitting else None

    return until(came, f"a mail to {visitor.me.name} about {words}")


def link_in(letter: dict[str, Any]) -> str:
    """The first address in a mail's text: the one of its button."""
    found = LINK.search(letter["text"])
    assert found, letter["text"]
    return found[0]
