"""How each deed is done: a short guide for whoever does it, with pictures of the very pages.

scripts/pictures.py takes the pictures, in every language, from the running program.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ombud.people.roles import Role

WIDTH = 720  # of every picture, in pixels of the page
DENSITY = 1.5


@dataclass(frozen=True)
class Step:
    """`picture`: its name; as high as it says, in pixels of the page."""

    words: Promise
    picture: str
    height: int
    shows: Promise


@dataclass(frozen=True)
class Guide:
    title: Promise
    role: Role
    steps: tuple[Step, ...]


GUIDES = {
    "order": Guide(
        _("Order a service"),
        Role.ORDERER,
        (
            Step(
                _("Choose Order in the menu, then a service. What must be in place stands above."),
                "order-service",
                460,
                _("The list of services, below what is in place"),
            ),
            Step(
                _("Choose the offer. Its card says what it costs, and who approves after whom."),
                "order-offer",
                480,
                _("A card for each offer, with fees and the road of approvals"),
            ),
            Step(
                _("Tick all units and answer the questions. All is saved when you go on."),
                "order-units",
                460,
                _("Care units as tick boxes, with a count of those chosen"),
            ),
            Step(
                _("Check everything, read and accept the terms, and send. Then follow the order."),
                "order-send",
                330,
                _("The box that accepts the terms, and the button that sends the order"),
            ),
        ),
    ),
    "review": Guide(
        _("Review an order"),
        Role.AGENT_HANDLER,
        (
            Step(
                _("You get an e-mail and a notice. The order waits under My approvals."),
                "review-waiting",
                380,
                _("The list of what waits for you, with customer and last day"),
            ),
            Step(
                _("Read what you approve, and open the whole order in a new tab to check it."),
                "review-words",
                400,
                _("The words that are signed, and the link to the whole order"),
            ),
            Step(
                _("Choose who attests, check the invoice details and accept the terms."),
                "review-choices",
                420,
                _("The choice of attestant, and the invoice details"),
            ),
            Step(
                _("Certify and approve with BankID, or reject with the reason."),
                "review-decide",
                620,
                _("The box that certifies, the ways to sign, and the buttons"),
            ),
        ),
    ),
    "attest": Guide(
        _("Attest an order"),
        Role.ATTESTANT,
        (
            Step(
                _("The e-mail leads to the order. First stands what was decided before you."),
                "attest-before",
                280,
                _("Who has approved before you, and what they certified"),
            ),
            Step(
                _("Read what you approve. These are the words that you sign."),
                "attest-words",
                420,
                _("The words that are signed, with price and terms"),
            ),
            Step(
                _("Choose BankID or a code by SMS, and approve; or reject and say why."),
                "attest-decide",
                580,
                _("The ways to sign, and the buttons"),
            ),
            Step(
                _("When all have attested, the order's page shows every step and who goes on."),
                "attest-road",
                520,
                _("The road of the order, with what is done and what comes"),
            ),
        ),
    ),
    "roles": Guide(
        _("Give roles"),
        Role.ADMINISTRATOR,
        (
            Step(
                _("Organisation shows who holds what, since when, and who gave it."),
                "roles-held",
                420,
                _("People with their roles, and the link that takes a role back"),
            ),
            Step(
                _("Give a role: choose person and role; an agent's handler also needs a service."),
                "roles-give",
                560,
                _("The form that gives a role"),
            ),
            Step(
                _("Who is not in the list yet is added first, and gets an invitation by e-mail."),
                "roles-add",
                460,
                _("The form that adds a person"),
            ),
        ),
    ),
}
