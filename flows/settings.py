"""The only place that reads the environment: every variable, checked once, as one record."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from extractors.source import PageRequest, Source
from extractors.sources import SOURCES
from transforms.errors import PaperlogError

PREFECT_API = "PREFECT_API_URL"
_TEMPORARY = tuple(map(Path, ("/tmp", "/var/tmp", "/usr/tmp")))  # noqa: S108 - compared with, never written to


class SettingsError(PaperlogError):
    """A variable has a value that cannot be used, or one is missing; the message names it."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of the environment, for the help text and the documentation."""

    name: str
    meaning: str
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The checked settings. `urls` and `tokens` are by source; a source without an address has no entry."""

    home: Path
    contact: str
    urls: Mapping[str, str]
    tokens: Mapping[str, str] = field(repr=False)
    requests_per_second: float
    fetches_at_once: int
    lock_seconds: float
    pace: Path | None
    keep_snapshots: int
    webhook: str | None = field(repr=False)

    @property
    def landing(self) -> Path:
        """Where the kept pages are."""
        return self.home / "landing"

    @property
    def inbox(self) -> Path:
        """Where files wait for a scheduled run to adopt them: one folder per source."""
        return self.home / "inbox"

    @property
    def pace_folder(self) -> Path:
        """Where processes share the rate: worked out when a request is made, for a reader may have no such place."""
        return self.pace or _own_folder("paperlog-pace") or self.home / "pace"

    def requests_to(self, source: Source) -> Callable[[date], PageRequest]:
        """How the page of a partition is asked for. Raises SettingsError if the source has no address."""
        request, url = source.request, self.urls.get(source.name)
        if request is None:
            raise SettingsError(f"{source.name} cannot be fetched: adopt files of it instead")
        if url is None:
            raise SettingsError(f"set {source.url_variable} first: {source.name} has no public address")
        return lambda day: request(day, url)


def variables() -> tuple[Variable, ...]:
    """Every variable that is read; those of the sources come from their records."""
    return (
        Variable(name="PAPERLOG_HOME", default="./data", meaning="folder of landing, warehouse, snapshot and manifest"),
        *(
            Variable(
                name=each.url_variable,
                default=each.default_url or "",
                meaning=f"where the pages of {each.name} are fetched from",
            )
            for each in _fetchable()
        ),
        Variable(name="PAPERLOG_CONTACT", default="no contact set", meaning="address in the User-Agent"),
        *(
            Variable(name=variable, meaning=f"sent to the host of {name} only; never logged or kept")
            for name, variable in _token_variables().items()
        ),
        Variable(
            name="PAPERLOG_REQUESTS_PER_SECOND",
            default="1",
            meaning="to each host, by all processes of this machine together",
        ),
        Variable(
            name="PAPERLOG_FETCHES_AT_ONCE", default="4", meaning="requests in flight at once; the rate stays the same"
        ),
        Variable(
            name="PAPERLOG_PACE",
            meaning="folder through which processes share the rate; default: in the temporary folder, else in the home",
        ),
        Variable(
            name="PAPERLOG_WEBHOOK_URL",
            meaning="gets one message, as JSON, when a person should look; never logged",
        ),
        Variable(
            name="PAPERLOG_KEEP_SNAPSHOTS",
            default="0",
            meaning="for how many days the last published snapshot of a day is kept",
        ),
        Variable(name="PAPERLOG_LOCK_SECONDS", default="600", meaning="how long a writer waits for another writer"),
    )


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; SettingsError names the variable that cannot be used."""
    values = _values(os.environ if environment is None else environment)
    urls = {each.name: _url(values, each.url_variable).rstrip("/") for each in _fetchable()}
    tokens = {name: _header(values, variable, is_secret=True) for name, variable in _token_variables().items()}
    return Settings(
        home=_home(values),
        contact=_header(values, "PAPERLOG_CONTACT"),
        urls={name: url for name, url in urls.items() if url},
        tokens={name: token for name, token in tokens.items() if token},
        requests_per_second=_number(values, "PAPERLOG_REQUESTS_PER_SECOND", most=100),
        fetches_at_once=int(
            _number(values, "PAPERLOG_FETCHES_AT_ONCE", least=1, most=16)
        ),  # as many as the fetcher has connections
        pace=_folder(values, "PAPERLOG_PACE"),
        keep_snapshots=int(_number(values, "PAPERLOG_KEEP_SNAPSHOTS", most=3650, may_be_zero=True)),
        webhook=_url(values, "PAPERLOG_WEBHOOK_URL", is_secret=True) or None,
        lock_seconds=_number(values, "PAPERLOG_LOCK_SECONDS", most=86_400),
    )


