"""How every chart behaves in the browser: no tool bar, months and days in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.dates import get_day_names, get_month_names

from locales import language, locale


def config() -> dict[str, Any]:
    """The plotly configuration for the language in force."""
    return _config(language())


@cache
def _config(spoken: str) -> dict[str, Any]:
    here = locale()
    months = [get_month_names("wide", "stand-alone", here)[number] for number in range(1, 13)]
    short = [get_month_names("abbreviated", "stand-alone", here)[number].rstrip(".") for number in range(1, 13)]
    days = [get_day_names("wide", "stand-alone", here)[(number + 6) % 7] for number in range(7)]
    short_days = [
        get_day_names("abbreviated", "stand-alone", here)[(number + 6) % 7].rstrip(".") for number in range(7)
    ]
    words = {
        "dictionary": {},
        "format": {
            "months": months,
            "shortMonths": short,
            "days": days,
            "shortDays": short_days,
            "date": "%d.%m.%Y" if spoken == "de" else "%d/%m/%Y",
        },
    }
    return {"displayModeBar": False, "responsive": True, "locale": spoken, "locales": {spoken: words}}
