"""The dashboard as a web application: `streamlit run server.py`, or any ASGI server with `server:app`.

Around the pages of `app.py` it puts headers that keep a browser at home, and says where the server is: Streamlit's
page would guess by asking below the address it was opened at, and on a deep link the first guess fails and stands as
an error in the console.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

ADDRESS = b'<head><script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+"/"}</script>'
HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        b"frame-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class AtHome:
    """ASGI middleware: adds the headers to every answer and the server's address to every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def told(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
                kind = dict(message["headers"]).get(b"content-type", b"")
                if not kind.startswith(b"text/html"):
                    await send(message)
                    return
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_page(start, body.replace(b"<head>", ADDRESS, 1), send)

        await self.app({**scope, "headers": _asked_in_full(scope)}, receive, told)


def _asked_in_full(scope: Scope) -> list[tuple[bytes, bytes]]:
    """A page that came compressed or in part could not be changed; everything else may."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if b"text/html" not in dict(headers).get(b"accept", b""):
        return headers
    return [(name, value) for name, value in headers if name not in (b"accept-encoding", b"range", b"if-range")]


async def _send_page(start: Message, page: bytes, send: Send) -> None:
    lasting = [(name, value) for name, value in start["headers"] if name not in (b"content-length", b"etag")]
    await send({**start, "headers": [*lasting, (b"content-length", str(len(page)).encode())]})
    await send({"type": "http.response.body", "body": page})


# `st.navigation` alone says which pages there are; the folder `pages/` would otherwise tell the first visitor of a
# deep link that there is no such page
PagesManager.uses_pages_directory = False
app = st.App("app.py", middleware=[Middleware(AtHome)])
