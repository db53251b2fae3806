"""Every setting, checked once, as one record; the only place that reads the environment.

A setting is a variable of the environment, or a line of the settings file. The environment ranks above the file.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from extractors.errors import UnknownSource
from extractors.service import Service
from extractors.services import SERVICES
from extractors.source import PageRequest, Source
from extractors.sources import SOURCES, source_named
from flows.home import INTERESTS, UnusableHome, has_control, usable_home
from flows.settings_file import NAME as FILE_NAME
from flows.settings_file import FileValue, SettingsError, closest, read_settings_file
from transforms.series import list_of

PREFECT_API = "PREFECT_API_URL"
CONFIG = "PAPERLOG_CONFIG"
MAIL_SERVER = "PAPERLOG_MAIL_SERVER"
MAIL_SCHEMES = frozenset({"smtp", "smtps", "smtp+starttls"})
MAIL_FORM = "smtp://, smtps:// or smtp+starttls://[user:password@]host[:port]"
TOKEN_OF_SERVE = "PAPERLOG_SERVE_TOKEN"  # noqa: S105 - the name of a setting
PROCESSES, PROCESSES_MAX = "PAPERLOG_PROCESSES", 64
CLUSTER = "PAPERLOG_DASK"
ENVIRONMENT, DEFAULT = "environment", "default"
WAREHOUSE = "PAPERLOG_WAREHOUSE"
LANDING = "PAPERLOG_LANDING"
_SCHEDULER = re.compile(r"(tcp|tls)://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", re.ASCII)
_PASSWORD = re.compile(r"pass|//.*@", re.IGNORECASE)
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]+(/[\w.=-]+)*/?", re.ASCII)
ARXIV_SETS, NO_SETS = "PAPERLOG_ARXIV_SETS", "none"
_SET = re.compile(r"[A-Za-z][\w-]*(?::[A-Za-z][\w-]*(?::[A-Za-z][\w.-]*)?)?", re.ASCII)
# One request in eight minutes; a slower run would look as if it hung.
RATE_MIN = 0.002
_TEMPORARY = tuple(map(Path, ("/tmp", "/var/tmp", "/usr/tmp")))  # noqa: S108 - compared with, never written to

__all__ = [
    "Settings",
    "SettingsError",
    "Value",
    "Variable",
    "child_variables",
    "from_environment",
    "has_prefect_api",
    "inherited",
    "prefect_api",
    "tell_library",
    "unknown_variables",
    "values_of",
    "variables",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One setting: for reading it, for the help text and for the documentation. A secret one is never printed."""

    name: str
    meaning: str
    default: str = ""
    is_secret: bool = False
    is_path: bool = False

    @property
    def key(self) -> str | None:
        """Its name in the settings file; None for the one that names this file."""
        return None if self.name == CONFIG else self.name.removeprefix("PAPERLOG_").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The text of one setting, and where it comes from: `environment`, `default`, or the file with its line."""

    variable: Variable
    text: str = field(repr=False)
    origin: str

    @property
    def shown(self) -> str:
        """The text for people. Of a secret, or of an address that may hold one, only that it is set."""
        is_doubtful = self.variable.name.endswith("_URL") and not _is_address(self.text)
        is_doubtful |= self.variable.name == WAREHOUSE and bool(_PASSWORD.search(self.text))
        return "(set, not shown)" if self.text and (self.variable.is_secret or is_doubtful) else self.text

    @property
    def place(self) -> str:
        """The setting and where it stands, for messages."""
        return self.variable.name + ("" if self.origin in {ENVIRONMENT, DEFAULT} else f" ({self.origin})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The checked settings.

    `urls` and `tokens` are by source, `services` are addresses by service; what has no address has no entry.
    `series` are the lists that are fetched of each source of several. `processes` is how many read pages at once,
    and `cluster` the scheduler of others that do.
    `warehouse` is the address of a lake, None for the warehouse in the home, and `bucket` where the pages are, None for
    the home; `s3_host` and what follows is the server with the files of both.
    """

    home: Path
    contact: str
    urls: Mapping[str, str]
    tokens: Mapping[str, str] = field(repr=False)
    series: Mapping[str, tuple[str, ...]]
    requests_per_second: float
    fetches_at_once: int
    lock_seconds: float
    pace: Path | None
    keep_snapshots: int
    webhook: str | None = field(repr=False)
    serve_token: str | None = field(default=None, repr=False)
    services: Mapping[str, str] = field(default_factory=dict)
    arxiv_sets: tuple[str, ...] = ()
    interests_file: Path | None = None
    site_url: str | None = None
    mail_server: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    processes: int = 1
    cluster: str | None = None
    warehouse: str | None = None
    bucket: str | None = None
    s3_host: str | None = None
    is_s3_encrypted: bool = True
    s3_region: str | None = None
    s3_key: str | None = None
    s3_secret: str | None = field(default=None, repr=False)

    @property
    def landing(self) -> Path:
        """Where the kept pages are, unless they are in a bucket."""
        return self.home / "landing"

    @property
    def interests(self) -> Path:
        """The file that says who is told what."""
        return self.interests_file or self.home / INTERESTS

    @property
    def inbox(self) -> Path:
        """Where files wait for a scheduled run to adopt them: one folder per source."""
        return self.home / "inbox"

    @property
    def pace_folder(self) -> Path:
        """Where processes share the rate: worked out when a request is made, for a reader may have no such place."""
        return self.pace or _own_folder("paperlog-pace") or self.home / "pace"

    def address_of(self, service: Service) -> str:
        """Where a service is asked."""
        return self.services.get(service.name, service.default_url or "")

    def pace_of(self, source: Source) -> float:
        """How many requests a second go to the source's host: the slower of its own limit and the setting.

        The limit is a public site's. A server on this machine is the operator's own: the setting alone counts there.
        """
        limit = None if _is_this_machine(self.urls.get(source.family, "")) else source.requests_per_second_max
        return min(self.requests_per_second, limit or self.requests_per_second)

    def requests_to(self, source: Source, *, answer: bool = False) -> Callable[[date], PageRequest]:
        """How the page of a partition is asked for, or the API's answer. SettingsError if the source has no address."""
        request, url = source.answer if answer else source.request, self.urls.get(source.family)
        if request is None and source.request is not None:
            raise SettingsError(f"{source.name} has no API that could answer: its pages can be fetched")
        if request is None:
            raise SettingsError(f"{source.name} cannot be fetched: adopt files of it instead")
        if url is None:
            raise SettingsError(f"set {source.url_variable} first: {source.name} has no public address")
        return lambda day: request(day, url)

    def lists_of(self, name: str) -> tuple[str, ...]:
        """The lists that a name stands for: its own, or for a source of several those that are set, as `source:series`.

        SettingsError if none is set.
        """
        source = source_named(name)
        if not source.is_several:
            return (name,)
        if not self.series[name]:
            raise SettingsError(f"name a list, as {list_of(name, 'NAME')}, or set {source.series_variable}")
        return self._lists(name)

    @property
    def lists_fetched(self) -> frozenset[str]:
        """The lists of all sources that have an address: of each of them a list is due on every day of its calendar."""
        return frozenset(each for name in self.urls for each in self._lists(name))

    def _lists(self, name: str) -> tuple[str, ...]:
        return tuple(list_of(name, each) for each in self.series[name]) if name in self.series else (name,)


