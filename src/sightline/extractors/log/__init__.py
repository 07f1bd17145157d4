"""Logs: how long, from when to when, and what went wrong most often."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sightline.extractors.log.entries import Entry, ends, form_of, troubles
from sightline.extractors.log.levels import Level
from sightline.extractors.log.templates import template_of
from sightline.extractors.log.times import as_datetime
from sightline.extractors.reading import Alternative, Fact, FactType, Locator, Reading
from sightline.extractors.source import Source

name = "log"
version = 1

_STATED = 1.0
_ONLY_PARTS_READ = 0.6
_LESS_FREQUENT = 0.5
_MOST_OTHERS = 5
_MOST_TEMPLATES = 5_000
_UNPLACED = "The times of the log cannot be placed: they name no year, or leave open which number is the day."


@dataclass(slots=True)
class _Tally:
    """What was added up over the errors and warnings; places are line numbers, of the first of their kind."""

    counts: Counter[Level] = field(default_factory=Counter)
    places: dict[Level, int] = field(default_factory=dict)
    templates: Counter[str] = field(default_factory=Counter)
    template_places: dict[str, int] = field(default_factory=dict)


def accepts(media_type: str, head: bytes) -> bool:
    """Take plain text, and JSON, which a log of JSON lines begins like."""
    del head
    return media_type in {"text/plain", "application/json"}


def extract(source: Source) -> Reading:
    """Give `log.lines`, `.errors`, `.warnings` (numbers), `.first_at`, `.last_at` (datetime) and `.top_error` (text).

    Every line with a level is counted as what it says (also by syslog priority and glog letter); an access log's
    answers 500 and above are errors, those from 400 warnings. Times are those of the first and the last line that has
    one, as written: without a zone when the log names none, missing when it names no year. `.top_error` is the most
    frequent message of errors with what varies (numbers, ids, quoted words) left out, `.top_error_count` how often it
    came; others are alternatives.
    """
    form = form_of(source.text) if source.kind != "table" else None
    if form is None:
        return Reading()
    tally = _Tally()
    for entry in troubles(source.text, form):
        _add(tally, entry)
    timed = ends(source.text)
    times = _times(timed)
    facts = (_count(source), *_span(times), *_facts(tally, is_whole=len(source.text) == 1))
    return Reading(kind="log", facts=facts, problems=(_UNPLACED,) if timed and not times else ())


def _add(tally: _Tally, entry: Entry) -> None:
    if entry.level is not None:
        tally.counts[entry.level] += 1
        tally.places.setdefault(entry.level, entry.line)
    if entry.level is Level.error:
        _add_error(tally, entry)


def _add_error(tally: _Tally, entry: Entry) -> None:
    template = template_of(entry.message)
    if template and (template in tally.templates or len(tally.templates) < _MOST_TEMPLATES):
        tally.templates[template] += 1
        tally.template_places.setdefault(template, entry.line)


def _times(timed: list[Entry]) -> list[tuple[datetime, int]]:
    """Give the times that could be read with their lines, the earlier first."""
    read = [(as_datetime(entry.time), entry.line) for entry in timed if entry.time]
    known = [(moment, line) for moment, line in read if moment is not None]
    is_comparable = len({moment.tzinfo is None for moment, _ in known}) == 1
    return sorted(known) if is_comparable else known


def _count(source: Source) -> Fact:
    last = source.text[-1]
    count = last.first_line + len(last.lines) - 1 - (not last.lines[-1])
    return _fact("log.lines", "number", str(count), Locator(line=1, end_line=count))


def _span(times: list[tuple[datetime, int]]) -> Iterator[Fact]:
    for fact_name, end in (("log.first_at", times[:1]), ("log.last_at", times[-1:])):
        for moment, line in end:
            yield _fact(fact_name, "datetime", moment.isoformat(), Locator(line=line))


def _facts(tally: _Tally, *, is_whole: bool) -> Iterator[Fact]:
    sureness = _STATED if is_whole else _ONLY_PARTS_READ
    for fact_name, level in (("log.errors", Level.error), ("log.warnings", Level.warning)):
        place = Locator(line=tally.places.get(level))
        yield _fact(fact_name, "number", str(tally.counts[level]), place, sureness)
    yield from _most_frequent(tally, sureness)


def _most_frequent(tally: _Tally, sureness: float) -> Iterator[Fact]:
    ranked = tally.templates.most_common(_MOST_OTHERS + 1)
    if not ranked:
        return
    (top, count), *others = ranked
    place = Locator(line=tally.template_places[top])
    rest = (Alternative(other, Locator(line=tally.template_places[other]), _LESS_FREQUENT) for other, _ in others)
    yield _fact("log.top_error", "text", top, place, sureness).also(*rest)
    yield _fact("log.top_error_count", "number", str(count), place, sureness)


def _fact(fact_name: str, fact_type: FactType, value: str, place: Locator, sureness: float = _STATED) -> Fact:
    return Fact(fact_name, fact_type, value, place, sureness, name, version)
