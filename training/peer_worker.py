"""A peer in a process and virtual environment of its own, asked page by page through its standard input.

It runs under another Python than Winnow's (rs-trafilatura and magic-html need CPython 3.12), so it imports nothing
of Winnow; the command line names the peer. JSON lines: first it says `{"version": …}` or `{"error": …}`; then each
`{"html": base64, "encoding": str | null, "url": str | null}` is answered by `{"text": …, "seconds": …}` or
`{"error": …, "seconds": …}`, the seconds being its own CPU time without the pipe. It ends with its input.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

NO_ADDRESS = "https://page.invalid/"
"""Given to a peer that insists on an address where the page has none. It is never opened."""

PAGE_SECONDS = 120
"""A page that takes longer ends the process: code in a C or Rust extension cannot be stopped otherwise."""

Extract = Callable[[bytes, "str | None", "str | None"], str]


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the peer prints must not stand between the answers
    try:
        version, extract = _PEERS[sys.argv[1]]()
    except ImportError as error:
        _say(answers, {"error": f"{error}"})
        return
    _say(answers, {"version": version})
    for answer in serve(sys.stdin, extract):
        _say(answers, answer)


def serve(requests: Any, extract: Extract) -> Iterator[dict[str, Any]]:
    """An answer for each line of `requests`. An exception of the peer is an answer, not an end."""
    for line in requests:
        request = json.loads(line)
        html = base64.b64decode(request["html"])
        signal.alarm(PAGE_SECONDS)
        started = time.process_time()
        try:
            answer = {"text": extract(html, request["encoding"], request["url"])}
        except Exception as error:  # noqa: BLE001 - a peer may raise anything; the caller counts it
            answer = {"error": f"{type(error).__name__}: {error}"}
        signal.alarm(0)
        yield {**answer, "seconds": time.process_time() - started}


def _rs_trafilatura() -> tuple[str, Extract]:
    from importlib.metadata import version

    import rs_trafilatura  # type: ignore[import-not-found]  # it is in this worker's environment alone

    def extract(html: bytes, encoding: str | None, url: str | None) -> str:
        if encoding is None:
            return str(rs_trafilatura.extract_bytes(html, url=url).main_content or "")
        return str(rs_trafilatura.extract(html.decode(encoding, "replace"), url=url).main_content or "")

    return version("rs-trafilatura"), extract


def _magic_html() -> tuple[str, Extract]:
    """Its answer is markup; the parent makes text of it as of readability-lxml's."""
    from importlib.metadata import version

    import magic_html  # type: ignore[import-not-found]  # as above

    extractor = magic_html.GeneralExtractor()

    def extract(html: bytes, encoding: str | None, url: str | None) -> str:
        return str(extractor.extract(_decoded(html, encoding), base_url=url or "")["html"] or "")

    return version("magic-html"), extract


def _newspaper4k() -> tuple[str, Extract]:
    from importlib.metadata import version

    import newspaper  # type: ignore[import-not-found]  # as above
    import tldextract.tldextract as suffixes

    # By default it downloads the list of public suffixes when it is first asked; a copy is in the package.
    suffixes.TLD_EXTRACTOR = suffixes.TLDExtract(suffix_list_urls=())

    def extract(html: bytes, encoding: str | None, url: str | None) -> str:
        article = newspaper.Article(url or NO_ADDRESS, fetch_images=False)
        article.download(input_html=_decoded(html, encoding), ignore_read_more=True)
        article.parse()
        return str(article.text)

    return version("newspaper4k"), extract


def _decoded(html: bytes, encoding: str | None) -> str:
    """Both peers take text; they leave the decoding to the caller, in whose environment Beautiful Soup is."""
    if encoding is not None:
        return html.decode(encoding, "replace")
    from bs4.dammit import UnicodeDammit  # type: ignore[import-not-found]  # as above

    return UnicodeDammit(html, is_html=True).unicode_markup or html.decode("utf-8", "replace")


_PEERS: dict[str, Callable[[], tuple[str, Extract]]] = {
    "rs-trafilatura": _rs_trafilatura,
    "magic-html": _magic_html,
    "newspaper4k": _newspaper4k,
}


def _say(answers: Any, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
