"""A tab of a real browser that notes what goes wrong, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from tests.support.patience import patient

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
SERIOUS = {"serious", "critical"}


class Based(Protocol):
    """What is visited: a server, or a folder."""

    @property
    def base(self) -> str:
        """The address of its start page."""
        ...


class Visit:
    """A tab that notes what goes wrong and what is asked for."""

    def __init__(self, tab: Any, base: str) -> None:
        self.tab, self.base = tab, base
        self.troubles: list[str] = []
        self.outside: list[str] = []
        tab.set_default_timeout(patient(15) * 1000)
        tab.on("console", self._heard)
        tab.on("pageerror", lambda error: self.troubles.append(str(error)))
        tab.on("request", self._asked)

    def go(self, address: str) -> None:
        """Open a page."""
        self.tab.goto(self.base + address)

    def faults(self, address: str, checked: Any) -> Iterator[str]:
        """What is wrong with the page that is open: too wide, a script that ran, or what axe calls serious."""
        if self.tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            yield f"{address}: wider than the screen"
        if self.tab.title() == "owned":
            yield f"{address}: a script of the data ran"
        for each in checked.response["violations"]:
            if each["impact"] in SERIOUS:
                yield f"{address}: {each['id']}: {each['nodes'][0]['html'][:200]}"

    def _heard(self, message: Any) -> None:
        # The browser itself says so of every answer that is no 200; that one is asked for on purpose.
        if message.type in {"error", "warning"} and "status of 404" not in message.text:
            self.troubles.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(self.base):
            self.outside.append(request.url)


@contextmanager
def tab_of(browser: Any, server: Based, size: str = "desktop", scheme: str = "light") -> Iterator[Visit]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, is_mobile=size == "phone"
    )
    try:
        yield Visit(context.new_page(), server.base)
    finally:
        context.close()
