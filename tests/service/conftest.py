"""A small cleaner with the real one's contract, so that tests of batch and HTTP need no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.errors import InputError
from model.types import (
    Cleaned,
    CleanedBlock,
    Kind,
    Label,
    Options,
    PageContext,
    Position,
    PostedComment,
    SpamVerdict,
)
from service.contract import PageCleaner
from service.web.app import create_app
from service.web.settings import Settings

_NOISE = {"read more": Label.RELATED, "leave a reply": Label.COMMENT_FORM}


class FakeCleaner:
    """Every line is a block; it is noise when it begins with "Read more" or "Leave a Reply".

    A page with NUL bytes is refused, one that says BOOM meets a defect.
    """

    version = "fake-1"
    manifest: Mapping[str, Any] = {"version": "fake-1", "scores": {"word_f1": 0.5}}

    def clean(
        self,
        source: bytes | str,
        *,
        kind: Kind = "auto",
        url: str | None = None,
        options: Options | None = None,
    ) -> Cleaned:
        text = source if isinstance(source, str) else source.decode("utf-8", "replace")
        if "\0" in text:
            raise InputError("The page is binary data, not HTML or text. Extract its text first.")
        if "BOOM" in text:
            raise ValueError("secret words of the page")
        lines = [line.strip() for line in re.sub(r"<[^>]+>", "\n", text).splitlines()]
        blocks = tuple(_block(line, number) for number, line in enumerate(lines, 1) if line)
        kept = [block for block in blocks if block.kept]
        return Cleaned(
            text="\n\n".join(block.text for block in kept),
            title=None,
            byline=None,
            date=None,
            language="en",
            page_type=None,
            confidence=min((block.probability for block in kept), default=0.9),
            blocks=blocks,
            comments=(),
            status="ok" if kept else "empty",
            warnings=(),
            model_version=self.version,
            kind="html" if kind == "html" else "text",
            options=options or Options(),
        )

    def check_comments(
        self, comments: Sequence[PostedComment | str], *, context: PageContext | None = None
    ) -> list[SpamVerdict]:
        """Spam says "buy", blatant spam says it twice; who says "maybe" is in doubt."""
        texts = [comment if isinstance(comment, str) else comment.text for comment in comments]
        chances = [(0.1, 0.9, 0.995)[min(text.count("buy"), 2)] if "maybe" not in text else 0.5 for text in texts]
        return [
            SpamVerdict(chance, chance >= 0.7, ("it sells",) if chance > 0.5 else ("ordinary",)) for chance in chances
        ]


def _block(line: str, number: int) -> CleanedBlock:
    noise = next((label for start, label in _NOISE.items() if line.lower().startswith(start)), None)
    probability = 0.02 if noise else 0.4 if "?" in line else 0.97
    reasons = (f"begins like {noise}",) if noise else ()
    return CleanedBlock(line, noise or Label.BODY, probability, noise is None, reasons, Position(number, 1))


@pytest.fixture
def cleaner() -> PageCleaner:
    return FakeCleaner()


@pytest.fixture
def client(cleaner: PageCleaner) -> FlaskClient:
    return create_app(cleaner, Settings(max_body_bytes=5_000)).test_client()


@pytest.fixture
def page_folder(tmp_path: Path) -> Path:
    """IN with three pages at two depths and a file that is none."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "one.html").write_text("<p>First page.</p><p>Read more: other</p>")
    (folder / "two.txt").write_text("Second page.\n\nLeave a Reply\n")
    (folder / "sub" / "one.html").write_text("<p>Third page?</p>")
    (folder / "notes.pdf").write_text("no page")
    return folder
