"""CleanEval 2007 (798 pages, 738 with gold) and CleanPortalEval 2013 (71 news pages), which share one format.

Sources: CleanEval (ACL SIGWAC; Baroni et al. 2008) as `cleaneval-dev` and `cleaneval-final` of
github.com/j-szulc/html-cleaning-dataset-merged @ 46e01a0; github.com/ppke-nlpg/CleanPortalEval @ 517726d
(Endrédy, Novák 2013). Neither states a licence. Pages stand in a `<text id="URL" … encoding="…">` wrapper
that no tool would meet on the web, so it is taken off. The gold marks lines with `<p>`, `<h>`, `<l>`.
"""

from __future__ import annotations

import codecs
import html as entities
import re
from pathlib import Path

from training.corpora.page import Corpus, LabelledPage, read_text, site_for, utf8_or

_WRAPPER_START = re.compile(rb"\A\s*<text\b([^>]*)>", re.IGNORECASE)
_WRAPPER_END = re.compile(rb"</text>\s*\Z", re.IGNORECASE)
_WRAPPER_URL = re.compile(rb"\bid=\"([^\"]*)\"", re.IGNORECASE)
_WRAPPER_ENCODING = re.compile(rb"\bencoding=\"([^\"]*)\"", re.IGNORECASE)
_GOLD_URL = re.compile(r"\A\s*URL:[^\n]*\n?")
_GOLD_TAG = re.compile(r"</?(?:p|h|l|br|cr)>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def open_cleaneval(folder: Path) -> Corpus:
    """Both parts, pages named "dev/1", "final/300". Page 60 is in both; that of the final part stays."""
    ids = [f"dev/{number}" for number in _numbers(folder / "cleaneval-dev") if number != "60"]
    ids += [f"final/{number}" for number in _numbers(folder / "cleaneval-final")]

    def load(page_id: str) -> LabelledPage | None:
        return _load("cleaneval", folder / f"cleaneval-{Path(page_id).parent}", page_id)

    return Corpus(ids, load)


def open_cleanportaleval(folder: Path) -> Corpus:
    """All pages, named by their file."""
    return Corpus(_numbers(folder), lambda page_id: _load("cleanportaleval", folder, page_id))


def _numbers(part: Path) -> list[str]:
    return sorted((path.stem for path in (part / "input").glob("*.html")), key=lambda stem: (len(stem), stem))


def _load(corpus: str, part: Path, page_id: str) -> LabelledPage | None:
    name = Path(page_id).name
    gold_path = part / "GoldStandard" / f"{name}.txt"
    if not gold_path.exists():
        return None
    raw = (part / "input" / f"{name}.html").read_bytes()
    start = _WRAPPER_START.match(raw)
    wrapper = start[1] if start else b""
    html = _WRAPPER_END.sub(b"", raw[start.end() :] if start else raw)
    url = _attribute(_WRAPPER_URL, wrapper)
    return LabelledPage(
        corpus=corpus,
        page_id=page_id,
        html=html,
        gold=_gold(read_text(gold_path.read_bytes())),
        site=site_for(url, html, page_id),
        url=url,
        encoding=utf8_or(html, _codec(_attribute(_WRAPPER_ENCODING, wrapper))),
    )


def _gold(marked: str) -> str:
    """Tags part blocks; CleanPortalEval's gold has entities, as copied from the page's source."""
    text = entities.unescape(_GOLD_TAG.sub("\n\n", _GOLD_URL.sub("", marked)))
    return re.sub(r"\n\s*\n", "\n\n", text).strip()


def _codec(declared: str | None) -> str:
    """The codec of a page that is not UTF-8; "unset" and ISO 8859-1 mean Windows-1252, as in browsers."""
    try:
        name = codecs.lookup(declared or "unset").name
    except LookupError:
        return "cp1252"
    return "cp1252" if name in {"iso8859-1", "utf-8", "ascii"} else name


def _attribute(pattern: re.Pattern[bytes], wrapper: bytes) -> str | None:
    match = pattern.search(wrapper)
    return match[1].decode("utf-8", "replace").strip() or None if match else None
