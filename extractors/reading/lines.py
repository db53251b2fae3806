"""A text dump as numbered lines: what does not fit is refused with the line's number."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.errors import PageChanged
from extractors.reading.decode import decoded
from transforms.records import Finding, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a page, numbered from 1. `is_ended` tells whether the last one has its newline.

    Where lines of the page were left out, `numbers` has the number on the page of each that is left, for the errors.
    """

    url: str
    texts: tuple[str, ...]
    is_ended: bool
    numbers: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> str:
        if not 1 <= number <= len(self.texts):
            raise self.changed(number, "a line", "the end of the dump")
        return self.texts[number - 1]

    def changed(self, number: int, expected: str, observed: str) -> PageChanged:
        """The error for a line, with what was found in its place."""
        return PageChanged(f"{self.url} line {self.on_page(number)}", expected, observed)

    def on_page(self, number: int) -> int:
        """The number on the page of line `number` here."""
        return self.numbers[number - 1] if 1 <= number <= len(self.numbers) else number

    def unlike(self, number: int, expected: str) -> PageChanged:
        """The error for a line, with its text."""
        if number > len(self.texts):
            return self.changed(number, expected, "the end of the dump")
        text = self.texts[number - 1]
        return self.changed(number, expected, repr(text) if len(text) <= 80 else f"{text[:79]!r}…")

    def warning(self, number: int, check_name: str, observed: str, expected: str) -> Finding:
        """A warning about a line that can be read all the same."""
        return Finding.warning(check_name, observed, expected, f"{self.url} line {self.on_page(number)}")


def lines_of(page: Page) -> tuple[Lines, tuple[Finding, ...]]:
    """The page's lines, with findings from decoding it. Lines end with newline, or carriage return and newline."""
    text, findings = decoded(page)
    texts = text.replace("\r\n", "\n").split("\n")
    is_ended = len(texts) > 1 and texts[-1] == ""
    return Lines(url=page.final_url, texts=tuple(texts[:-1] if is_ended else texts), is_ended=is_ended), findings
