"""What tests of the model and of training share: invented pages, and a tiny model fitted on them in a few seconds."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before scikit-learn starts its threads: small fits are faster with one

import json
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from model import Cleaner
from training import own_lines, own_texts
from training.corpora import LabelledPage
from training.examples import Example, example_from_gold
from training.fitting import Fitted, fit
from training.linear import Settings

MakePage = Callable[[int], LabelledPage]
HoldFloor = Callable[[Path, str, float, str], None]

settings.register_profile("winnow", deadline=None)  # the first page takes longer; times are measured elsewhere
settings.load_profile("winnow")

FLOOR_MARGIN = 0.02
"""How far below what was measured a floor is set: two models of one recipe differ by about half of that."""

_SUBJECTS = ("the harbour", "a young baker", "the council", "our neighbour", "the orchestra", "a rescue team")
_VERBS = ("repaired", "described", "visited", "painted", "measured", "forgot", "praised")
_OBJECTS = ("the stone bridge", "seven wooden boats", "a long report", "the winter garden", "its own roof")
_ENDINGS = ("before the rain came", "for the third time", "without asking anybody", "as everybody had hoped")
_MENU = "Home News Sport Weather Culture Travel Shop Contact".split()
_NOISE_LINES = """
share = ["Share this page", "Share on {site}", "Tweet this", "Send to a friend", "Copy the link"]
related = ["Read more: {title}", "See also: {title}", "More on this: {title}", "Related: {title}", "Up next: {title}"]
promo = ["Subscribe to our newsletter", "Sign up for more", "Become a member", "Support us today", "Get the app"]
comment_form = ["Leave a Reply", "Post a comment", "Your email address will not be published.", "Cancel reply"]
byline = ["By {name}", "By {name}, {date}", "{date}", "Written by {name}"]
"""
_BODY_LINES = """
en = ["The ferry left at nine.", "Nobody saw the fox come back.", "She counted the chairs twice.",
      "We ate bread and cold soup in the kitchen.", "The bell had not rung since the flood.",
      "Two of the letters were never opened.", "He drew the map from memory.", "It rained until the evening."]
"""
_MARKED = """
navigation\tHome News Sport Weather
title\t{title}
byline\tBy Ada Reed, March 3, 2024
share\tShare on Facebook

body\t{one}

related\tRead more: {more}

body\t{two}

promo\tSubscribe to our newsletter

body\t{three}

comment_form\tLeave a Reply
comment_form\tYour email address will not be published.
other\tCopyright 2024. All rights reserved.
"""
_MARKED_TEXTS = 20
"""So many that every fold has some: a text's name says in which it is."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--raise-floors", action="store_true", help="move pinned floors up to what is measured now")


