"""A random walk of several people through the API: the same steps for the same seed."""

import random
from typing import Any

import httpx2 as httpx

from sightline.core.actor import Role
from sightline.issues.workflow import MOVES, Priority, Severity, Status
from tests.world import Person, World

LABELS = ("ui", "export", "login", "docs")
SETTLE_EVERY = 40


async def wander(world: World, seed: int, steps: int) -> dict[str, Person]:
    """Let five people do `steps` random things, wait for the readers, and return the people by name."""
    cast = {
        "Ada": Role.admin,
        "Mia": Role.maintainer,
        "Max": Role.maintainer,
        "Rae": Role.reporter,
        "Rob": Role.reporter,
    }
    people = {name: await world.person(name, role) for name, role in cast.items()}
    await people["Mia"].post("/projects", json={"key": "APP", "name": "The app"})
    await people["Mia"].patch("/projects/APP", json={"submissions": True})
    walk = _Walk(people, await world.client(), random.Random(seed))
    for step in range(steps):
        await walk.step()
        if step % SETTLE_EVERY == SETTLE_EVERY - 1:
            await world.settle()
    await world.settle()
    return people


class _Walk:
    def __init__(self, people: dict[str, Person], anyone: httpx.AsyncClient, dice: random.Random) -> None:
        self.people, self.anyone, self.dice = people, anyone, dice
        self.issues: list[int] = []
        self.trashed: list[int] = []

    async def step(self) -> None:
        if len(self.issues) < 3 or self.dice.random() < 0.2:
            await self._file()
            return
        acts = (
            self._edit,
            self._edit,
            self._edit,
            self._relabel,
            self._state,
            self._upload,
            self._comment,
            self._hand_in,
            self._trash,
            self._restore,
        )
        await self.dice.choice(acts)()

    async def _file(self) -> None:
        who = self.dice.choice(list(self.people.values()))
        wish: dict[str, Any] = {"title": "An issue", "severity": self.dice.choice(list(Severity))}
        if who.user.role != Role.reporter:
            wish |= {"status": self.dice.choice(list(Status)), "labels": self._labels(), "assignee_id": self._anybody()}
        self.issues.append((await who.file(**wish))["id"])

    async def _edit(self) -> None:
        who = self.people[self.dice.choice(("Mia", "Max", "Ada"))]
        issue = (await who.get(f"/issues/{self.dice.choice(self.issues)}")).json()
        possible = {
            "title": f"Title {self.dice.random()}",
            "description": f"Text {self.dice.random()}",
            "severity": self.dice.choice(list(Severity)),
            "priority": self.dice.choice(list(Priority)),
            "assignee_id": self._anybody(),
            "due_on": self.dice.choice((None, "2027-01-01", "2027-02-02")),
            "project": self.dice.choice(("INBOX", "APP")),
            "status": self.dice.choice([issue["status"], *MOVES[Status(issue["status"])]]),
        }
        wish = {name: possible[name] for name in self.dice.sample(sorted(possible), self.dice.randint(1, 3))}
        answer = await who.edit(issue, **wish)
        assert answer.status_code == 200, answer.text

    async def _relabel(self) -> None:
        at = f"/issues/{self.dice.choice(self.issues)}/labels"
        assert (await self.people["Mia"].put(at, json={"label_names": self._labels()})).status_code == 200

    async def _state(self) -> None:
        wish = {"name": f"note.n{self.dice.randint(1, 10**9)}", "type": "number", "value": self.dice.randint(0, 99)}
        at = f"/issues/{self.dice.choice(self.issues)}/facts"
        assert (await self.people["Max"].post(at, json=wish)).status_code == 201

    async def _upload(self) -> None:
        at = f"/issues/{self.dice.choice(self.issues)}/attachments"
        assert (await self.people["Mia"].post(at, files={"file": ("a.txt", b"words")})).status_code == 201

    async def _comment(self) -> None:
        at = f"/issues/{self.dice.choice(self.issues)}/comments"
        wish = {"body": "Words", "internal": self.dice.random() < 0.5}
        assert (await self.people["Max"].post(at, json=wish)).status_code == 201

    async def _hand_in(self) -> None:
        submitted = await self.anyone.post("/submit/APP", files={"file": ("a.txt", b"words")})
        assert submitted.status_code == 201, submitted.text
        receipt = f"/receipts/{submitted.json()['token']}"
        assert (await self.anyone.post(f"{receipt}/replies", json={"body": "More"})).status_code == 201
        self.issues.append((await self.people["Mia"].get(f"/issues/{submitted.json()['key']}")).json()["id"])

    async def _trash(self) -> None:
        issue = self.issues.pop(self.dice.randrange(len(self.issues)))
        self.trashed.append(issue)
        assert (await self.people["Ada"].delete(f"/issues/{issue}")).status_code == 204

    async def _restore(self) -> None:
        if self.trashed:
            issue = self.trashed.pop()
            assert (await self.people["Ada"].post(f"/issues/{issue}/restore")).status_code == 200
            self.issues.append(issue)

    def _labels(self) -> list[str]:
        return self.dice.sample(LABELS, self.dice.randint(0, 3))

    def _anybody(self) -> int | None:
        return self.dice.choice([None, *(person.id for person in self.people.values())])
