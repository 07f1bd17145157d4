"""Regular expressions that are compiled when they are first used."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from sightline import extractors
from sightline.extractors.regex import regex

MODULES = [module.name for module in pkgutil.walk_packages(extractors.__path__, f"{extractors.__name__}.")]


def uncompiled(value: object) -> Iterator[re.Pattern[str]]:
    if type(value) is type(regex("")):
        yield value
    elif isinstance(value, tuple | list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from uncompiled(part)


@pytest.mark.parametrize("name", MODULES)
def test_every_regular_expression_can_be_compiled(name: str) -> None:
    for value in vars(importlib.import_module(name)).values():
        for pattern in uncompiled(value):
            assert pattern.flags is not None


def test_it_does_what_a_compiled_one_does() -> None:
    word = regex(r"(?P<first>[a-z])(\w*)", re.IGNORECASE)
    assert word.sub(r"\2\1", "One two") == "neO wot"
    assert [match["first"] for match in word.finditer("One two")] == ["O", "t"]
    assert word.groupindex["first"] == 1


def test_one_that_is_none_is_told_when_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("")
