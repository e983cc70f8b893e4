"""What an order costs, line by line, as its payer reads it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.lib import money
from ombud.orders.catalogue import Fees
from ombud.orders.models import Order
from ombud.ui.pieces import PriceLine


def lines(fees: Fees, currency: str, units: int) -> list[PriceLine]:
    """Startup × 1, recurring × units, and the first year in all."""
    count = units if fees.per == "unit" else 1
    each = money.text(fees.recurring, currency)
    startup = money.text(fees.startup, currency)
    return [
        PriceLine(_("Startup fee"), startup, f"1 × {startup}"),
        PriceLine(
            recurring_label(fees),
            money.text(fees.recurring * count, currency),
            f"{count} × {each}" if fees.per == "unit" else "",
        ),
        PriceLine(_("First year in all"), money.text(fees.first_year(units), currency), total=True),
    ]


def recurring_label(fees: Fees) -> str:
    return {
        "year": _("Recurring fee per year"),
        "quarter": _("Recurring fee per quarter"),
        "month": _("Recurring fee per month"),
    }[fees.period]


def short(fees: Fees, currency: str) -> list[PriceLine]:
    """Before anything is chosen: the two fees."""
    note = _("per unit") if fees.per == "unit" else ""
    return [
        PriceLine(_("Startup fee"), money.text(fees.startup, currency)),
        PriceLine(recurring_label(fees), money.text(fees.recurring, currency), note),
    ]


def of(order: Order, part: str) -> list[PriceLine]:
    fees = order.fees(part)
    return lines(fees, order.price.read.currency, len(order.units)) if fees else []


def extra(fees: Fees, currency: str) -> str:
    """What it costs to forget a unit: one more startup fee, in kronor."""
    amount = money.text(fees.startup, currency)
    return _(
        "One order: 1 × %(amount)s. A new order later: another %(amount)s. "
        "So take all units into the first order."
    ) % {"amount": amount}


def units_words(count: int) -> str:
    return ngettext("%(n)s care unit", "%(n)s care units", count) % {"n": count}
