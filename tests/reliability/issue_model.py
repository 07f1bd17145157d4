"""What the papers say an issue does, small enough to read: the state, who touched which field when, and the answers."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

MOVES = {
    "open": ["triaged", "in_progress", "done"],
    "triaged": ["open", "in_progress", "done"],
    "in_progress": ["triaged", "done"],
    "done": ["open"],
}
STANDING = ("status", "resolution", "duplicate_of")
State = dict[str, Any]


@dataclass
class Verdict:
    """The answer that is due: a status, and what the body must say."""

    status: int
    code: str | None = None
    fields: list[str] = field(default_factory=list)
    allowed: list[str] | None = None


class IssueModel:
    """One issue: `versions` keeps the state at each version that somebody can have seen."""

    def __init__(self, state: State) -> None:
        self.state, self.version, self.is_trashed = state, 1, False
        self.touched: dict[str, tuple[int, str]] = {}
        self.versions: dict[int, State] = {1: deepcopy(state)}

    def edit(self, who: str, seen: int | None, wish: State, *, is_maintainer: bool) -> Verdict:
        """Decide on an edit of what was seen in version `seen`, and make it when it may be made."""
        if self.is_trashed:
            return Verdict(404, "not_found")
        if not is_maintainer and (refused := self._refused_to_reporter(wish)):
            return refused
        if seen is None:
            return Verdict(428, "version_required")
        wanted = self._completed(wish, is_maintainer=is_maintainer)
        if clashes := sorted(name for name in wanted if self.touched.get(name, (0, ""))[0] > seen):
            return Verdict(409, "conflict", fields=clashes)
        return self._changed(who, wanted)

    def _refused_to_reporter(self, wish: State) -> Verdict | None:
        own, closing = wish.keys() & {"title", "description", "severity"}, wish.keys() & {"status", "resolution"}
        if wish.keys() - own - closing:
            return Verdict(403, "field_forbidden")
        if own and self.state["status"] != "open":
            return Verdict(403, "not_open")
        is_allowed = wish.get("status", "open") in {"open", "done"} and wish.get("resolution") in {None, "answered"}
        if closing and not (is_allowed and ("status" in wish or "resolution" not in wish)):
            return Verdict(403, "field_forbidden")
        return None

    def _completed(self, wish: State, *, is_maintainer: bool) -> State:
        is_closing = wish.get("status") == "done" and self.state["status"] != "done"
        if is_closing and "resolution" not in wish:
            return wish | {"resolution": "fixed" if is_maintainer else "answered"}
        return dict(wish)

    def _changed(self, who: str, wanted: State) -> Verdict:
        before = self.state["status"]
        after = wanted.get("status", before)
        if after != before and after not in MOVES[before]:
            return Verdict(409, "bad_transition", allowed=MOVES[before])
        if after != "done" and wanted.get("resolution") is not None:
            return Verdict(422, "invalid")
        resolution = wanted.get("resolution") or self.state["resolution"] or "fixed"
        new = self.state | wanted | {"status": after, "resolution": resolution if after == "done" else None}
        self.become(who, new)
        return Verdict(200)

    def become(self, who: str, new: State) -> None:
        """Take on a new state: one event for the standing, one for each other field that differs."""
        differing = [name for name in new if new[name] != self.state[name]]
        events = len(set(differing) - set(STANDING)) + bool(set(differing) & set(STANDING))
        self.state, self.version = new, self.version + events
        self.versions[self.version] = deepcopy(new)
        self.touch(who, differing)

    def touch(self, who: str, fields: Iterable[str]) -> None:
        """Note that fields were changed as of the present version."""
        self.touched |= dict.fromkeys(fields, (self.version, who))

    def happen(self, who: str, **changes: Any) -> None:
        """Let one event happen that changes this much."""
        self.state = self.state | changes
        self.version += 1
        self.versions[self.version] = deepcopy(self.state)
        self.touch(who, changes)