def variables() -> tuple[Variable, ...]:
    """Every setting; those of the sources come from their records."""
    return (
        Variable(
            name=CONFIG, default=f"./{FILE_NAME}", is_path=True, meaning="settings file; the environment ranks above it"
        ),
        Variable(
            name="PAPERLOG_HOME",
            default="./data",
            is_path=True,
            meaning="folder of landing, warehouse, snapshot and manifest",
        ),
        *(
            Variable(
                name=each.url_variable,
                default=each.default_url or "",
                meaning=f"where the pages of {each.name} are fetched from",
            )
            for each in _fetchable()
        ),
        *(
            Variable(
                name=each.series_variable,
                default=" ".join(each.series_default),
                meaning=f"which lists of {each.name} are fetched, with blanks between them",
            )
            for each in _of_several()
        ),
        *(
            Variable(
                name=each.url_variable,
                default=each.default_url or "",
                meaning=f"where {each.name} is asked for facts by id",
            )
            for each in _asked_services()
        ),
        Variable(
            name=ARXIV_SETS,
            default="cs stat:stat:ML eess",
            meaning=f"sets of arXiv whose changes `facts` asks for, with blanks between them; {NO_SETS} for none",
        ),
        Variable(name="PAPERLOG_CONTACT", default="no contact set", meaning="address in the User-Agent"),
        *(
            Variable(name=variable, is_secret=True, meaning=f"sent to the host of {name} only; never logged or kept")
            for name, variable in _token_variables().items()
        ),
        Variable(
            name="PAPERLOG_REQUESTS_PER_SECOND",
            default="1",
            meaning=f"to each host, by all processes of this machine, or of all that share a lake; at least {RATE_MIN}",
        ),
        Variable(
            name="PAPERLOG_FETCHES_AT_ONCE", default="4", meaning="requests in flight at once; the rate stays the same"
        ),
        Variable(
            name="PAPERLOG_PACE",
            is_path=True,
            meaning="folder that shares the rate without a lake; default: in the temporary folder, else in the home",
        ),
        Variable(
            name="PAPERLOG_WEBHOOK_URL",
            is_secret=True,
            meaning="gets one message, as JSON, when a person should look; never logged",
        ),
        Variable(
            name=TOKEN_OF_SERVE,
            is_secret=True,
            meaning="what `serve` asks of everybody; needed where it listens beyond this machine; never logged",
        ),
        Variable(
            name="PAPERLOG_INTERESTS",
            is_path=True,
            meaning=f"who is told what by `digest`; default: {INTERESTS} in the home",
        ),
        Variable(
            name="PAPERLOG_SITE_URL", meaning="where `serve` or the files of `site` are reached: digests link there"
        ),
        Variable(
            name=MAIL_SERVER,
            is_secret=True,
            meaning=f"sends the mails of `digest`: {MAIL_FORM}; never logged",
        ),
        Variable(name="PAPERLOG_MAIL_FROM", meaning="the address that mails of `digest` come from"),
        Variable(
            name="PAPERLOG_KEEP_SNAPSHOTS",
            default="0",
            meaning="for how many days the last published snapshot of a day is kept",
        ),
        Variable(
            name=PROCESSES,
            meaning="how many processes read pages in bulk, and make a lost side index again; "
            "1: only the one that loads; default: one a core",
        ),
        Variable(
            name=CLUSTER,
            meaning="tcp:// or tls://HOST:PORT of a Dask scheduler whose workers read pages in bulk; default: none",
        ),
        Variable(name=WAREHOUSE, meaning="address of a lake that several machines share; default: a file in the home"),
        Variable(
            name=LANDING,
            meaning="s3://BUCKET/PATH for pages that several machines share, indexed in the lake; default: in the home",
        ),
        Variable(name="PAPERLOG_S3_URL", meaning="the object store of both; default: Amazon's own"),
        Variable(name="PAPERLOG_S3_REGION", meaning="its region"),
        Variable(name="PAPERLOG_S3_KEY", meaning="the name of the key to it"),
        Variable(name="PAPERLOG_S3_SECRET", is_secret=True, meaning="the secret of that key; never logged"),
        Variable(name="PAPERLOG_LOCK_SECONDS", default="600", meaning="how long a writer waits for another writer"),
    )


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; SettingsError names the one that cannot be used, and where it stands."""
    values = values_of(environment)
    urls = {each.name: _url(values[each.url_variable]).rstrip("/") for each in _fetchable()}
    store = urlsplit(_url(values["PAPERLOG_S3_URL"]))
    tokens = {name: _header(values[variable]) for name, variable in _token_variables().items()}
    return Settings(
        home=_home(values["PAPERLOG_HOME"]),
        contact=_header(values["PAPERLOG_CONTACT"]),
        urls={name: url for name, url in urls.items() if url},
        tokens={name: token for name, token in tokens.items() if token},
        series={each.name: _series(each, values[each.series_variable]) for each in _of_several()},
        services={each.name: _url(values[each.url_variable]).rstrip("/") for each in _asked_services()},
        arxiv_sets=_sets(values[ARXIV_SETS]),
        requests_per_second=_number(values["PAPERLOG_REQUESTS_PER_SECOND"], least=RATE_MIN, most=100),
        fetches_at_once=int(
            _number(values["PAPERLOG_FETCHES_AT_ONCE"], least=1, most=16)
        ),  # as many as the fetcher has connections
        pace=_folder(values["PAPERLOG_PACE"]),
        keep_snapshots=int(_number(values["PAPERLOG_KEEP_SNAPSHOTS"], most=3650, may_be_zero=True)),
        webhook=_url(values["PAPERLOG_WEBHOOK_URL"]) or None,
        serve_token=_header(values[TOKEN_OF_SERVE]) or None,
        interests_file=_folder(values["PAPERLOG_INTERESTS"]),
        site_url=_url(values["PAPERLOG_SITE_URL"]).rstrip("/") or None,
        mail_server=_mail_server(values[MAIL_SERVER]),
        mail_from=_header(values["PAPERLOG_MAIL_FROM"]) or None,
        lock_seconds=_number(values["PAPERLOG_LOCK_SECONDS"], most=86_400),
        processes=_processes(values[PROCESSES]),
        cluster=_cluster(values[CLUSTER], values[LANDING]),
        warehouse=values[WAREHOUSE].text or None,
        bucket=_bucket(values[LANDING], values[WAREHOUSE]),
        s3_host=store.netloc or None,
        is_s3_encrypted=store.scheme != "http",
        s3_region=values["PAPERLOG_S3_REGION"].text or None,
        s3_key=values["PAPERLOG_S3_KEY"].text or None,
        s3_secret=values["PAPERLOG_S3_SECRET"].text or None,
    )


def values_of(environment: Mapping[str, str] | None = None) -> Mapping[str, Value]:
    """The text of every setting by its variable's name, not yet checked, each with where it comes from.

    An empty one counts as not set: that is how a shell unsets a variable for a single command. Raises SettingsError for
    a settings file that cannot be read, or holds a key that is none.
    """
    of = os.environ if environment is None else environment
    path = Path(of.get(CONFIG, "").strip() or FILE_NAME).expanduser()
    keys = [each.key for each in variables() if each.key]
    in_file = read_settings_file(path, keys) if of.get(CONFIG, "").strip() or path.exists() else {}
    return {each.name: _value(each, of, path, in_file.get(each.key or "")) for each in variables()}


def unknown_variables(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Variables that look like settings and are none, each with the name that it may be a slip of."""
    known = [*(each.name for each in variables()), "PAPERLOG_PROJECT"]  # the last is read by deployments.yaml
    of = os.environ if environment is None else environment
    strange = sorted(name for name in of if name.startswith("PAPERLOG_") and name not in known)
    return tuple(f"{name} is no setting{closest(name, known)}" for name in strange)


