"""The objects of which a page has hundreds are ordinary dataclasses in all but their guard."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from model.types import Block, Element, Position

_MADE_OFTEN = (Position(3, 4), Element(2, "div", (".menu",)), Element(-1, "p"), Block("Home", Position(1, 1), 2, 4))


@pytest.mark.parametrize("made", _MADE_OFTEN, ids=repr)
def test_copies_are_equal_and_hash_alike(made: object) -> None:
    for other in (copy.copy(made), pickle.loads(pickle.dumps(made)), replace(made)):  # type: ignore[type-var]  # all are dataclasses
        assert other == made
        assert hash(other) == hash(made)


def test_fields_without_a_value_have_their_defaults() -> None:
    assert Block("Home", Position(1, 1)) == Block("Home", Position(1, 1), -1, 0, 0, 0)
    assert replace(Block("Home", Position(1, 1)), element=3).element == 3
    with pytest.raises(TypeError, match="position"):
        Block("Home")  # type: ignore[call-arg]  # that it is missing is what is tested
