"""Sites on 127.0.0.1 whose handlers a test writes itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Handler(BaseHTTPRequestHandler):
    """Answers quietly, and takes it that a client hangs up: some are killed by their test."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Answer requests until the client is gone."""
        try:
            super().handle()
        except ConnectionError:
            return

    def do_GET(self) -> None:
        """Whatever the method, a test says in `answer` what comes back."""
        self.answer()

    def do_POST(self) -> None:
        """The same."""
        self.answer()

    def answer(self) -> None:
        """Give the answer to this request, with `send`."""
        raise NotImplementedError

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send one answer. Another Content_Length than the body's is sent as it is, and the connection then closed."""
        length = str(len(body))
        every = {"Content_Type": "text/html; charset=utf-8", "Content_Length": length, **headers}
        self.send_response(status)
        for name, value in every.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or every["Content_Length"] != length

    def log_message(self, *arguments: object) -> None:
        """Write nothing to the terminal."""


@contextmanager
def serving(handler: type[Handler], **attributes: object) -> Iterator[str]:
    """Serve on a free port for as long as the block lasts, the handler's class with these attributes; the address."""
    own = type("Handler", (handler,), attributes)
    with ThreadingHTTPServer(("127.0.0.1", 0), own) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
