"""POST /v1/comments/check: verdicts in order, with reasons; what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from model import Cleaner
from service.web.app import create_app
from service.web.comments import MAX_COMMENTS
from service.web.settings import Settings


def test_every_comment_gets_its_verdict_in_order(client: FlaskClient) -> None:
    answer = client.post("/v1/comments/check", json={"comments": ["hello", {"text": "buy", "author": "x"}, "maybe"]})
    assert answer.status_code == 200
    assert answer.get_json() == {
        "comments": [
            {"spam_probability": 0.1, "is_spam": False, "reasons": ["ordinary"]},
            {"spam_probability": 0.9, "is_spam": True, "reasons": ["it sells"]},
            {"spam_probability": 0.5, "is_spam": False, "reasons": ["ordinary"]},
        ],
        "model_version": "fake-1",
    }


def test_a_threshold_of_the_callers_own_decides(client: FlaskClient) -> None:
    answer = client.post("/v1/comments/check", json={"comments": ["buy", "maybe"], "threshold": 0.95})
    assert [comment["is_spam"] for comment in answer.get_json()["comments"]] == [False, False]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "comments"),
        ({"comments": []}, "comments"),
        ({"comments": "one"}, "comments"),
        ({"comments": [7]}, "comments"),
        ({"comments": [{"author": "x"}]}, "comments"),
        ({"comments": ["x"] * (MAX_COMMENTS + 1)}, "comments"),
        ({"comments": [{"text": 1}]}, "text"),
        ({"comments": [{"text": "x", "ip": "192.0.2.1"}]}, "ip"),
        ({"comments": ["x"], "article": "title"}, "article"),
        ({"comments": ["x"], "article": {"titel": "x"}}, "titel"),
        ({"comments": ["x"], "threshold": 2}, "threshold"),
        ({"comments": ["x"], "threshold": True}, "threshold"),
        ({"comments": ["x"], "coments": []}, "coments"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    problem = client.post("/v1/comments/check", json=body)
    assert (problem.status_code, problem.get_json()["code"]) == (400, "bad-field")
    assert problem.get_json()["field"] == field


def test_far_too_many_comments_are_told_how_many_may_be_sent(tiny_cleaner: Cleaner) -> None:
    client = create_app(tiny_cleaner, Settings()).test_client()
    problem = client.post("/v1/comments/check", json={"comments": ["x"] * 20_000})
    assert (problem.status_code, problem.get_json()["code"]) == (400, "bad-json")
    assert problem.get_json()["detail"].endswith(f"Send at most {MAX_COMMENTS} comments at a time.")


def test_other_media_types_are_refused(client: FlaskClient) -> None:
    problem = client.post("/v1/comments/check", data="hello", content_type="text/plain")
    assert (problem.status_code, problem.get_json()["code"]) == (415, "unsupported-media-type")


def test_a_model_without_a_spam_part_says_what_to_do(tiny_cleaner: Cleaner) -> None:
    client = create_app(tiny_cleaner, Settings()).test_client()
    problem = client.post("/v1/comments/check", json={"comments": ["x"]})
    assert (problem.status_code, problem.get_json()["code"]) == (503, "model-not-ready")
    assert "make train" in problem.get_json()["detail"]


def test_the_shipped_model_tells_spam_under_its_article(shipped_cleaner: Cleaner) -> None:
    client = create_app(shipped_cleaner, Settings()).test_client()
    body = {
        "comments": ["The swifts nest under our roof too.", "Cheap viagra here http://pills.example"],
        "article": {"title": "Swifts return to the mill"},
    }
    honest, spam = client.post("/v1/comments/check", json=body).get_json()["comments"]
    assert not honest["is_spam"]
    assert spam["is_spam"]
    assert spam["reasons"]
