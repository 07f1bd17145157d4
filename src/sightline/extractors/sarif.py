"""SARIF: what a scanner found in code (OASIS SARIF 2.1.0, and what 2.0 did otherwise)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sightline.extractors.decoding import clean, decode
from sightline.extractors.reading import Alternative, Fact, Locator, Reading
from sightline.extractors.source import Source

name = "sarif"
version = 1

_MOST_BYTES = 32 * 1024 * 1024
_STATED = 1.0
_OTHER = 0.5
_MOST_OTHERS = 5
_LONGEST_VALUE = 300
# Tuples, because what a file holds in these places may be a list, which no set can be asked for.
_FINDS = ("fail", "open", "error", "warning", "note", None)
_LEVELS = ("error", "warning", "note", "none")
_NO_FAULT = ("pass", "open", "notApplicable")


@dataclass(slots=True)
class _Scan:
    """What was added up over the runs; the first result of each rule is kept by level and rule."""

    tools: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_LEVELS, 0))
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    suppressed: int = 0
    gone: int = 0


def accepts(media_type: str, head: bytes) -> bool:
    """Take JSON that speaks of runs or of SARIF at its beginning."""
    plain = head.replace(b"\0", b"")
    return media_type == "application/json" and (b'"runs"' in plain or b"sarif" in plain.lower())


def extract(source: Source) -> Reading:
    """Give `scan.tool` and `.first_rule` (text), `.errors` and `.warnings` (numbers) over all runs.

    The level of a result is its own, else what the run configured for its rule, else the rule's default, else warning;
    results of another kind than `fail`, suppressed ones and those that the baseline calls absent do not count. The first
    rule is that of the first error, else of the first warning, else of the first note; other rules and tools are
    alternatives. Locators are JSON pointers such as `/runs/0/results/3`.
    """
    if source.size > _MOST_BYTES:
        return Reading(problems=(f"The JSON is longer than {_MOST_BYTES // 1_048_576} MB and was not read.",))
    try:
        log = json.loads(decode(source.content), strict=False)
    except (ValueError, RecursionError):
        told = "The SARIF could not be read: it is not valid JSON."
        return Reading(problems=(told,) if b"sarif" in source.head.lower() else ())
    runs = [run for run in _list(_object(log).get("runs")) if _driver(_object(run))]
    return _reading(runs) if runs else Reading()


def _reading(runs: list[Any]) -> Reading:
    scan = _Scan()
    for number, run in enumerate(runs):
        _add_run(scan, run, f"/runs/{number}")
    return Reading(kind="scan_report", facts=tuple(_facts(scan)), problems=tuple(_problems(scan, runs)))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _driver(run: dict[str, Any]) -> dict[str, Any]:
    """Find who scanned; in 2.0 that is the tool itself."""
    tool = _object(run.get("tool"))
    driver = _object(tool.get("driver")) or tool
    return driver if isinstance(driver.get("name"), str) else {}


def _add_run(scan: _Scan, run: dict[str, Any], path: str) -> None:
    driver = _driver(run)
    tool = f"{driver['name']} {driver.get('semanticVersion') or driver.get('version') or ''}"
    scan.tools.setdefault(_tidy(tool), f"{path}/tool")
    rules = _rules(run, driver)
    for number, result in enumerate(_list(run.get("results"))):
        if isinstance(result, dict):
            _add_result(scan, result, rules, f"{path}/results/{number}")


def _tidy(text: str) -> str:
    return clean(" ".join(text.split()))[:_LONGEST_VALUE]


def _add_result(scan: _Scan, result: dict[str, Any], rules: dict[Any, str], path: str) -> None:
    if _is_suppressed(result):
        scan.suppressed += 1
    elif result.get("baselineState") == "absent":
        scan.gone += 1
    else:
        level = _level(result, rules)
        scan.counts[level] += 1
        rule = _rule_id(result)
        if level != "none" and rule:
            scan.first.setdefault((level, _tidy(rule)), path)


def _is_suppressed(result: dict[str, Any]) -> bool:
    stated = [_object(one) for one in _list(result.get("suppressions"))]
    accepted = [one for one in stated if (one.get("status") or one.get("state") or "accepted") == "accepted"]
    return bool(accepted or _list(result.get("suppressionStates")))


def _level(result: dict[str, Any], rules: dict[Any, str]) -> str:
    level, kind = result.get("level"), result.get("kind")
    if kind not in _FINDS or level in _NO_FAULT:
        return "none"
    if level in _LEVELS:
        return str(level)
    return next((rules[key] for key in _keys(result) if key in rules), "warning")


def _keys(result: dict[str, Any]) -> Iterator[Any]:
    """Give what may name the rule, the surest first; `CA1000/1` is a case of the rule `CA1000`."""
    rule = _object(result.get("rule"))
    component = _object(rule.get("toolComponent")).get("index", -1)
    for index in (rule.get("index"), result.get("ruleIndex")):
        if isinstance(index, int) and isinstance(component, int) and index >= 0:
            yield component, index
    rule_id = _rule_id(result)
    while rule_id:
        yield rule_id
        rule_id = rule_id.rpartition("/")[0]


def _rule_id(result: dict[str, Any]) -> str:
    rule = result.get("ruleId") or _object(result.get("rule")).get("id")
    return rule if isinstance(rule, str) else ""


def _rules(run: dict[str, Any], driver: dict[str, Any]) -> dict[Any, str]:
    """Map rules, by id and by (number of the extension or -1, index), to their levels."""
    levels: dict[Any, str] = {}
    stated = _object(run.get("resources")).get("rules") or run.get("rules")
    components = [driver, *map(_object, _list(_object(run.get("tool")).get("extensions")))]
    for number, component in enumerate(components, start=-1):
        for index, rule in enumerate(map(_object, _list(component.get("rules")))):
            _learn(levels, rule, rule.get("id"), (number, index))
    for rule_id, rule in _object(stated).items():
        _learn(levels, _object(rule), rule_id, None)
    return levels | _overrides(run)


def _learn(levels: dict[Any, str], rule: dict[str, Any], rule_id: object, place: tuple[int, int] | None) -> None:
    default = _object(rule.get("defaultConfiguration")) or _object(rule.get("configuration"))
    level = default.get("level") or default.get("defaultLevel")
    if level in _LEVELS:
        if isinstance(rule_id, str):
            levels.setdefault(rule_id, str(level))
        levels.setdefault(place, str(level))


def _overrides(run: dict[str, Any]) -> dict[Any, str]:
    changed: dict[Any, str] = {}
    for invocation in map(_object, _list(run.get("invocations"))):
        for override in map(_object, _list(invocation.get("ruleConfigurationOverrides"))):
            level = _object(override.get("configuration")).get("level")
            descriptor = _object(override.get("descriptor"))
            if level in _LEVELS:
                changed |= {key: str(level) for key in _keys({"rule": descriptor})}
    return changed


def _problems(scan: _Scan, runs: list[Any]) -> Iterator[str]:
    if scan.suppressed:
        yield f"{scan.suppressed} suppressed results are not counted."
    if scan.gone:
        yield f"{scan.gone} results that are gone since the baseline are not counted."
    if any(_object(run.get("externalPropertyFileReferences")).get("results") for run in runs):
        yield "Results that the report keeps in other files are not counted."


def _facts(scan: _Scan) -> Iterator[Fact]:
    yield _fact("scan.tool", list(scan.tools.items()))
    for fact_name, level in (("scan.errors", "error"), ("scan.warnings", "warning")):
        path = next((path for (of, _), path in scan.first.items() if of == level), "/runs")
        yield Fact(fact_name, "number", str(scan.counts[level]), Locator(path=path), _STATED, name, version)
    rules = [(rule, path) for wanted in scan.counts for (level, rule), path in scan.first.items() if level == wanted]
    if rules:
        yield _fact("scan.first_rule", rules)


def _fact(fact_name: str, readings: list[tuple[str, str]]) -> Fact:
    (value, path), *others = readings
    fact = Fact(fact_name, "text", value, Locator(path=path), _STATED, name, version)
    return fact.also(*(Alternative(other, Locator(path=place), _OTHER) for other, place in others[:_MOST_OTHERS]))
