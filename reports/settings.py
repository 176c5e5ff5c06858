"""Where alerts go: `data/alerts.toml` and the environment.

language = "de"                      # of all messages; each entry may have its own

[[webhook]]                          # or TANDEM_ALERTS_WEBHOOK alone
url = "https://hooks.example/…"

[[mail]]
host = "smtp.firma.example"          # port = 587, encryption = "starttls" ("tls" on 465, "none" inside the house)
from = "tandem@firma.example"
to = ["vertrieb-nord@firma.example"]
user = "tandem"                      # the password belongs into TANDEM_ALERTS_MAIL_PASSWORD
team = "Nord"                        # alerts of this team alone
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from locales import LANGUAGES, _
from reports.channels import Channel, Encryption, Mail, Webhook

WEBHOOK, PASSWORD = "TANDEM_ALERTS_WEBHOOK", "TANDEM_ALERTS_MAIL_PASSWORD"
EVERY = {"language", "team"}
KNOWN = {
    "webhook": {"url"} | EVERY,
    "mail": {"host", "port", "from", "to", "user", "password", "encryption"} | EVERY,
}
Entry = Mapping[str, Any]


class SettingsError(ValueError):
    """The settings cannot be used; the message says which one and what it should be, and names no secret."""


def channels(file: Path, environment: Mapping[str, str] = os.environ) -> list[Channel]:
    """The channels of the file and the environment; none where nothing is set. Raises `SettingsError`."""
    told = _read(file)
    language = _language(told, "en")
    found: list[Channel] = []
    if url := environment.get(WEBHOOK):
        found.append(Webhook(_address(url), language))
    found += [
        Webhook(_address(entry.get("url")), _language(entry, language), _text(entry, "team"))
        for entry in _entries(told, "webhook")
    ]
    for entry in _entries(told, "mail"):
        found += _mails(entry, _language(entry, language), environment.get(PASSWORD))
    names = [way.name for way in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SettingsError(_("{name} is named twice").format(name=twice[0]))
    return found


def _read(file: Path) -> Entry:
    try:
        told = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsError(_("{file} is not valid TOML").format(file=file.name)) from None
    _only_known(told, {"language", *KNOWN})
    return told


def _entries(told: Entry, name: str) -> list[Entry]:
    """The entries of `[[name]]`, or the one of `[name]`."""
    entries = told.get(name, [])
    entries = entries if isinstance(entries, list) else [entries]
    for entry in entries:
        if not isinstance(entry, dict):
            raise SettingsError(_("write [[{name}]] above its lines").format(name=name))
        _only_known(entry, KNOWN[name])
    return entries


def _only_known(entry: Entry, known: set[str]) -> None:
    if unknown := sorted(set(entry) - known):
        said = _("{name} is not known; use {known}")
        raise SettingsError(said.format(name=unknown[0], known=", ".join(sorted(known))))


def _mails(entry: Entry, language: str, password: str | None) -> list[Mail]:
    """One channel per address, so that one that is refused keeps nothing from the others."""
    host, sender, user = _text(entry, "host", needed=True), _text(entry, "from", needed=True), _text(entry, "user")
    addresses = entry.get("to")
    to = [_text({"to": address}, "to", needed=True) for address in _list(addresses)]
    port, encryption = entry.get("port", 587), entry.get("encryption", "starttls")
    if not isinstance(port, int) or not 0 < port < 65_536:
        raise SettingsError(_("mail.port is no port"))
    if encryption not in get_args(Encryption):
        raise SettingsError(_("mail.encryption is one of {known}").format(known=", ".join(get_args(Encryption))))
    if user and encryption == "none":
        raise SettingsError(_("mail.user needs encryption: a password is never sent in the open"))
    return [
        Mail(
            host=host or "", sender=sender or "", to=address or "", port=port, user=user, encryption=encryption,
            password=password or _text(entry, "password"), language=language, team=_text(entry, "team"),
        )
        for address in to
    ]  # fmt: skip


def _list(addresses: object) -> list[object]:
    return addresses if isinstance(addresses, list) and addresses else [addresses]


def _text(entry: Entry, name: str, *, needed: bool = False) -> str | None:
    """A line of text: a line break in an address would be a header of its own."""
    value = entry.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value or not value.isprintable():
        raise SettingsError(_("{name} is missing or no line of text").format(name=name))
    return value


def _address(url: object) -> str:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return str(url)
    except ValueError:
        pass
    raise SettingsError(_("webhook.url is no address that begins with https://"))


def _language(entry: Entry, usual: str) -> str:
    word = entry.get("language", usual)
    if word not in LANGUAGES:
        raise SettingsError(_("language is one of {known}").format(known=", ".join(LANGUAGES)))
    return str(word)
