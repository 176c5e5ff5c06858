"""Ways to a reader: a webhook that takes `{"text": …}` (Slack, Teams, Mattermost and others) and a mail server.

What fails says where it failed and why, never an address with its secret.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from locales import _

SECONDS = 20
Encryption = Literal["starttls", "tls", "none"]


class NotSent(Exception):
    """A message did not go out. The text names no secret."""


class Channel(Protocol):
    """A way to a reader, in their `language`, for one `team` or for all."""

    @property
    def name(self) -> str:
        """Names the channel in the record of what was told; without secrets."""

    @property
    def language(self) -> str: ...

    @property
    def team(self) -> str | None: ...

    def send(self, subject: str, text: str) -> None:
        """Raises `NotSent`."""


@dataclass(frozen=True)
class Webhook:
    """Posts JSON to an address. Redirects are refused: they would carry the message somewhere nobody agreed to."""

    url: str = field(repr=False)
    language: str = "en"
    team: str | None = None

    @property
    def name(self) -> str:
        return _of_team(f"webhook {urlsplit(self.url).hostname}", self.team)

    def send(self, subject: str, text: str) -> None:
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json; charset=utf-8"})
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise NotSent(_("{name} answered {code}").format(name=self.name, code=error.code)) from None
        except (OSError, ValueError) as error:
            raise NotSent(_("{name} cannot be reached: {why}").format(name=self.name, why=_why(error))) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Mail:
    """Sends a plain text to one address, encrypted on its way unless the settings say `encryption = "none"`."""

    host: str
    sender: str
    to: str
    port: int = 587
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encryption: Encryption = "starttls"
    language: str = "en"
    team: str | None = None

    @property
    def name(self) -> str:
        return _of_team(f"mail to {self.to}", self.team)

    def send(self, subject: str, text: str) -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, self.sender, self.to
        message.set_content(text)
        try:
            with self._server() as server:
                if self.encryption == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(_("{name} was not taken: {why}").format(name=self.name, why=_why(error))) from None

    def _server(self) -> smtplib.SMTP:
        if self.encryption == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)


def _of_team(name: str, team: str | None) -> str:
    return f"{name}, {team}" if team else name


def _why(error: Exception) -> str:
    """The kind of failure, without what a server or an address may have put into the text."""
    reason = getattr(error, "reason", error)
    code = getattr(error, "smtp_code", None)
    return f"{type(reason).__name__}{f' {code}' if code else ''}"
