import json
from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading

Read = Callable[[bytes], Reading]


def sarif(*runs: dict[str, Any]) -> bytes:
    return json.dumps({"version": "2.1.0", "runs": runs}).encode()


def run(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    rules = [{"id": "R1", "defaultConfiguration": {"level": "error"}}, {"id": "R2"}]
    return {
        "tool": {"driver": {"name": "Scan", "semanticVersion": "1.2.0", "rules": rules}},
        "results": results,
        **more,
    }


def values(reading: Reading) -> dict[str, Any]:
    return {fact.name: fact.value for fact in reading.facts}


def test_errors_and_warnings_are_counted_and_the_first_error_names_the_rule(read_bytes: Read) -> None:
    reading = read_bytes(
        sarif(run({"ruleId": "R2"}, {"ruleId": "R9", "level": "error"}, {"ruleId": "R3", "level": "note"}))
    )
    assert reading.kind == "scan_report"
    assert values(reading) == {
        "scan.tool": "Scan 1.2.0",
        "scan.errors": "1",
        "scan.warnings": "1",
        "scan.first_rule": "R9",
    }
    rule = next(fact for fact in reading.facts if fact.name == "scan.first_rule")
    assert rule.locator.path == "/runs/0/results/1"
    assert [other.value for other in rule.alternatives] == ["R2", "R3"]


@pytest.mark.parametrize(
    ("result", "counted"),
    [
        ({"ruleId": "R1"}, "error"),
        ({"ruleId": "R1/2"}, "error"),
        ({"ruleIndex": 0}, "error"),
        ({"rule": {"id": "R1"}}, "error"),
        ({"ruleId": "R1", "level": "warning"}, "warning"),
        ({"ruleId": "R2"}, "warning"),
        ({}, "warning"),
        ({"ruleId": "R1", "level": "note"}, ""),
        ({"ruleId": "R1", "kind": "pass"}, ""),
        ({"ruleId": "R1", "kind": "review"}, ""),
        ({"ruleId": "R1", "suppressions": [{"kind": "inSource"}]}, ""),
        ({"ruleId": "R1", "suppressions": [{"kind": "inSource", "status": "rejected"}]}, "error"),
        ({"ruleId": "R1", "suppressions": []}, "error"),
        ({"ruleId": "R1", "baselineState": "absent"}, ""),
        ({"ruleId": ["R1"], "level": ["error"], "kind": {}}, ""),
    ],
)
def test_the_level_of_a_result_is_resolved(result: dict[str, Any], counted: str, read_bytes: Read) -> None:
    found = values(read_bytes(sarif(run(result))))
    assert (found["scan.errors"], found["scan.warnings"]) == (
        str(int(counted == "error")),
        str(int(counted == "warning")),
    )


def test_a_level_that_the_run_configured_wins_over_the_rule(read_bytes: Read) -> None:
    override = {"descriptor": {"id": "R1"}, "configuration": {"level": "warning"}}
    reading = read_bytes(sarif(run({"ruleId": "R1"}, invocations=[{"ruleConfigurationOverrides": [override]}])))
    assert values(reading)["scan.warnings"] == "1"


def test_several_runs_are_added_up_and_all_tools_named(read_bytes: Read) -> None:
    other = {"tool": {"driver": {"name": "Other"}}, "results": [{"level": "error"}]}
    reading = read_bytes(sarif(run({"ruleId": "R1"}), other))
    tool = next(fact for fact in reading.facts if fact.name == "scan.tool")
    assert values(reading)["scan.errors"] == "2"
    assert [other.value for other in tool.alternatives] == ["Other"]


def test_rules_of_an_extension_give_their_level(read_bytes: Read) -> None:
    driver = {"name": "S", "rules": [{"id": "A", "defaultConfiguration": {"level": "note"}}]}
    extension = {"name": "E", "rules": [{"id": "B", "defaultConfiguration": {"level": "error"}}]}
    result = {"rule": {"index": 0, "toolComponent": {"index": 0}}}
    run = {"tool": {"driver": driver, "extensions": [extension]}, "results": [result]}
    assert values(read_bytes(sarif(run)))["scan.errors"] == "1"


def test_sarif_2_0_is_read_as_its_own(read_bytes: Read) -> None:
    rules = {"R1": {"id": "R1", "configuration": {"defaultLevel": "error"}}}
    run = {
        "tool": {"name": "Old", "version": "3"},
        "resources": {"rules": rules},
        "results": [{"ruleId": "R1"}, {"level": "pass", "ruleId": "R1"}],
    }
    found = values(read_bytes(sarif(run)))
    assert (found["scan.tool"], found["scan.errors"], found["scan.warnings"]) == ("Old 3", "1", "0")


def test_what_is_not_counted_is_said(read_bytes: Read) -> None:
    reading = read_bytes(sarif(run({"suppressions": [{}]}, {"baselineState": "absent"})))
    assert reading.problems == (
        "1 suppressed results are not counted.",
        "1 results that are gone since the baseline are not counted.",
    )


def test_a_clean_scan_has_no_rule(read_bytes: Read) -> None:
    assert values(read_bytes(sarif(run()))) == {"scan.tool": "Scan 1.2.0", "scan.errors": "0", "scan.warnings": "0"}


@pytest.mark.parametrize("content", [b'{"runs": 5}', b'{"runs": [{"tool": 3}]}', b'{"$schema": "sarif", "runs": [{}]}'])
def test_other_json_with_runs_is_no_scan(content: bytes, read_bytes: Read) -> None:
    assert read_bytes(content).kind is None


def test_a_broken_report_says_so(read_bytes: Read) -> None:
    reading = read_bytes(sarif(run({"ruleId": "sarif"})).replace(b'"2.1.0"', b'"sarif"')[:-9])
    assert reading.problems == ("The SARIF could not be read: it is not valid JSON.",)
