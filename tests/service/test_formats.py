"""Links and type are noted for those who want Markdown or HTML, and nobody else pays for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from model.options import for_format
from model.types import Cleaned, Format, Kind, Options
from service import cli
from service.batch.recipe import Recipe, clean_file
from service.files import PageFile
from service.web.answers import FORMATS
from service.web.app import create_app
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

_FORMS = pytest.mark.parametrize(
    ("form", "inline"), [("text", False), ("markdown", True), ("html", True), ("json", False)]
)


class Watched(FakeCleaner):
    """A cleaner that tells with which options it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Options | None] = []

    def clean(
        self, source: bytes | str, *, kind: Kind = "auto", url: str | None = None, options: Options | None = None
    ) -> Cleaned:
        self.asked.append(options)
        return super().clean(source, kind=kind, url=url, options=options)


@_FORMS
def test_the_format_decides(form: Format, inline: bool) -> None:
    for options in (Options(comments="drop"), Options(comments="drop", inline=True)):
        assert for_format(options, form) == Options(comments="drop", inline=inline)


@_FORMS
def test_the_command_asks_for_what_its_format_needs(
    form: Format, inline: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaner = Watched()
    monkeypatch.setattr(cli, "load_cleaner", lambda path=None: cleaner)
    (tmp_path / "page.html").write_text("<p>Body.</p>")
    assert CliRunner().invoke(cli.main, ["clean", str(tmp_path / "page.html"), "--format", form]).exit_code == 0
    assert cleaner.asked == [Options(inline=inline)]


@_FORMS
def test_a_batch_asks_for_what_its_format_needs(form: Format, inline: bool, tmp_path: Path) -> None:
    cleaner = Watched()
    path = tmp_path / "page.html"
    path.write_text("<p>Body.</p>")
    answer = clean_file(PageFile(path.name, str(path), "html", 0, 0), Recipe("fake-1", format=form), cleaner)
    assert (answer.status, cleaner.asked) == ("ok", [Options(inline=inline)])


@_FORMS
def test_the_service_asks_for_what_the_answer_needs(form: Format, inline: bool) -> None:
    cleaner = Watched()
    accepted = next(media_type for media_type, known in FORMATS.items() if known == form)
    client = create_app(cleaner, Settings()).test_client()
    response = client.post("/v1/clean", data=b"<p>Body.</p>", headers={"Accept": accepted}, content_type="text/html")
    assert (response.status_code, cleaner.asked) == (200, [Options(inline=inline)])
