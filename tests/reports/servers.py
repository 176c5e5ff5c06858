"""A webhook and a mail server of our own, on this machine: what was sent is kept, and each can be told to fail."""

import json
import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer


@contextmanager
def webhook():
    """Yields a server with `.url`, `.received` (bodies) and `.status` (what it answers)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.server.status == 200:
                self.server.received.append(json.loads(body))
            self.send_response(self.server.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.received, server.status = [], 200
        server.url = f"http://127.0.0.1:{server.server_port}/hook/s3cret"
        yield from serving(server)


@contextmanager
def mail_server():
    """Yields a server with `.port`, `.received` (messages), `.heard` (commands) and `.refused` (addresses)."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 here")
            while line := self.rfile.readline():
                word = line.decode().strip().upper()
                self.server.heard.append(word)
                if word.startswith("DATA"):
                    self.say("354 go on")
                    lines = []
                    while (line := self.rfile.readline()) != b".\r\n":
                        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                    self.server.received.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    self.say("250 taken")
                elif word.startswith("QUIT"):
                    self.say("221 bye")
                    return
                elif word.startswith("RCPT") and any(address.upper() in word for address in self.server.refused):
                    self.say("550 unknown")
                else:
                    self.say("250 yes")

        def say(self, text):
            self.wfile.write(text.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.received, server.heard, server.refused = [], [], []
        server.port = server.server_address[1]
        yield from serving(server)


def serving(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