def has_prefect_api(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a Prefect API is configured, so that commands report to it."""
    return prefect_api(environment) is not None


def prefect_api(environment: Mapping[str, str] | None = None) -> str | None:
    """The address of the configured Prefect API, None without one."""
    # Set and empty counts as none here, but breaks every task of Prefect (seen with 3.8.8).
    return (os.environ if environment is None else environment).get(PREFECT_API) or None


def tell_library(variable: str, value: str) -> None:
    """Set a variable that a library in this process reads; what a person set stays."""
    os.environ.setdefault(variable, value)


def secret_named(variable: str) -> str | None:
    """What a variable holds that the interests file names, such as an address that only its owner may know."""
    return os.environ.get(variable, "").strip() or None


def inherited(**changes: str) -> dict[str, str]:
    """The environment for a process that this one starts, with changes."""
    return {**os.environ, **changes}


def child_variables(settings: Settings) -> dict[str, str]:
    """What a process needs that runs in another folder: the same home, pace and settings file, by absolute paths."""
    own = {"PAPERLOG_HOME": str(settings.home), "PAPERLOG_PACE": str(settings.pace_folder)}
    file = Path(os.environ.get(CONFIG, "").strip() or FILE_NAME).expanduser().absolute()
    return own | ({CONFIG: str(file)} if file.exists() else {})


def _fetchable() -> tuple[Source, ...]:
    return tuple(source for source in SOURCES.values() if source.request is not None)


def _asked_services() -> tuple[Service, ...]:
    return tuple(service for service in SERVICES.values() if service.default_url is not None)


def _of_several() -> tuple[Source, ...]:
    return tuple(source for source in SOURCES.values() if source.of_series is not None)


def _bucket(value: Value, warehouse: Value) -> str | None:
    """Where pages are that several machines share; what they know of them is in a lake's catalog."""
    if not value.text:
        return None
    if not _BUCKET.fullmatch(value.text):
        raise SettingsError(f"{value.place}: {value.text!r} is no s3://BUCKET/PATH")
    if not warehouse.text.startswith("ducklake:"):
        raise SettingsError(f"{value.place}: pages in a bucket need a lake too: set {WAREHOUSE}")
    return value.text.rstrip("/")


def _cluster(value: Value, landing: Value) -> str | None:
    """Where a scheduler is whose workers read pages; they find them only where machines share them."""
    if not value.text:
        return None
    if not _SCHEDULER.fullmatch(value.text):
        raise SettingsError(f"{value.place}: {value.text!r} is no tcp://HOST:PORT or tls://HOST:PORT")
    if not landing.text:
        raise SettingsError(f"{value.place}: other machines find pages in a bucket only: set {LANDING}")
    return value.text


def _series(source: Source, value: Value) -> tuple[str, ...]:
    """The lists that a setting names, each once."""
    if "," in value.text:
        raise SettingsError(f"{value.place}: {value.text!r}: write blanks between the names, and no commas")
    try:
        for each in value.text.split():
            source_named(list_of(source.name, each))
    except UnknownSource as error:
        raise SettingsError(f"{value.place}: {error}") from error
    return tuple(dict.fromkeys(value.text.split()))


def _token_variables() -> dict[str, str]:
    return {source.name: source.token_variable for source in _fetchable() if source.token_variable}


def _value(variable: Variable, environment: Mapping[str, str], path: Path, in_file: FileValue | None) -> Value:
    if text := environment.get(variable.name, "").strip():
        return Value(variable=variable, text=text, origin=ENVIRONMENT)
    if in_file is None or not in_file.text:
        return Value(variable=variable, text=variable.default, origin=DEFAULT)
    # A folder that the file names lies beside the file, wherever the command is run.
    text = str(path.absolute().parent / Path(in_file.text).expanduser()) if variable.is_path else in_file.text
    return Value(variable=variable, text=text, origin=f"{path}:{in_file.line}")


def _own_folder(name: str) -> Path | None:
    """One a user: users of one machine may not write each other's files. None if no temporary folder can be written."""
    with suppress(FileNotFoundError):
        temporary = Path(tempfile.gettempdir())
        # Python's last choice is the working directory, where nobody would look for it.
        if temporary in _TEMPORARY or temporary != Path.cwd():
            return temporary / f"{name}-{os.getuid()}"
    return None


def _folder(value: Value) -> Path | None:
    if has_control(value.text):
        raise SettingsError(f"{value.place}: {value.text!r}: there is a control character in the path")
    return _path(value) if value.text else None


def _path(value: Value) -> Path:
    try:
        return Path(value.text).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{value.place}: {value.text!r}: whose home that is cannot be found out") from error


def _home(value: Value) -> Path:
    try:
        path = usable_home(_path(value))
    except UnusableHome as error:
        raise SettingsError(f"{value.place}: {error}") from error
    if path.exists() and not path.is_dir():
        raise SettingsError(f"{value.place}: {value.text!r} is not a directory")
    return path


def _sets(value: Value) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.text.split()))
    if names == (NO_SETS,):
        return ()
    for each in names:
        if not _SET.fullmatch(each):
            raise SettingsError(f"{value.place}: {each!r} is no set of arXiv, as cs, math or stat:stat:ML are")
    return names


