"""Addresses that come from data: only those of the web are followed."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web and of one piece; None for every other, such as `javascript:`."""
    if not url or len(url) > LONGEST_ADDRESS:
        return None
    if any(sign.isspace() or sign in '<>"`\\' or unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in url):
        return None
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return url if is_web else None
