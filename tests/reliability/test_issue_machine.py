"""Several people edit issues in any order and from any view: every answer and every state is that of a small model."""

import httpx2 as httpx
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sightline.core.actor import Role
from tests.reliability.issue_model import IssueModel, State, Verdict
from tests.reliability.stage import PEOPLE, Stage

FIELDS = ("title", "description", "status", "resolution", "severity", "priority", "assignee_id", "due_on", "project")
EXAMPLES = settings(
    max_examples=7,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

who = st.sampled_from(["mia", "mia", "max", "ada", "rae"])
acts = st.sampled_from(["label", "attach", "detach", "trash", "restore"])
words = st.sampled_from(["One", "Two", "Drei"])
WISHES = {
    "title": words,
    "description": words,
    "status": st.sampled_from(["open", "triaged", "in_progress", "done"]),
    "resolution": st.sampled_from(["fixed", "wont_fix", "answered"]),
    "severity": st.sampled_from(["low", "high"]),
    "priority": st.sampled_from(["none", "urgent"]),
    "assignee": st.sampled_from([None, "mia", "max"]),
    "due_on": st.sampled_from([None, "2031-01-02"]),
    "project": st.sampled_from(["INBOX", "SIDE"]),
}
wishes = st.dictionaries(st.sampled_from(sorted(WISHES)), st.none(), min_size=1, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: WISHES[name] for name in names})
)


