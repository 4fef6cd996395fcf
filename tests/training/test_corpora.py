"""Each reader copes with its corpus's layout and quirks, on tiny pages made up here."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from model.errors import OptionError
from training.corpora import CORPORA, LabelledPage, available, open_corpus, read, site_of, spaced
from training.corpora.markup import labelled_blocks, text_of
from training.corpora.page import read_text, site_for
from training.line_corpora import LINE_CORPORA, read_lines
from training.spam_corpora import SPAM_CORPORA, read_comments

REAL = Path(__file__).parents[2] / "data" / "corpora"
PAGES_WITH_GOLD = {
    "wcxb": 1356,
    "trafilatura-eval": 990,
    "readability": 130,
    "l3s-gn1": 620,
    "dragnet": 1379,
    "cleaneval": 738,
    "cleanportaleval": 71,
}


def write(path: Path, content: str | bytes | object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def pages(corpus: str, root: Path) -> dict[str, LabelledPage]:
    return {page.page_id: page for page in read(corpus, root)}


def wcxb_page(root: Path, page_id: str, html: bytes, **truth: object) -> None:
    blank: dict[str, object] = {"title": None, "author": None, "publish_date": None}
    record = {
        "url": f"https://www.news.example.co.uk/{page_id}",
        "_internal": {"page_type": {"primary": "article"}},
        "ground_truth": {**blank, "with": [], "without": [], **truth},
    }
    write(root / f"wcxb/dev/ground-truth/{page_id}.json", record)
    write(root / f"wcxb/dev/html/{page_id}.html.gz", gzip.compress(html))


def test_wcxb_is_utf8_whatever_its_meta_tag_says(tmp_path: Path) -> None:
    wcxb_page(
        tmp_path, "0001", '<meta charset="latin-1"><p>Müller'.encode(),
        main_content="Müller", title="T", author="A", publish_date="2020-01-02",
        **{"with": ["w"], "without": ["x", "y"]},
    )  # fmt: skip
    page = pages("wcxb", tmp_path)["0001"]
    assert isinstance(page.source, str)
    assert page.source.endswith("Müller")
    assert (page.gold, page.page_type, page.key) == ("Müller", "article", "wcxb/0001")
    assert (page.title, page.author, page.date) == ("T", "A", "2020-01-02")
    assert (page.with_snippets, page.without_snippets) == (("w",), ("x", "y"))
    assert page.site == "example.co.uk"


def test_wcxb_keeps_an_empty_gold_and_skips_a_missing_one(tmp_path: Path) -> None:
    wcxb_page(tmp_path, "0001", b"<script>", main_content="")
    wcxb_page(tmp_path, "0002", b"<p>text")
    assert {page_id: page.gold for page_id, page in pages("wcxb", tmp_path).items()} == {"0001": ""}


def test_trafilatura_eval_finds_both_folders_and_gives_bytes_of_unknown_encoding(tmp_path: Path) -> None:
    tests = tmp_path / "trafilatura-eval" / "tests"
    snippets = {"with": ["a"], "without": ["b"]}
    records = {
        "https://blog.example.org/x": {
            "file": "x.html",
            **snippets,
            "comments": ["Sehr cool!"],
            "author": "A",
        },
        "hard::y": {"file": "y", **snippets, "comments": None},
    }
    write(tests / "evaldata.json", records)
    write(tests / "eval" / "x.html", "<p>Größe")
    write(tests / "cache" / "y", "<p>Größe".encode("cp1252"))
    found = pages("trafilatura-eval", tmp_path)
    assert (found["x.html"].source, found["x.html"].site) == ("<p>Größe", "example.org")
    assert (found["x.html"].comments, found["x.html"].author) == (("Sehr cool!",), "A")
    assert found["y"].source == "<p>Größe".encode("cp1252")
    assert (found["y"].url, found["y"].site, found["y"].gold) == (None, "y", None)


def test_readability_gold_is_the_expected_text_with_its_blocks_parted(tmp_path: Path) -> None:
    folder = tmp_path / "readability" / "test" / "test-pages"
    for name, head in (("nytimes-2", ""), ("wired", '<link rel="canonical" href="https://www.wired.com/a">')):
        write(folder / name / "source.html", f"{head}<p>One</p><p>Two")
        write(folder / name / "expected.html", "<div><p>O<b>n</b>e</p><p>Two<br>lines &amp; more</p></div>")
        write(folder / name / "expected-metadata.json", {"title": "T", "byline": "B", "publishedTime": None})
    found = pages("readability", tmp_path)
    assert found["wired"].gold == "One\n\nTwo\n\nlines & more"
    assert (found["nytimes-2"].site, found["wired"].site) == ("nytimes", "wired.com")


def test_l3s_gold_is_classes_1_to_3_in_order_and_comments_class_5(tmp_path: Path) -> None:
    top = tmp_path / "l3s-gn1" / "L3S-GN1-20100130203947-00001"
    page_id = "907e52d9-4df4-46d0-86ff-911dacc1e94b"
    write(top / "url-mapping.txt", f"<urn:uuid:{page_id}>\thttp://www.news.example.com/a?b\n")
    write(top / "original" / f"{page_id}.html", '<meta charset="gb2312"><p>Café')
    write(
        top / "annotated" / f"{page_id}.html",
        """<body><a>Menu</a><h1><span class="x-nc-sel1">Head</span></h1>
        <span class="x-nc-sel2"><p><span class="x-nc-sel2">Caf</span>
        <a><span class="x-nc-sel2">e</span></a></p>
        <p><span class="x-nc-sel0">Advert</span><span class="x-nc-sel3">Caption</span></p></span>
        <span class="x-nc-sel4">Related</span>
        <div class="big x-nc-sel5">Nice<script>no</script></div></body>""",
    )
    page = pages("l3s-gn1", tmp_path)[page_id]
    assert page.gold == "Head\n\nCaf e\n\nCaption"
    assert (page.comments, page.site) == (("Nice",), "example.com")
    assert isinstance(page.source, str)
    assert page.source.endswith("Café")


def test_dragnet_splits_comments_off_at_a_mistyped_separator(tmp_path: Path) -> None:
    folder = tmp_path / "dragnet"
    golds = {
        "R1": b"Body 100 COMMENTS\r\n!@ $%^&*()  COMMENTS\t\r\nAnn said\r\n",
        "R2": "\r\nBjörn".encode("utf-16"),
        "R3": "Größe".encode("cp1252"),
        "R4": "\ufeffMark\n#$%^&*()  COMMENTS\n\n".encode(),
        "R237": b"not on this page",
    }
    for page_id, gold in golds.items():
        write(folder / "HTML" / f"{page_id}.html", "<p>x")
        write(folder / "Corrected" / f"{page_id}.html.corrected.txt", gold)
    write(folder / "HTML" / "R9.html", "<p>no gold")
    found = pages("dragnet", tmp_path)
    assert {page_id: page.gold for page_id, page in found.items()} == {
        "R1": "Body 100 COMMENTS", "R2": "Björn", "R3": "Größe", "R4": "Mark",
    }  # fmt: skip
    assert [found[page_id].comments for page_id in ("R1", "R4")] == [("Ann said",), ()]


def test_cleaneval_takes_off_the_wrapper_and_the_gold_tags(tmp_path: Path) -> None:
    part = tmp_path / "cleaneval" / "cleaneval-final"
    body = "<html><p>Größe</html>\n"
    wrapper = '<text id="http://www.example.com/a" title="T" encoding="unset">\n'
    write(part / "input" / "1.html", f"{wrapper}{body}</text>\n".encode("cp1252"))
    write(part / "GoldStandard" / "1.txt", "URL: http://www.example.com/a\r\n\r\n<h>Head\r\n<p>One <l>two\r\n")
    write(part / "input" / "2.html", "<p>no gold")
    write(part / "input" / "60.html", "<p>final")
    write(part / "GoldStandard" / "60.txt", "<p>final")
    write(part.with_name("cleaneval-dev") / "input" / "60.html", "<p>dev")
    write(part.with_name("cleaneval-dev") / "GoldStandard" / "60.txt", "<p>dev")
    found = pages("cleaneval", tmp_path)
    assert list(found) == ["final/1", "final/60"]
    page = found["final/1"]
    assert isinstance(page.source, str)
    assert page.source.strip() == body.strip()
    assert page.gold == "Head\n\nOne \n\ntwo"
    assert (page.url, page.site) == ("http://www.example.com/a", "example.com")


def test_cleanportaleval_gold_has_entities_and_may_be_empty(tmp_path: Path) -> None:
    folder = tmp_path / "cleanportaleval"
    for name, gold in (("bbc_01", "<p>It&#039;s"), ("bbc_02", "URL: x\n<!-- no article -->")):
        write(folder / "input" / f"{name}.html", '<text id="http://bbc.co.uk/1">\n<p>page\n</text>')
        write(folder / "GoldStandard" / f"{name}.txt", gold)
    found = pages("cleanportaleval", tmp_path)
    assert [page.gold for page in found.values()] == ["It's", ""]
    assert found["bbc_01"].site == "bbc.co.uk"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.com/a", "example.com"),
        ("http://blog.example.co.uk:8080/", "example.co.uk"),
        ("http://co.uk/", "co.uk"),
        ("https://Forums.Example.ORG", "example.org"),
        ("http://127.0.0.1/x", "127.0.0.1"),
        ("not an address", ""),
    ],
)
def test_site_is_the_domain_somebody_owns(url: str, site: str) -> None:
    assert site_of(url) == site


def test_a_page_without_address_is_grouped_by_the_one_it_gives_itself() -> None:
    assert site_for(None, b"<meta property='og:url' content='http://a.example.net/x'>", "id") == "example.net"
    assert site_for(None, b"<link rel=canonical href=/relative>", "id") == "id"


def test_gold_text_is_decoded_by_its_bytes_and_has_unix_newlines() -> None:
    assert read_text("\ufeffa\r\nb\rc".encode()) == "a\nb\nc"


def test_labelled_blocks_end_where_the_label_changes_but_not_at_inline_tags() -> None:
    html = "<p class=1>one <b>word</b><i class=2>two</i> <i class=2>more</i> tail</p>"
    blocks = labelled_blocks(html, lambda attributes: int(dict(attributes).get("class") or 0) or None)
    assert list(blocks) == [(1, "one word"), (2, "two more"), (1, "tail")]
    assert text_of("<title>T</title>a<style>x</style>b<!-- no -->") == "T\n\nab"


def test_only_a_known_and_unpacked_corpus_opens(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="wcxb"):
        open_corpus("no-such", tmp_path)
    with pytest.raises(FileNotFoundError, match="unpack"):
        list(read("wcxb", tmp_path))
    (tmp_path / "dragnet").mkdir()
    assert available(tmp_path) == ["dragnet"]


def test_a_limit_takes_evenly_spaced_pages() -> None:
    assert spaced(list("abcdef"), 3) == ["a", "c", "e"]
    assert spaced(list("ab"), 3) == spaced(list("ab"), None) == ["a", "b"]


def test_what_has_no_free_licence_only_evaluates() -> None:
    assert {name for name, info in CORPORA.items() if info.use == "train"} == {
        "wcxb", "trafilatura-eval", "readability",
    }  # fmt: skip
    assert [name for name, info in SPAM_CORPORA.items() if info.use == "evaluate"] == ["vispamreviews"]


def test_youtube_spam_gives_nothing_away(tmp_path: Path) -> None:
    header = "COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS\n"
    rows = "a,Ann,2015-05-28,Nice &amp; <b>loud</b><br />song\ufeff,0\n"
    rows += 'b,Bob,,"<a href=""x"">2:19</a>  buy <3",1\n'
    write(tmp_path / "youtube-spam" / "Youtube04-Eminem.csv", header + rows)
    ham, spam = read_comments("youtube-spam", tmp_path)
    assert (ham.text, ham.is_spam, ham.group) == ("Nice & loud\nsong", False, "Youtube04-Eminem")
    assert (spam.text, spam.is_spam) == ("2:19 buy <3", True)


def test_tg_spam_groups_near_repeats_and_skips_blank_lines(tmp_path: Path) -> None:
    write(tmp_path / "tg-spam" / "data" / "ham-samples.txt", "hello\n\n")
    write(tmp_path / "tg-spam" / "data" / "spam-samples.txt", "Earn 1 of 5 here now\nearn 1 of 5 here later\n")
    comments = list(read_comments("tg-spam", tmp_path))
    assert [comment.is_spam for comment in comments] == [False, True, True]
    assert comments[1].group == comments[2].group != comments[0].group


def test_vispamreviews_reads_every_split_of_the_archive(tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["Rating", "Comment", "Label", "SpamLabel"], ["5", "đẹp\nlắm", "1", "3"]])
    path = tmp_path / "vispamreviews" / "dataset" / "vispamdetection_dataset.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dataset/dev.csv", table.getvalue())
    (comment,) = read_comments("vispamreviews", tmp_path)
    assert (comment.text, comment.is_spam, comment.group) == ("đẹp\nlắm", True, "dev")


def test_turku_documents_that_recur_are_read_once(tmp_path: Path) -> None:
    document = {"text": ["Text.", "Menu"], "labels": ["1", "0"]}
    for split in ("dev", "train"):
        write(tmp_path / "turku-text-quality" / "text-quality-annotations" / "fi" / f"{split}.json", [document])
    (read_once,) = read_lines("turku-text-quality", tmp_path)
    assert (read_once.language, read_once.doc_id) == ("fi", "fi/dev/0")
    assert (read_once.lines, read_once.keep) == (("Text.", "Menu"), (True, False))


def test_wac_lines_without_a_label_are_left_out(tmp_path: Path) -> None:
    text = (
        "##ID aaaa-1\n## http://x\n\n#0#Menu\n\ufeff\n\ufeff#1#Text\nunlabelled\n#03Typo\n#1#\n"
        "##END OF TEXT \n"
        "##ID bbbb-2\n## http://y\nall unlabelled\n##END OF TEXT \n"
    )
    write(tmp_path / "wac-xii" / "sv_html_annotated.txt", text)
    (document,) = read_lines("wac-xii", tmp_path)
    assert (document.doc_id, document.language) == ("sv/html/aaaa-1", "sv")
    assert (document.lines, document.keep) == (("Menu", "Text", "Typo"), (False, True, False))


def test_other_readers_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        read_comments("no-such", tmp_path)
    with pytest.raises(OptionError):
        read_lines("no-such", tmp_path)
    with pytest.raises(FileNotFoundError):
        read_comments(next(iter(SPAM_CORPORA)), tmp_path)
    with pytest.raises(FileNotFoundError):
        read_lines(next(iter(LINE_CORPORA)), tmp_path)


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_real_corpus_reads_in_full(corpus: str) -> None:
    if corpus not in available(REAL):
        pytest.skip(f"{corpus} is not unpacked at {REAL}")
    keys = [page.key for page in read(corpus, REAL)]
    assert len(keys) == len(set(keys)) == PAGES_WITH_GOLD[corpus]


@pytest.mark.parametrize(("corpus", "comments", "spam"), [("youtube-spam", 1956, 1005), ("tg-spam", 620, 182)])
def test_the_real_spam_corpus_reads_in_full(corpus: str, comments: int, spam: int) -> None:
    if not (REAL / corpus).is_dir():
        pytest.skip(f"{corpus} is not unpacked at {REAL}")
    found = list(read_comments(corpus, REAL))
    assert (len(found), sum(comment.is_spam for comment in found)) == (comments, spam)
    assert not any("\ufeff" in comment.text for comment in found)


@pytest.mark.parametrize(("corpus", "documents"), [("turku-text-quality", 1250), ("wac-xii", 78)])
def test_the_real_line_corpus_reads_in_full(corpus: str, documents: int) -> None:
    if not (REAL / corpus).is_dir():
        pytest.skip(f"{corpus} is not unpacked at {REAL}")
    found = list(read_lines(corpus, REAL))
    assert len(found) == documents
    assert all(len(document.lines) == len(document.keep) > 0 for document in found)
