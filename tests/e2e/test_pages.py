"""The documents and files behind the pages, asked for without a browser."""

import json
import re
from typing import Any

import httpx2
import pytest

from sightline.interface import assets, build, shell
from sightline.interface.build import Build, Page
from tests.e2e import openapi
from tests.e2e.conftest import Team
from tests.e2e.server import PASSWORD, Person, Server

MODULE = re.compile(r'href="(/_app/immutable/[^"]+\.js)"')


def _get(server: Server, path: str, **more: Any) -> httpx2.Response:
    return httpx2.get(f"{server.address}{path}", timeout=20, **more)


def _cookies(server: Server, person: Person) -> dict[str, str]:
    """Return the header of somebody signed in; the cookie is Secure, so a plain client would not send it back."""
    answer = httpx2.post(
        f"{server.address}/api/v1/auth/session",
        json={"email": person.email, "password": PASSWORD},
        headers={"Origin": server.address},
        timeout=20,
    )
    assert answer.status_code == 201
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies.jar)}


def _boot(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', text, re.DOTALL)
    assert found
    content: dict[str, Any] = json.loads(found[1])
    return content


@pytest.mark.usefixtures("team")
def test_a_page_has_a_fresh_nonce_a_strict_policy_and_is_not_stored(server: Server) -> None:
    first, second = _get(server, "/sign-in"), _get(server, "/sign-in")
    policy = first.headers["content-security-policy"]
    assert first.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert nonce[1] not in second.text
    tags = re.findall(r"<script(?![^>]*application/json)[^>]*>", first.text)
    assert tags
    assert all(f'nonce="{nonce[1]}"' in tag for tag in tags)
    assert " style=" not in first.text


def test_the_first_data_of_a_page_is_in_its_document(server: Server, team: Team) -> None:
    filed = team.reporter.file("</script><script>alert(1)</script><!--")
    cookies = _cookies(server, team.reporter)
    listed = _get(server, "/issues?status=open", headers=cookies)
    shown = _get(server, f"/issues/{filed['key']}", headers=cookies)
    boot = _boot(listed.text)
    assert boot["session"]["user"]["email"] == team.reporter.email
    rows = boot["answers"]["/api/v1/issues?status=open&limit=50&count=true"]["items"]
    assert filed["id"] in {row["id"] for row in rows}
    assert _boot(shown.text)["answers"][f"/api/v1/issues/{filed['key']}"]["title"] == filed["title"]
    assert "<script>alert" not in listed.text + shown.text


def test_a_guest_gets_no_data(server: Server, team: Team) -> None:
    key = team.reporter.file("Not for guests")["key"]
    known, unknown = _boot(_get(server, f"/issues/{key}").text), _boot(_get(server, "/issues/INBOX-99999").text)
    assert known == unknown
    assert known["session"] is None
    assert "answers" not in known


@pytest.mark.usefixtures("team")
def test_files_are_kept_for_ever_and_travel_packed(server: Server) -> None:
    module = MODULE.findall(_get(server, "/sign-in").text)[0]
    packed = _get(server, module, headers={"Accept-Encoding": "br, gzip"})
    gzipped = _get(server, module, headers={"Accept-Encoding": "br;q=0, gzip"})
    plain = _get(server, module, headers={"Accept-Encoding": "identity"})
    assert "immutable" in plain.headers["cache-control"]
    assert packed.headers["content-encoding"] == "br"
    assert gzipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzipped.content == plain.content
    assert plain.headers["content-type"].startswith("text/javascript")


def test_what_a_page_needs_at_first_is_light(server: Server, team: Team) -> None:
    headers = _cookies(server, team.maintainer)
    issue = team.reporter.file("Seen at first")["key"]
    for path, who in (("/sign-in", {}), ("/issues", headers), (f"/issues/{issue}", headers)):
        modules = MODULE.findall(_get(server, path, headers=who).text)
        answers = [_get(server, module, headers={"Accept-Encoding": "gzip"}) for module in modules]
        assert len(answers) > 10, path
        assert sum(int(answer.headers["content-length"]) for answer in answers) <= 120_000, path


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    "path", ["/_app/../shell.html", "/_app/%2e%2e/shell.html", "/_app/none.js", "/_app/../../boot.py"]
)
def test_nothing_but_files_of_the_build_is_served(server: Server, path: str) -> None:
    answer = _get(server, path)
    assert answer.status_code == 404
    assert "PRELOAD" not in answer.text


@pytest.mark.usefixtures("team")
def test_the_api_keeps_its_own_refusals(server: Server) -> None:
    missing = _get(server, "/api/v1/nothing")
    wrong_method = _get(server, "/api/v1/auth/logout")
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("application/problem+json")
    assert wrong_method.status_code == 405


@pytest.mark.usefixtures("team")
def test_a_page_answers_head_as_it_answers_get(server: Server) -> None:
    asked = httpx2.head(f"{server.address}/sign-in", timeout=20)
    assert asked.status_code == 200
    assert not asked.content


def test_a_checkout_without_a_build_says_how_to_build(tmp_path: Any) -> None:
    assert build.read_build(tmp_path) is None
    assert "npm run build" in shell.NOT_BUILT


def test_data_cannot_end_the_element_it_stands_in() -> None:
    told = shell.inert({"a": "</script><!-- \u2028 &amp;"})
    assert not set("<>&\u2028") & set(told)
    assert json.loads(told) == {"a": "</script><!-- \u2028 &amp;"}


def test_what_people_write_cannot_reach_the_holes_of_the_shell() -> None:
    page = Page("/x", re.compile("/x"), ())
    made = shell.render(
        Build(f"{build.PRELOAD}{build.BOOT}", (page,), ()), page, "secret", {"title": f"{build.NONCE} {build.PRELOAD}"}
    )
    assert build.NONCE in made
    assert made.count("secret") == 1


def test_an_asset_that_lies_outside_is_refused(tmp_path: Any) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.js").write_text("no")
    assert assets.serve(tmp_path / "static", "../secret.js", "") is None


def test_the_interface_knows_the_api_as_it_is() -> None:
    told = "The API has changed: run `python -m tests.e2e.openapi`."
    assert json.loads(openapi.KNOWN.read_text("utf-8")) == json.loads(json.dumps(openapi.present())), told
