"""Every installed peer finds the article; a peer that is missing or dies spoils nothing else."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest

from training.peer_process import PeerError, PeerProcess
from training.peer_worker import serve
from training.peers import DEVELOPED_ON, WORKER_PYTHON, Peer, find_peers

NAMES = [
    "trafilatura", "trafilatura-fast", "trafilatura-precision", "trafilatura-recall",
    "resiliparse", "readability-lxml", "justext", "rs-trafilatura", "magic-html", "newspaper4k",
]  # fmt: skip

PARAGRAPH = (
    "The harbour of the small town was closed for most of the winter, and when the ice went at last the "
    "people who live by the sea were at the quay before it was light, for they had waited for this day "
    "for months. "
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="iso-8859-1"><title>Harbour</title></head><body>
<nav><ul><li><a href="/a">Sports</a></li><li><a href="/b">Weather</a></li></ul></nav>
<article><h1>The harbour opens</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH} Frühling.</p><p>{PARAGRAPH}</p></article>
<footer><a href="/imprint">Imprint</a></footer></body></html>"""


def peer(name: str) -> Peer:
    search = find_peers([name])
    if not search.found:
        pytest.skip(f"{name}: {search.missing[name]}")
    return search.found[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_peer_finds_the_article_and_reads_it_as_the_given_encoding(name: str) -> None:
    tool = peer(name)
    text = tool.extract(PAGE.encode("utf-8"), "utf-8", "https://example.org/a")
    tool.close()
    assert text.count("closed for most of the winter") == 3
    assert "Frühling" in text
    assert "Imprint" not in text
    assert tool.version


@pytest.mark.parametrize("name", NAMES)
def test_a_peer_detects_the_encoding_where_none_is_given(name: str) -> None:
    tool = peer(name)
    text = tool.extract(PAGE.encode("latin-1"), None)
    tool.close()
    assert "Frühling" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_clock_of_a_peer_moves_on(name: str) -> None:
    tool = peer(name)
    started = tool.clock()
    tool.extract(PAGE.encode("utf-8"), "utf-8")
    tool.close()
    assert tool.clock() > started


def test_justext_reads_languages_without_stop_words() -> None:
    sentence = "港口在冬天的大部分时间都关闭了,冰终于融化时人们在天亮之前就来到了码头。" * 8
    page = f'<html lang="zh"><body><p>{sentence}</p></body></html>'
    assert sentence[:20] in peer("justext").extract(page.encode("utf-8"), "utf-8")


def test_an_unknown_peer_is_missing_with_a_reason() -> None:
    search = find_peers(["no-such-tool"])
    assert search.found == ()
    assert "trafilatura" in search.missing["no-such-tool"]


def test_a_peer_that_cannot_be_imported_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "justext", None)
    assert list(find_peers(["justext"]).missing) == ["justext"]


def test_a_missing_environment_leaves_out_only_its_peer(tmp_path: Path) -> None:
    apart = {"rs-trafilatura", "magic-html", "newspaper4k"}
    assert apart.isdisjoint(tool.name for tool in find_peers(worker_python=tmp_path / "python").found)
    missing = find_peers(sorted(apart), tmp_path / "python").missing
    assert all("make bench" in missing[name] for name in apart)


@pytest.mark.parametrize(
    ("name", "module"),
    [("rs-trafilatura", "rs_trafilatura"), ("magic-html", "magic_html"), ("newspaper4k", "newspaper")],
)
def test_an_environment_without_the_peer_says_so(name: str, module: str) -> None:
    with pytest.raises(OSError, match=module):
        PeerProcess(Path(sys.executable), name)


def test_every_note_of_origin_names_a_peer() -> None:
    assert set(DEVELOPED_ON) <= set(NAMES)


def test_a_worker_that_died_is_started_anew(tmp_path: Path) -> None:
    process = PeerProcess(mortal_python(tmp_path), "rs-trafilatura")
    assert process.version == "1"
    assert process.extract(b"ab", None) == "2 bytes"
    with pytest.raises(PeerError, match="died"):
        process.extract(b"die", None)
    assert process.extract(b"abc", "utf-8") == "3 bytes"
    with pytest.raises(PeerError, match="ValueError"):
        process.extract(b"fail", None)
    assert process.cpu_seconds == pytest.approx(0.75)
    process.close()
    process.close()


def mortal_python(folder: Path) -> Path:
    """A stand-in for the other Python: it ignores which worker it is asked to run."""
    worker = folder / "worker.py"
    worker.write_text(
        """import base64, json, sys
print(json.dumps({"version": "1"}), flush=True)
for line in sys.stdin:
    html = base64.b64decode(json.loads(line)["html"])
    if html == b"die":
        sys.exit(7)
    answer = {"error": "ValueError: no"} if html == b"fail" else {"text": f"{len(html)} bytes"}
    print(json.dumps({**answer, "seconds": 0.25}), flush=True)
""",
        "utf-8",
    )
    script = folder / "python"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} {worker}\n", "utf-8")
    script.chmod(0o755)
    return script


def test_the_worker_answers_an_exception_and_goes_on() -> None:
    def extract(html: bytes, encoding: str | None, url: str | None) -> str:
        if html == b"bad":
            raise KeyError("bad page")
        return html.decode(encoding or "ascii") + (url or "")

    requests = [
        json.dumps({"html": base64.b64encode(html).decode(), "encoding": "utf-8", "url": "!"})
        for html in (b"bad", "ü".encode())
    ]
    bad, good = serve(requests, extract)
    assert bad["error"] == "KeyError: 'bad page'"
    assert good["text"] == "ü!"
    assert min(bad["seconds"], good["seconds"]) >= 0


def test_the_worker_environment_stands_in_the_repository() -> None:
    assert WORKER_PYTHON.relative_to(Path(__file__).parents[2]).parts[0] == ".venv-peers312"
