"""What tells a login or consent page, at the other end of a redirect or in place of the page."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from extractors.http.refusal import title_of

_PATH_WORDS = frozenset(
    {
        "login",
        "logon",
        "signin",
        "signon",
        "auth",
        "authenticate",
        "authentication",
        "authorize",
        "authorise",
        "oauth",
        "oauth2",
        "openid",
        "sso",
        "saml",
        "saml2",
        "adfs",
        "consent",
        "cookieconsent",
        "privacyconsent",
        "gdpr",
        "captcha",
        "accessdenied",
        "unauthorized",
    }
)
_HOST_WORDS = frozenset(
    {
        "login",
        "logon",
        "signin",
        "auth",
        "accounts",
        "account",
        "sso",
        "idp",
        "oauth",
        "consent",
        "adfs",
        "okta",
        "onelogin",
        "auth0",
    }
)
_TITLES = re.compile(
    r"\b(?:log ?-?(?:in|on)|sign ?-?(?:in|on)|authenticat(?:e|ion)|authori[sz]ation required|unauthori[sz]ed|"
    r"before you continue|your privacy|cookie consent|consent|session (?:has )?(?:expired|timed out)|"
    r"anmelden|anmeldung|se connecter|iniciar sesi[oó]n|accedi|登录|登入|ログイン)\b"
)
_PASSWORD = re.compile(rb"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_LEADS_ON = re.compile(
    rb"<form\b[^>]{0,500}\baction\s*=\s*[\"']?([^\"'\s>]{1,300})"
    rb"|<meta\b[^>]{0,200}\burl\s*=\s*[\"']?([^\"'\s>]{1,300})"
    rb"|\blocation(?:\.href)?\s*=\s*[\"']([^\"']{1,300})"
    rb"|\blocation\.(?:replace|assign)\(\s*[\"']([^\"']{1,300})",
    re.IGNORECASE,
)
# A page that only leads on is small; a large one has such forms in a corner.
_LEADS_ON_BYTES_MAX = 32 * 1024
_BODY_BYTES_MAX = 4 * 1024 * 1024


def is_login(url: str, first_host: str) -> bool:
    """Whether an address is that of a login or consent page, by a word of its path, or of a host other than the first.

    Words count as whole parts: `/users/sign_in`, `/login.aspx`, `accounts.example.org`, never `/papers/blogin`.
    """
    parts = urlsplit(url)
    names = [re.sub(r"\.\w{1,5}$", "", segment) for segment in parts.path.lower().split("/")]
    if any(re.sub(r"[-_.]", "", name) in _PATH_WORDS for name in names):
        return True
    host = (parts.hostname or "").lower()
    return host != first_host and any(label in _HOST_WORDS for label in host.split(".")[:-1])


def login_sign(url: str, body: bytes) -> str | None:
    """What on an HTML page shows a login or a consent; None if nothing does.

    A sign alone proves nothing, since a list may have a login in a corner: ask whether there is a list first.
    """
    start = body[:_BODY_BYTES_MAX]
    if _PASSWORD.search(start):
        return "a page that asks for a password"
    if _TITLES.search(title := title_of(body)):
        return f"a page titled {title!r}"
    if len(body) <= _LEADS_ON_BYTES_MAX:
        host = urlsplit(url).hostname or ""
        for found in _LEADS_ON.finditer(start):
            target = next(each for each in found.groups() if each).decode("utf-8", "replace")
            with suppress(ValueError):  # no address
                if is_login(urljoin(url, target), host):
                    return f"a page that leads to {target!r}"
    return None
