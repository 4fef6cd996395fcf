"""The deployment files name what exists: settings, files and paths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.web.settings import SETTINGS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "service" / "deploy"
VARIABLES = {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_variable_is_a_setting(file: Path) -> None:
    assert set(re.findall(r"WINNOW_[A-Z_]+", file.read_text())) <= VARIABLES


def test_the_image_is_built_from_files_that_exist_and_are_sent_to_docker() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copies = re.findall(r"^COPY (?!--)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    names = {name for copy in copies for name in copy.split()}
    assert names == sent
    assert not [name for name in names if not (ROOT / name).exists()]


def test_keys_never_get_into_the_image_or_the_repository() -> None:
    for name in (".dockerignore", ".gitignore"):
        assert {"service/deploy/keys", "service/deploy/prometheus-key"} <= set((ROOT / name).read_text().splitlines())
