"""Money in the reporting currency of the build, unless said otherwise."""

from __future__ import annotations

from decimal import Decimal

from locales import formats
from ui.query import build


def money(amount: int | float | Decimal | None, currency: str | None = None, digits: int = 0) -> str:
    """`1.234.568 €`."""
    return formats.money(amount, currency or build().currency, digits)


def short_money(amount: int | float | Decimal | None, currency: str | None = None) -> str:
    """`1,2 Mio. €` for headlines."""
    return formats.short_money(amount, currency or build().currency)
