"""What `/openapi.json` says of every operation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sightline.core.config import Settings
from sightline.main import create_app

Operation = tuple[str, dict[str, Any]]


@pytest.fixture
def schema(tmp_path: Path) -> dict[str, Any]:
    return create_app(Settings(sightline_data=tmp_path)).openapi()


def _operations(schema: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_a_summary_of_its_own_and_its_role(schema: dict[str, Any]) -> None:
    told = {name: (one.get("summary", ""), one["x-required-role"]) for name, one in _operations(schema)}
    assert [name for name, (summary, _) in told.items() if len(summary) < 10] == []
    assert len({summary for summary, _ in told.values()}) == len(told)
    wrong = [
        n for n, one in _operations(schema) if f"Required role: {one['x-required-role']}." not in one["description"]
    ]
    assert wrong == []


def test_every_body_has_an_example_and_refuses_unknown_fields(schema: dict[str, Any]) -> None:
    bare, open_to_anything = [], []
    for name, operation in _operations(schema):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            shape = _resolved(schema, content["schema"])
            if not _has_example(content, shape):
                bare.append(f"{name} {kind}")
            if kind == "application/json" and shape.get("additionalProperties") is not False:
                open_to_anything.append(name)
    assert bare == []
    assert open_to_anything == []


def test_every_operation_names_the_errors_it_gives(schema: dict[str, Any]) -> None:
    for name, operation in _operations(schema):
        given = operation["responses"]
        problems = {status: one for status, one in given.items() if status >= "400"}
        plain = [status for status, one in problems.items() if "application/problem+json" not in one["content"]]
        assert plain == (["503"] if name == "GET /health/ready" else []), name
        expected = {"503"}
        expected |= {"401", "403"} if operation["x-required-role"] != "anyone" else set()
        expected |= {"404"} if "{" in name else set()
        expected |= {"413", "415"} if "requestBody" in operation else set()
        assert problems.keys() >= expected, name
        assert any(status < "400" for status in given), name
        assert ("security" in operation) == (operation["x-required-role"] != "anyone"), name


def test_every_answer_with_a_body_has_a_shape(schema: dict[str, Any]) -> None:
    shapeless = []
    for name, operation in _operations(schema):
        for status, one in operation["responses"].items():
            contents = one.get("content", {}).items()
            shapeless += [
                f"{name} {status}" for kind, c in contents if kind == "application/json" and not c.get("schema")
            ]
    assert shapeless == []


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    lost = [one for one in _references(schema) if one.rsplit("/", 1)[-1] not in schema["components"]["schemas"]]
    assert lost == []


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _references(one)


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else shape
    return found


def _has_example(content: dict[str, Any], shape: dict[str, Any]) -> bool:
    return bool({"example", "examples"} & (content.keys() | shape.keys()))
