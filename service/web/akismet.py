"""Akismet's HTTP API, for comment forms that speak it already. Off unless WINNOW_AKISMET is on or shadow.

    POST /1.1/verify-key     valid | invalid          GET, POST /1.2/key-sites     checks by site and month
    POST /1.1/comment-check  true | false             GET, POST /1.2/usage-limit   checks of this month; no limit
    POST /1.1/submit-spam    kept for `make train`
    POST /1.1/submit-ham     kept for `make train`

Form-encoded; the key is `api_key` (or `key`) in the form, or the first label of the host name. With a keys file it is
one of its keys, without one any will do. In shadow mode every comment is let through and the verdict only recorded.

It speaks Akismet's language and does not know what Akismet knows: no reputation of IP addresses, e-mail addresses,
links and browsers, no other site's spam, no honeypots, no learning between two trainings, and little but English and
Russian.
`user_ip`, e-mail address, user agent and referrer are taken, since clients send them, and neither used nor stored.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, jsonify, request

from model.types import PageContext, PostedComment, SpamVerdict
from service.contract import PageCleaner
from service.web.comments import judge
from service.web.feedback import COUNTS, FeedbackStore
from service.web.problems import page_clock
from service.web.settings import Settings

AKISMET_PREFIX = "akismet_"
"""What the names of all endpoints here begin with: the guard leaves their keys to them."""

THANKS = "Thanks for making the web a better place."
ALWAYS_SPAM_AUTHOR = "viagra-test-123"
ALWAYS_SPAM_EMAIL = "akismet-guaranteed-spam@example.com"
ALWAYS_HAM_ROLE = "administrator"

BLATANT = 0.99
"""From this chance on the comment may be discarded without anybody's look."""

UNSURE = 0.3
"""From this chance on a comment that is let through should be asked about again."""

RECHECK_AFTER_S = 3_600
"""seconds; by then an editor may have reported its like"""

_NO_KEY = "The API key is missing or not known here."
_NOBODY = "anyone"
"""Who asks where there are no keys."""

_MONTH = re.compile(r"\d{4}-\d{2}")
_MOST_SITES = 500

Today = Callable[[], date]


def register_akismet(
    app: Flask, ready: Callable[[], PageCleaner], settings: Settings, today: Today = lambda: datetime.now(UTC).date()
) -> None:
    """Add the routes to the application. Raises sqlite3.Error where the corrections file cannot be written."""
    api = _Api(ready, settings, today)
    routes: tuple[tuple[str, Callable[[], Response], list[str]], ...] = (
        ("/1.1/verify-key", api.verify_key, ["POST"]),
        ("/1.1/comment-check", api.comment_check, ["POST"]),
        ("/1.1/submit-spam", api.submit_spam, ["POST"]),
        ("/1.1/submit-ham", api.submit_ham, ["POST"]),
        ("/1.2/key-sites", api.key_sites, ["GET", "POST"]),
        ("/1.2/usage-limit", api.usage_limit, ["GET", "POST"]),
    )
    for path, view, methods in routes:
        app.add_url_rule(path, AKISMET_PREFIX + view.__name__, view, methods=methods)


class _Api:
    """The routes, each a method. Holds nothing between requests."""

    def __init__(self, ready: Callable[[], PageCleaner], settings: Settings, today: Today) -> None:
        assert settings.corrections is not None, "Settings sees to it"
        self._ready, self._today, self._timeout_s = ready, today, settings.timeout_s
        self._store = FeedbackStore(settings.corrections)
        self._needs_key = settings.keys_file is not None
        self._is_shadow = settings.akismet == "shadow"

    def verify_key(self) -> Response:
        """Whether the key is one of ours."""
        site = self._site("blog")
        return site if isinstance(site, Response) else _text("valid")

    def comment_check(self) -> Response:
        """Whether a comment is spam."""
        site = self._site("blog", "user_ip")
        if isinstance(site, Response):
            return site
        guid = uuid.uuid4().hex
        with page_clock(self._timeout_s):
            verdict = _verdict(self._ready(), request)
        if not _is_test(request):
            self._count("spam" if verdict.is_spam else "ham", site)
            if self._is_shadow:
                self._store.shadow(verdict, guid=guid, site=site, day=self._today().isoformat())
        return _check_answer(verdict, guid, is_shadow=self._is_shadow and not _is_always_spam(request))

    def submit_spam(self) -> Response:
        """A person calls it spam."""
        return self._submit(is_spam=True)

    def submit_ham(self) -> Response:
        """A person calls it honest."""
        return self._submit(is_spam=False)

    def key_sites(self) -> Response:
        """The caller's sites and what they asked for in a month."""
        month = request.values.get("month") or self._month()
        if not self._has_key():
            return _invalid(_NO_KEY)
        if not _MONTH.fullmatch(month):
            return _invalid('"month" must be YYYY-MM.')
        return _sites_answer(month, self._store.sites(caller=_caller(), month=month))

    def usage_limit(self) -> Response:
        """How many checks the caller asked for this month."""
        if not self._has_key():
            return _invalid(_NO_KEY)
        sites = self._store.sites(caller=_caller(), month=self._month())
        return jsonify(limit="none", usage=sum(s["spam"] + s["ham"] for s in sites), percentage="0", throttled=False)

    def _submit(self, *, is_spam: bool) -> Response:
        site = self._site("blog", "user_ip")
        if isinstance(site, Response):
            return site
        if not _is_test(request):
            self._store.report(_comment(request), is_spam=is_spam, site=site, day=self._today().isoformat())
            self._count("missed_spam" if is_spam else "false_positives", site)
        return _text(THANKS)

    def _site(self, *required: str) -> str | Response:
        """The host of the site that asks; or the answer to a request that is not valid."""
        if not self._has_key():
            return _invalid(_NO_KEY)
        for name in required:
            if not request.form.get(name, "").strip():
                return _invalid(f'Empty "{name}" value.')
        return _host(request.form["blog"]) or _invalid('"blog" is not a full address such as https://example.org/.')

    def _has_key(self) -> bool:
        """The guard has looked the key up already, and named its holder if there is one."""
        return "caller" in g if self._needs_key else bool(sent_key(request))

    def _count(self, column: str, site: str) -> None:
        self._store.count(column, caller=_caller(), site=site, month=self._month())

    def _month(self) -> str:
        return f"{self._today():%Y-%m}"