def _url(value: Value) -> str:
    """A web address, or an empty text. A secret one may hold a user or a query.

    No message shows an address that is refused: where it goes wrong may be a password.
    """
    if value.text and not _is_address(value.text, may_hold_secret=value.variable.is_secret):
        form = "http(s)://host[:port][/path]"
        raise SettingsError(f"{value.place} is not a web address of the form {form}; its text is not shown")
    return value.text


def _is_address(text: str, *, may_hold_secret: bool = False) -> bool:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        return is_address and (may_hold_secret or not (parts.query or parts.fragment or "@" in parts.netloc))
    except ValueError:
        return False


def _mail_server(value: Value) -> str | None:
    """An address of a mail server, which holds a password: no message shows it."""
    try:
        parts = urlsplit(value.text)
        is_address = parts.scheme in MAIL_SCHEMES and bool(parts.hostname) and parts.port != 0
        is_plain = parts.path in {"", "/"} and not (parts.query or parts.fragment)
    except ValueError:
        is_address = is_plain = False
    if value.text and not (is_address and is_plain):
        raise SettingsError(f"{value.place} is not of the form {MAIL_FORM}; its text is not shown")
    return value.text or None


def _is_this_machine(url: str) -> bool:
    """Whether the address itself says so: what a name leads to is not looked up."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(value: Value, *, least: float = 0, most: float, may_be_zero: bool = False) -> float:
    try:
        number = float(value.text)
    except ValueError as error:
        raise SettingsError(f"{value.place}: {value.text!r} is not a number") from error
    if not ((number > 0 or (may_be_zero and number == 0)) and least <= number <= most):
        raise SettingsError(f"{value.place}: {value.text!r} must be between {least:g} and {most:g}")
    return number


def _processes(value: Value) -> int:
    if not value.text:
        return min(len(os.sched_getaffinity(0)), PROCESSES_MAX)
    return int(_number(value, least=1, most=PROCESSES_MAX))


def _header(value: Value) -> str:
    # A line break would start another header.
    if not (value.text.isascii() and value.text.isprintable()):
        shown = "" if value.variable.is_secret else f": {value.text!r}"
        raise SettingsError(f"{value.place}{shown} may hold printable ASCII characters only: it is sent in a header")
    return value.text