@pytest.fixture(scope="session")
def hold_floor(request: pytest.FixtureRequest) -> HoldFloor:
    """A function that fails when a score is below its floor in a JSON file, and says why.

    Floors only rise: `pytest --raise-floors` writes those that can, lowering one takes an editor and a reason.
    """
    raising = bool(request.config.getoption("--raise-floors"))

    def hold(file: Path, name: str, measured: float, explanation: str) -> None:
        floors = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        possible = math.floor(round((measured - FLOOR_MARGIN) * 100, 6)) / 100
        if raising and possible > floors.get(name, 0.0):
            floors[name] = possible
            file.write_text(json.dumps(floors, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        assert name in floors, f"{name} has no floor in {file.name}: run pytest --raise-floors"
        assert measured >= floors[name], f"{name}: {measured:.3f} is below its floor of {floors[name]}\n{explanation}"

    return hold


@pytest.fixture(scope="session")
def make_page() -> MakePage:
    """A function that invents a labelled page: the same number gives the same page, every third one a new site."""
    return _page


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    """Thirty labelled pages of ten sites."""
    return [example_from_gold(_page(number)) for number in range(30)]


@pytest.fixture(scope="session")
def tiny_settings() -> Settings:
    """Settings under which a fit on thirty pages takes a few seconds."""
    return Settings(
        trees=8,
        leaves=7,
        learning_rate=0.1,
        text_trees=8,
        text_leaves=7,
        min_leaf_blocks=5,
        bins=32,
        net_hidden=(16,),
        net_penalty=0.1,
        net_rounds=40,
        text_net_hidden=(16,),
        linear_steps=15,
        text_min_sites=3,
        path_min_sites=2,
    )


@pytest.fixture
def few_lines(tmp_path: Path) -> Iterator[None]:
    """A few own lines and texts in place of thousands: what those are good for is measured, not tested."""
    with _few_lines(tmp_path):
        yield


@pytest.fixture(scope="session")
def tiny(examples: list[Example], tiny_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """A classifier that knows the invented pages and nothing else."""
    with _few_lines(tmp_path_factory.mktemp("own-lines")):
        return fit(examples, tiny_settings)


@pytest.fixture(scope="session")
def tiny_cleaner(tiny: Fitted) -> Cleaner:
    """A cleaner around the tiny classifier."""
    return Cleaner(tiny.classifier, "tiny", {})


@pytest.fixture(scope="session")
def shipped_cleaner() -> Cleaner:
    """The cleaner that users get."""
    return Cleaner.load()


@contextmanager
def _few_lines(folder: Path) -> Iterator[None]:
    (folder / "noise_lines").mkdir()
    (folder / "noise_lines" / "en.toml").write_text(_NOISE_LINES, encoding="utf-8")
    (folder / "body_lines.toml").write_text(_BODY_LINES, encoding="utf-8")
    (folder / "own_texts").mkdir()
    for number in range(_MARKED_TEXTS):
        (folder / "own_texts" / f"en-{number}.marked.txt").write_text(_marked_text(number), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_lines, "_FOLDER", folder)
        patch.setattr(own_texts, "FOLDER", folder / "own_texts")
        _read_anew()
        yield
    _read_anew()


def _read_anew() -> None:
    for read in (own_lines.noise_lines, own_lines.body_lines, own_texts.own_texts):
        read.cache_clear()


def _marked_text(number: int) -> str:
    rng = random.Random(f"text {number}")
    one, two, three = (" ".join(_sentence(rng) for _ in range(rng.randint(2, 5))) for _ in range(3))
    title, more = (_sentence(rng).rstrip(".") for _ in range(2))
    return _MARKED.strip().format(title=title, one=one, two=two, three=three, more=more) + "\n"


def _page(number: int) -> LabelledPage:
    site = number // 3
    rng = random.Random(number)
    headline = f"{rng.choice(_SUBJECTS).capitalize()} {rng.choice(_VERBS)} {rng.choice(_OBJECTS)}"
    paragraphs = [" ".join(_sentence(rng) for _ in range(rng.randint(2, 5))) for _ in range(rng.randint(4, 8))]
    menu = "".join(f'<li class="menu-item"><a href="/{word}">{word}</a></li>' for word in _MENU)
    more = "".join(f'<li><a href="/{n}">{_sentence(rng).rstrip(".")}</a></li>' for n in range(rng.randint(3, 6)))
    comments = "".join(
        f'<li class="comment" id="comment-{n}"><b class="comment-author">Reader {n}</b><p>I liked it, thanks!</p></li>'
        for n in range(rng.randint(0, 3))
    )
    first, rest = "</p><p>".join(paragraphs[:2]), "</p><p>".join(paragraphs[2:])
    html = f"""<!doctype html><html lang="en"><head><title>{headline} | Site {site}</title></head><body>
<nav class="main-menu"><ul>{menu}</ul></nav>
<div class="content s{site % 4}"><h1>{headline}</h1><p class="byline">By Ada Reed, March {number % 28 + 1}, 2024</p>
<article class="story"><p>{first}</p>
<p class="related-inline"><a href="/x">Read more: {_sentence(rng)}</a></p><p>{rest}</p></article>
<div class="share-bar"><a href="#">Share on Facebook</a> <a href="#">Tweet</a></div>
<div class="related-posts"><h3>You may also like</h3><ul>{more}</ul></div>
<div class="comments-area"><ol class="comment-list">{comments}</ol></div>
<div id="respond"><h3 id="reply-title">Leave a Reply</h3><p>Your email address will not be published.</p></div></div>
<footer class="site-footer"><p>Copyright 2024 Site {site}. All rights reserved.</p></footer></body></html>"""
    return LabelledPage("invented", f"{number:03}", html.encode(), "\n".join(paragraphs), f"site{site}.example")


def _sentence(rng: random.Random) -> str:
    words = (rng.choice(_SUBJECTS), rng.choice(_VERBS), rng.choice(_OBJECTS), rng.choice(_ENDINGS))
    return " ".join(words).capitalize() + "."
