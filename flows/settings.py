"""The only place that reads the environment: every variable, checked once, as one record."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from extractors.sources import SOURCES

PREFECT_API = "PREFECT_API_URL"


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of the environment, for the help text and for the test that compares them with the README."""

    name: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. `urls` has an entry for each source that can be fetched here."""

    home: Path
    contact: str
    urls: Mapping[str, str]
    requests_per_second: float
    fetches_at_once: int
    lock_seconds: float
    pace: Path
    keep_snapshots: int = 0
    webhook: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def landing(self) -> Path:
        """Where the kept pages lie."""
        return self.home / "landing"

    @property
    def inbox(self) -> Path:
        """Where files wait to be adopted by a scheduled run: one folder per source."""
        return self.home / "inbox"


def variables() -> tuple[Variable, ...]:
    """Every variable that is read, those of the sources included."""
    return (
        Variable(name="PAPERLOG_HOME", default="./data", meaning="landing, warehouse, snapshot and manifest lie here"),
        *(_address(name) for name in _fetchable()),
        Variable(name="PAPERLOG_CONTACT", default="no contact set", meaning="address in the User-Agent"),
        Variable(
            name="PAPERLOG_HF_TOKEN", default="", meaning="sent to the host of hf_daily only; never logged or kept"
        ),
        Variable(
            name="PAPERLOG_REQUESTS_PER_SECOND",
            default="1",
            meaning="to each host, by all processes of this machine together",
        ),
        Variable(
            name="PAPERLOG_FETCHES_AT_ONCE", default="4", meaning="answers waited for at once; the rate stays the same"
        ),
        Variable(
            name="PAPERLOG_PACE",
            default="",
            meaning="folder through which processes share the rate; default: one in the system's temporary folder",
        ),
        Variable(
            name="PAPERLOG_WEBHOOK_URL",
            default="",
            meaning="gets one message, as JSON, when a person should look; never logged",
        ),
        Variable(
            name="PAPERLOG_KEEP_SNAPSHOTS", default="0", meaning="of so many days, the last published snapshot is kept"
        ),
        Variable(name="PAPERLOG_LOCK_SECONDS", default="600", meaning="how long a writer waits for another writer"),
    )


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; SettingsError names the variable that cannot be used."""
    values = _values(os.environ if environment is None else environment)
    return Settings(
        home=_home(values["PAPERLOG_HOME"]),
        contact=_header("PAPERLOG_CONTACT", values["PAPERLOG_CONTACT"]),
        urls={name: _url(variable, values[variable]) for name, variable in _addresses().items() if values[variable]},
        requests_per_second=_number("PAPERLOG_REQUESTS_PER_SECOND", values["PAPERLOG_REQUESTS_PER_SECOND"], most=100),
        fetches_at_once=int(_number("PAPERLOG_FETCHES_AT_ONCE", values["PAPERLOG_FETCHES_AT_ONCE"], least=1, most=16)),
        pace=_pace(values["PAPERLOG_PACE"]),
        keep_snapshots=int(_number("PAPERLOG_KEEP_SNAPSHOTS", values["PAPERLOG_KEEP_SNAPSHOTS"], most=3650, zero=True)),
        webhook=_webhook(values["PAPERLOG_WEBHOOK_URL"]),
        lock_seconds=_number("PAPERLOG_LOCK_SECONDS", values["PAPERLOG_LOCK_SECONDS"], most=86_400),
        token=_header("PAPERLOG_HF_TOKEN", values["PAPERLOG_HF_TOKEN"], secret=True) or None,
    )


def has_prefect_api(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a Prefect API is configured, so that commands report to it."""
    return bool((os.environ if environment is None else environment).get(PREFECT_API))


def inherited(**changes: str) -> dict[str, str]:
    """The environment for a process that this one starts, with changes."""
    return {**os.environ, **changes}


def _fetchable() -> tuple[str, ...]:
    return tuple(name for name, source in SOURCES.items() if source.request is not None)


def _addresses() -> dict[str, str]:
    return {name: f"PAPERLOG_{name.upper()}_URL" for name in _fetchable()}


def _address(name: str) -> Variable:
    default = SOURCES[name].default_url or ""
    return Variable(name=_addresses()[name], default=default, meaning=f"where the pages of {name} are fetched from")


def _values(environment: Mapping[str, str]) -> dict[str, str]:
    """An empty variable means the same as none: that is how a shell unsets one for a single command."""
    return {each.name: environment.get(each.name, "").strip() or each.default for each in variables()}


def _home(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"PAPERLOG_HOME={text!r} is not a directory")
    return path


def _url(variable: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError as error:
        raise SettingsError(f"{variable}={text!r} is not a web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_sound:
        raise SettingsError(f"{variable}={text!r} is not a web address: expected http(s)://host[:port][/path]")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise SettingsError(f"{variable} may hold no user, query or fragment: expected http(s)://host[:port][/path]")
    return text.rstrip("/")


def _pace(text: str) -> Path:
    if text:
        return Path(text).expanduser().absolute()
    return Path(tempfile.gettempdir()) / f"paperlog-pace-{os.getuid()}"


def _webhook(text: str) -> str | None:
    """The address may hold a secret in its path or query, so that no message shows it."""
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SettingsError("PAPERLOG_WEBHOOK_URL is not a web address: expected http(s)://host[:port]/…")
    return text or None


def _number(variable: str, text: str, *, least: float = 0, most: float, zero: bool = False) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise SettingsError(f"{variable}={text!r} is not a number") from error
    if not ((number > 0 or (zero and number == 0)) and least <= number <= most):
        raise SettingsError(f"{variable}={text!r} must lie between {least:g} and {most:g}")
    return number


def _header(variable: str, text: str, *, secret: bool = False) -> str:
    if not (text.isascii() and text.isprintable()):
        shown = "" if secret else f"={text!r}"
        raise SettingsError(f"{variable}{shown} may hold printable ASCII characters only: it is sent in a header")
    return text
