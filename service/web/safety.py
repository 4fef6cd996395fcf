"""What every request passes before its route, and the headers that every answer carries.

host     421 unknown-host               a name that is not ours: DNS rebinding
origin   403 cross-origin               a browser that asks on behalf of another site
key      401 key-missing, key-wrong     nobody we know; only when there is a keys file
rate     429 rate-limited               more than the caller's share; only when there is a limit

All of it is closed by default: a route that no table here names asks for a key and counts.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request

from service.web.akismet import AKISMET_PREFIX, sent_key
from service.web.keys import KeyRing
from service.web.problems import ProblemError
from service.web.ratelimit import Allowance, RateLimiter
from service.web.settings import Settings

PUBLIC_ENDPOINTS = frozenset({"livez", "readyz", "openapi", "docs", "workbench", "static"})
"""Endpoints that answer without a key: probes, the description, and pages that hold nothing of anyone's."""

UNCOUNTED_ENDPOINTS = PUBLIC_ENDPOINTS | {"metrics"}
"""Endpoints outside the rate limit: a busy service must still be seen to live."""

PAGE_ENDPOINTS = frozenset({"workbench", "docs", "static"})
"""Endpoints whose answers are meant for a browser to show and run."""

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

_EVERYBODY = ""
"""Who asks when there are no keys: all callers share one limit."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
"""As the OWASP Secure Headers Project advises. Strict-Transport-Security is the affair of whoever adds TLS: browsers
ignore it over HTTP. There is no CORS header at all, so no other site's script can read an answer."""

_API_HEADERS: Mapping[str, str] = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
_PAGE_HEADERS: Mapping[str, str] = {
    **_HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Guard:
    """The checks, with what they have to remember. Made before the workers are forked, it counts for all of them."""

    def __init__(self, settings: Settings, clock: Callable[[], int] = time.monotonic_ns) -> None:
        """Read the keys file. Raises KeysFileError. `clock` is that of `RateLimiter`."""
        own_names = (*_LOOPBACK_NAMES, settings.host) if settings.is_loopback else ()
        self._hosts = own_names + settings.allowed_hosts
        self._is_loopback = settings.is_loopback
        self._keys = KeyRing(settings.keys_file) if settings.keys_file else None
        self._limiter = RateLimiter(settings.rate_limit, clock) if settings.rate_limit else None

    def register(self, app: Flask) -> None:
        """Stand before every route of the application. Templates learn whether they must ask for a key."""
        app.before_request(self._check)
        app.after_request(_harden)
        app.jinja_env.globals["needs_key"] = self._keys is not None

    def _check(self) -> None:
        self._check_host(request)
        _check_origin(request)
        if self._keys and (request.endpoint or "").startswith(AKISMET_PREFIX):
            # The route answers who has no key, in words of that API.
            holder = self._keys.holder(sent_key(request))
            if holder is not None:
                g.caller = holder
        elif self._keys and request.endpoint not in PUBLIC_ENDPOINTS:
            g.caller = _check_key(request, self._keys)
        if self._limiter and request.endpoint not in UNCOUNTED_ENDPOINTS:
            g.allowance = self._limiter.take(g.get("caller", _EVERYBODY))
            _check_rate(g.allowance)

    def _check_host(self, request: Request) -> None:
        """Refuse names that are not ours: a site may point its own at us, and would then be of our origin.

        An address needs no such check – nobody can point one elsewhere – and is what probes and scrapers use.
        """
        if not self._hosts:
            return
        # As it was sent: Werkzeug takes a name with an underscore, which our keys have as a sub-domain, for none.
        sent = request.headers.get("Host") or request.host
        name = re.sub(r":\d+$", "", sent).lower().strip("[]")
        if not (_matches(name, self._hosts) or (not self._is_loopback and _is_address(name))):
            detail = "The Host header is not a name of this service. If it should be, add it to WINNOW_ALLOWED_HOSTS."
            raise ProblemError(421, "unknown-host", detail)


def _matches(name: str, hosts: tuple[str, ...]) -> bool:
    """`*.example.org` stands for every name below example.org, at any depth, not for example.org itself."""
    return any(name == host or (host.startswith("*.") and name.endswith(host[1:])) for host in hosts)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _check_origin(request: Request) -> None:
    """Refuse what another site makes a browser send: a form or a fetch with text/plain needs no permission of ours.

    Browsers say whose request it is; other clients send neither header and are not concerned. Sec-Fetch-Site is
    asked first because a proxy that renames the host leaves it true. Another port of this machine is another site.
    """
    if request.method in _SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site in {"same-origin", "none"}:
        return
    if site or (origin and _host_of(origin) != request.host.lower()):
        detail = "A browser sent this for another site. Send it from your own server, or use the page at / here."
        raise ProblemError(403, "cross-origin", detail)


def _host_of(origin: str) -> str | None:
    """Host and port of an Origin header; None for "null" and for nonsense."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _check_key(request: Request, keys: KeyRing) -> str:
    """Who asks. The challenges are those of RFC 6750."""
    key = _sent_key(request)
    if not key:
        detail = "This needs an API key. Send it as Authorization: Bearer KEY, or as X-Api-Key: KEY."
        raise ProblemError(401, "key-missing", detail, headers={"WWW-Authenticate": 'Bearer realm="winnow"'})
    holder = keys.holder(key)
    if holder is None:
        detail = "The API key is not known here. Check that it is whole; winnow key NAME makes a new one."
        challenge = 'Bearer realm="winnow", error="invalid_token"'
        raise ProblemError(401, "key-wrong", detail, headers={"WWW-Authenticate": challenge})
    return holder


def _sent_key(request: Request) -> str:
    """The key of the request, empty without one. Authorization may be a proxy's own; then X-Api-Key is left."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return (key if scheme.lower() == "bearer" else request.headers.get("X-Api-Key", "")).strip()


def _check_rate(allowance: Allowance) -> None:
    if not allowance.is_granted:
        wait_s = allowance.wait_s
        detail = (
            f"More than {allowance.limit:,} requests a minute. Try again in {wait_s} s, "
            "or send many pages as one batch, which counts as one request."
        )
        raise ProblemError(429, "rate-limited", detail, headers={"Retry-After": str(wait_s)})


def _harden(response: Response) -> Response:
    response.headers.update(_PAGE_HEADERS if request.endpoint in PAGE_ENDPOINTS else _API_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    if "allowance" in g:
        # as in draft-ietf-httpapi-ratelimit-headers
        response.headers["RateLimit-Policy"] = f'"minute";q={g.allowance.limit};w=60'
        response.headers["RateLimit"] = f'"minute";r={g.allowance.remaining};t={g.allowance.full_s}'
    return response