class IssueMachine(RuleBasedStateMachine):
    """Acts on one issue; `seen` is the version each person last looked at."""

    stage: Stage

    @initialize()
    def file(self) -> None:
        wish = {"title": "Zero", "severity": "medium"}
        self.issue = self.stage.send("rae", "POST", "/issues", json=wish).json()
        self.path = f"/issues/{self.issue['id']}"
        self.model = IssueModel(_state(self.issue))
        self.seen = dict.fromkeys(PEOPLE, 1)
        self.files: list[int] = []

    def _is_maintainer(self, name: str) -> bool:
        return PEOPLE[name] is not Role.reporter

    def _sent(self, wish: State) -> State:
        sent = dict(wish)
        if "assignee" in sent:
            name = sent.pop("assignee")
            sent["assignee_id"] = self.stage.people[name].id if name else None
        return sent

    @rule(name=who)
    def look(self, name: str) -> None:
        answer = self.stage.send(name, "GET", self.path)
        assert answer.status_code == (404 if self.model.is_trashed else 200)
        if answer.status_code == 200:
            self.seen[name] = answer.json()["version"]

    @rule(name=who, wish=wishes, names_version=st.booleans() | st.just(True))  # noqa: FBT003 - a strategy, not a flag
    def edit(self, name: str, wish: State, names_version: bool) -> None:  # noqa: FBT001 - drawn by name
        sent = self._sent(wish)
        seen = self.seen[name] if names_version else None
        body = sent | ({"version": seen} if seen else {})
        base = self.model.versions[self.seen[name]]
        due = self.model.edit(name, seen, sent, is_maintainer=self._is_maintainer(name))
        answer = self.stage.send(name, "PATCH", self.path, json=body)
        note(f"{name} {body} -> {answer.text[:300]}")
        self._check(answer, due, base, sent)
        if answer.status_code == 200:
            self.seen[name] = self.model.version

    def _check(self, answer: httpx.Response, due: Verdict, base: State, sent: State) -> None:
        body = answer.json()
        assert (answer.status_code, body.get("code")) == (due.status, due.code)
        assert body.get("allowed") == due.allowed
        told = body.get("conflicts", [])
        assert [conflict["field"] for conflict in told] == due.fields
        for conflict in told:
            name = conflict["field"]
            assert conflict["theirs"] == self.model.state[name]
            assert conflict["base"] == base[name]
            assert conflict["yours"] == sent.get(name, conflict["yours"])
            assert conflict["by"]["name"] == self.model.touched[name][1].title()

    @rule(first=who, second=who, one=wishes, other=wishes)
    def edit_at_once(self, first: str, second: str, one: State, other: State) -> None:
        """Of two edits at the same moment, the answers are those of one order or of the other."""
        orders = []
        calls = [(first, self._sent(one)), (second, self._sent(other))]
        for order in ((0, 1), (1, 0)):
            model = _copied(self.model)
            dues: dict[int, Verdict] = {}
            for at in order:
                name, sent = calls[at]
                dues[at] = model.edit(name, self.seen[name], sent, is_maintainer=self._is_maintainer(name))
            orders.append(([dues[0], dues[1]], model))
        sent_calls = [(name, self.path, sent | {"version": self.seen[name]}) for name, sent in calls]
        answers = self.stage.send_both(*sent_calls)
        told = [(answer.status_code, answer.json().get("code")) for answer in answers]
        shown = self._shown()
        fitting = [
            model
            for dues, model in orders
            if [(due.status, due.code) for due in dues] == told and (shown is None or _state(shown) == model.state)
        ]
        assert fitting, f"{told} fits no order of {calls}"
        self.model = fitting[0]

    @rule(name=who, wish=wishes)
    def edit_what_is_there(self, name: str, wish: State) -> None:
        self.look(name)
        self.edit(name, wish, names_version=True)

    @precondition(lambda self: self.model.is_trashed)
    @rule()
    def bring_back(self) -> None:
        self.restore("ada")

    @rule(act=acts, name=who, labels=st.sets(st.sampled_from(["ui", "api"])))
    def act(self, act: str, name: str, labels: set[str]) -> None:
        if act == "label":
            self.label(name, labels)
        else:
            getattr(self, act)(name)

    def label(self, name: str, labels: set[str]) -> None:
        answer = self.stage.send(name, "PUT", f"{self.path}/labels", json={"label_names": sorted(labels)})
        if self.model.is_trashed or not self._is_maintainer(name):
            assert answer.status_code == (404 if self.model.is_trashed else 403)
            return
        assert answer.status_code == 200
        if sorted(labels) != self.model.state["labels"]:
            self.model.happen(name, labels=sorted(labels))

    def attach(self, name: str) -> None:
        headers = {"Content-Disposition": 'attachment; filename="a.bin"'}
        answer = self.stage.send(name, "POST", f"{self.path}/attachments", content=b"\x00\x01", headers=headers)
        assert answer.status_code == (404 if self.model.is_trashed else 201)
        if answer.status_code == 201:
            self.files.append(answer.json()[0]["id"])
            self.model.happen(name, attachments_count=len(self.files))

    def detach(self, _name: str) -> None:
        if self.files and not self.model.is_trashed:
            assert self.stage.send("mia", "DELETE", f"/attachments/{self.files.pop()}").status_code == 204
            self.model.happen("mia", attachments_count=len(self.files))

    def trash(self, name: str) -> None:
        answer = self.stage.send(name, "DELETE", self.path)
        assert answer.status_code == (404 if self.model.is_trashed else 204 if name == "ada" else 403)
        if answer.status_code == 204:
            self.model.happen(name)
            self.model.is_trashed = True

    def restore(self, name: str) -> None:
        answer = self.stage.send(name, "POST", f"{self.path}/restore")
        is_due = self.model.is_trashed and name == "ada"
        is_shown = not self.model.is_trashed and name != "ada"
        assert answer.status_code == (200 if is_due else 403 if is_shown else 404)
        if is_due:
            self.model.happen(name)
            self.model.is_trashed = False

    def _shown(self) -> State | None:
        answer = self.stage.send("mia", "GET", self.path)
        return answer.json() if answer.status_code == 200 else None

    @invariant()
    def the_issue_is_as_the_model_says(self) -> None:
        shown = self._shown()
        assert (shown is None) == self.model.is_trashed
        if shown is not None:
            assert _state(shown) == self.model.state
            assert shown["version"] == self.model.version
            assert _reached(shown) == _due_by(shown["status"])

    def teardown(self) -> None:
        if self._shown() is not None:
            told = self.stage.send("mia", "GET", f"{self.path}/events", params={"limit": 100}).json()
            is_whole = told["next_cursor"] is None
            own = [event for event in told["items"] if event["kind"].startswith("issue.")]
            assert not is_whole or len(own) == self.model.version


def _state(issue: State) -> State:
    names = {*FIELDS, "labels", "attachments_count"} - {"assignee_id"}
    return {name: issue[name] for name in names} | {"assignee_id": (issue["assignee"] or {}).get("id")}


def _copied(model: IssueModel) -> IssueModel:
    copied = IssueModel(dict(model.state))
    copied.version, copied.is_trashed = model.version, model.is_trashed
    copied.touched, copied.versions = dict(model.touched), dict(model.versions)
    return copied


def _reached(issue: State) -> list[bool]:
    return [issue[name] is not None for name in ("triaged_at", "started_at", "done_at")]


def _due_by(status: str) -> list[bool]:
    stages = ["open", "triaged", "in_progress", "done"]
    return [stages.index(status) > n for n in range(3)]


def test_any_order_of_edits_ends_as_the_model_says(stage: Stage) -> None:
    machine = type("Machine", (IssueMachine,), {"stage": stage})
    run_state_machine_as_test(machine, settings=EXAMPLES)