def sent_key(request: Request) -> str:
    """The key of an Akismet request: from its form or query, or else the first label of the host name."""
    given = request.values.get("api_key") or request.values.get("key")
    if given:
        return given.strip()
    label, dot, rest = request.headers.get("Host", "").partition(".")
    return label if dot and not rest.split(":")[0].replace(".", "").isdigit() else ""


def _caller() -> str:
    caller: str = g.get("caller", _NOBODY)
    return caller


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip() if "//" in url else f"//{url.strip()}").hostname or "")[:253]
    except ValueError:
        return ""


def _comment(request: Request) -> PostedComment:
    form = request.form
    return PostedComment(
        form.get("comment_content", ""), form.get("comment_author") or None, form.get("comment_author_url") or None
    )


def _verdict(cleaner: PageCleaner, request: Request) -> SpamVerdict:
    if _is_always_spam(request):
        return SpamVerdict(1.0, True, ("the author or e-mail address that always counts as spam",))
    if request.form.get("user_role") == ALWAYS_HAM_ROLE:
        return SpamVerdict(0.0, False, ("an administrator wrote it",))
    (verdict,) = judge(cleaner, [_comment(request)], PageContext(url=request.form.get("permalink") or None))
    return verdict


def _is_always_spam(request: Request) -> bool:
    form = request.form
    return form.get("comment_author") == ALWAYS_SPAM_AUTHOR or form.get("comment_author_email") == ALWAYS_SPAM_EMAIL


def _is_test(request: Request) -> bool:
    return request.form.get("is_test", "").lower() in {"1", "true"}


def _check_answer(verdict: SpamVerdict, guid: str, *, is_shadow: bool) -> Response:
    response = _text("true" if verdict.is_spam and not is_shadow else "false")
    response.headers["X-akismet-guid"] = guid
    if verdict.is_spam and not is_shadow and verdict.probability >= BLATANT:
        response.headers["X-akismet-pro-tip"] = "discard"
    if not verdict.is_spam and verdict.probability >= UNSURE and not is_shadow:
        response.headers["X-akismet-recheck-after"] = str(RECHECK_AFTER_S)
    response.headers["Winnow-Spam-Probability"] = f"{verdict.probability:.4f}"
    response.headers["Winnow-Spam-Verdict"] = "spam" if verdict.is_spam else "ham"
    reasons = "; ".join(verdict.reasons)
    response.headers["Winnow-Spam-Reasons"] = reasons.encode("ascii", "backslashreplace").decode()
    return response


def _sites_answer(month: str, sites: list[dict[str, Any]]) -> Response:
    """As Akismet shows it: counts are strings, sorted by one column, a page of them at a time."""
    wanted = [site for site in sites if request.values.get("filter", "") in site["site"]]
    order = request.values.get("order", "total")
    key: Callable[[dict[str, Any]], int] = (
        (lambda site: int(site[order])) if order in COUNTS else (lambda site: int(site["spam"] + site["ham"]))
    )
    wanted.sort(key=key, reverse=True)
    offset, limit = _number("offset", 0), _number("limit", _MOST_SITES)
    rows = [
        {
            "site": site["site"],
            "api_calls": str(site["spam"] + site["ham"]),
            **{name: str(site[name]) for name in COUNTS},
            "is_revoked": False,
        }
        for site in wanted[offset : offset + limit]
    ]
    if request.values.get("format") == "csv":
        return _csv(month, rows)
    return jsonify({month: rows, "limit": limit, "offset": offset, "total": len(wanted)})


def _csv(month: str, rows: list[dict[str, Any]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([f"Active sites during {month}"])
    writer.writerow(["Site", "Total API Calls", "Spam", "Ham", "Missed Spam", "False Positives", "Is Revoked"])
    writer.writerows(
        [str(value).lower() if isinstance(value, bool) else value for value in row.values()] for row in rows
    )
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8")


def _number(name: str, default: int) -> int:
    value = request.values.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else default


def _invalid(help_: str) -> Response:
    response = _text("invalid")
    response.headers["X-akismet-debug-help"] = help_
    return response


def _text(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")