def has_prefect_api(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a Prefect API is configured, so that commands report to it."""
    # Set and empty counts as none here, but breaks every task of Prefect (seen with 3.8.8).
    return bool((os.environ if environment is None else environment).get(PREFECT_API))


def tell_library(variable: str, value: str) -> None:
    """Set a variable that a library in this process reads; what a person set stays."""
    os.environ.setdefault(variable, value)


def inherited(**changes: str) -> dict[str, str]:
    """The environment for a process that this one starts, with changes."""
    return {**os.environ, **changes}


def _fetchable() -> tuple[Source, ...]:
    return tuple(source for source in SOURCES.values() if source.request is not None)


def _token_variables() -> dict[str, str]:
    return {source.name: source.token_variable for source in _fetchable() if source.token_variable}


def _values(environment: Mapping[str, str]) -> dict[str, str]:
    """An empty variable counts as not set: that is how a shell unsets one for a single command."""
    return {each.name: environment.get(each.name, "").strip() or each.default for each in variables()}


def _own_folder(name: str) -> Path | None:
    """One a user: users of one machine may not write each other's files. None if no temporary folder can be written."""
    with suppress(FileNotFoundError):
        temporary = Path(tempfile.gettempdir())
        # Python's last choice is the working directory, where nobody would look for it.
        if temporary in _TEMPORARY or temporary != Path.cwd():
            return temporary / f"{name}-{os.getuid()}"
    return None


def _folder(values: Mapping[str, str], variable: str) -> Path | None:
    text = values[variable]
    try:
        return Path(text).expanduser().absolute() if text else None
    except RuntimeError as error:
        raise SettingsError(f"{variable}={text!r}: whose home that is cannot be found out") from error


def _home(values: Mapping[str, str]) -> Path:
    text = values["PAPERLOG_HOME"]
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"PAPERLOG_HOME={text!r} is not a directory")
    return path


def _url(values: Mapping[str, str], variable: str, *, is_secret: bool = False) -> str:
    """A web address, or an empty text. A secret one may hold a user or a query; no message shows such an address."""
    text = values[variable]
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        is_bare = not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        is_address = is_bare = False
    if text and not (is_address and (is_bare or is_secret)):
        shown = f"{variable}={text!r}" if is_bare and not is_secret else variable
        raise SettingsError(f"{shown} is not a web address of the form http(s)://host[:port][/path]")
    return text


def _number(
    values: Mapping[str, str], variable: str, *, least: float = 0, most: float, may_be_zero: bool = False
) -> float:
    text = values[variable]
    try:
        number = float(text)
    except ValueError as error:
        raise SettingsError(f"{variable}={text!r} is not a number") from error
    if not ((number > 0 or (may_be_zero and number == 0)) and least <= number <= most):
        raise SettingsError(f"{variable}={text!r} must be between {least:g} and {most:g}")
    return number


def _header(values: Mapping[str, str], variable: str, *, is_secret: bool = False) -> str:
    text = values[variable]
    # A line break would start another header.
    if not (text.isascii() and text.isprintable()):
        shown = "" if is_secret else f"={text!r}"
        raise SettingsError(f"{variable}{shown} may hold printable ASCII characters only: it is sent in a header")
    return text
