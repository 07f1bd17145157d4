"""`sightline watch`: what is dropped is filed once, whole, and nothing else is."""

import os
import signal
import socket
import time
import zipfile
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.reliability.server import Server, add_person, bearer
from tests.watching.conftest import Make, by_files, issues, logged, until
from tests.world import SAMPLES

CRASH = """Traceback (most recent call last):
  File "/srv/shop/till.py", line 3, in price
    return basket[number]
KeyError: 'basket {}'
"""


def test_a_dropped_file_becomes_an_issue_as_its_reading_proposes(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    (drop / "till.log").write_text(CRASH.format(1))
    (drop / "2026" / "may").mkdir(parents=True)
    (drop / "2026" / "may" / "bill.xml").write_bytes((SAMPLES / "xrechnung_einfach.cii.xml").read_bytes())
    watcher = watch(server.address, token)
    until(watcher, "filed", 2)
    told = {issue["files"][0]: issue for issue in issues(server, token)}
    assert told["till.log"]["title"] == "KeyError: 'basket 1'"
    assert (told["till.log"]["severity"], told["till.log"]["labels"]) == ("high", ["crash"])
    assert told["bill.xml"]["title"] == "Invoice 471102 from Lieferant GmbH, 529.87 EUR"
    assert token not in "\n".join(watcher.lines)
    assert (drop / "till.log").read_text() == CRASH.format(1)


def test_a_reporter_files_without_what_only_maintainers_may_set(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    (drop / "till.log").write_text(CRASH.format(1))
    watcher = watch(server.address, add_person(server, "Rae", "reporter"))
    until(watcher, "filed")
    ((issue,),) = (issues(server, token),)
    assert (issue["severity"], issue["labels"], issue["reporter"]["name"]) == ("high", [], "Rae")


def test_the_same_bytes_are_counted_and_new_bytes_are_a_new_file(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    watcher = watch(server.address, token)
    (drop / "a.txt").write_text("The printer is on fire.")
    until(watcher, "filed", file="a.txt")
    (drop / "b.txt").write_text("The printer is on fire.")
    (again,) = until(watcher, "counted again", file="b.txt")
    assert again["issue"] == "INBOX-1"
    (drop / "a.txt").write_text("The printer is in the river.")
    until(watcher, "filed", 2, file="a.txt")
    assert by_files(server, token) == {("a.txt", "b.txt"): 2, ("a.txt",): 1}


def test_a_file_inside_that_two_have_in_common_makes_them_not_the_same(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    watcher = watch(server.address, token)
    for name in ("one", "two"):
        with zipfile.ZipFile(drop / f".{name}", "w") as archive:
            archive.writestr("logo.txt", "the same in both")
            archive.writestr(f"{name}.txt", name)
        (drop / f".{name}").rename(drop / f"{name}.zip")
        until(watcher, "filed", file=f"{name}.zip")
    assert by_files(server, token) == {("one.zip",): 1, ("two.zip",): 1}


def test_what_is_hidden_unfinished_or_no_file_is_left_alone(
    server: Server, token: str, watch: Make, drop: Path, tmp_path: Path
) -> None:
    for name in (".hidden", "~$open.docx", "back.txt~", "film.mp4.part", "film.crdownload", "x.TMP", ".git/config"):
        (drop / name).parent.mkdir(exist_ok=True)
        (drop / name).write_text(name)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("not for the server")
    (drop / "link.txt").symlink_to(outside / "secret.txt")
    (drop / "folder").symlink_to(outside)
    os.mkfifo(drop / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(drop / "socket"))
        watcher = watch(server.address, token)
        until(watcher, "watching")
        (drop / "last.txt").write_text("last")
        until(watcher, "filed", file="last.txt")
        assert by_files(server, token) == {("last.txt",): 1}
        (drop / "film.mp4.part").rename(drop / "film.mp4")
        until(watcher, "filed", file="film.mp4")


def test_a_growing_file_is_filed_once_and_whole(server: Server, token: str, watch: Make, drop: Path) -> None:
    watcher = watch(server.address, token)
    until(watcher, "watching")
    with (drop / "slow.log").open("w") as file:
        for number in range(40):
            file.write(f"line {number}\n")
            file.flush()
            time.sleep(0.1)
    until(watcher, "filed", file="slow.log")
    assert by_files(server, token) == {("slow.log",): 1}
    assert len(logged(watcher, "filed")) == 1


def test_names_of_any_bytes_are_filed(server: Server, token: str, watch: Make, drop: Path) -> None:
    (drop / os.fsdecode(b"caf\xe9\n.txt")).write_text("latin")
    (drop / 'Über "quoted"; x=1.txt').write_text("unicode")
    watcher = watch(server.address, token)
    until(watcher, "filed", 2)
    assert by_files(server, token) == {("caf\ufffd.txt",): 1, ('Über "quoted"; x=1.txt',): 1}


def test_what_is_refused_for_good_is_said_once_remembered_and_tried_again_when_touched(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    (drop / "big.bin").write_bytes(bytes(101 * 2**20))
    (drop / "small.txt").write_text("small")
    watcher = watch(server.address, token)
    (refused,) = until(watcher, "refused")
    assert (refused["file"], refused["reason"]) == ("big.bin", "An upload may have at most 100 MB.")
    until(watcher, "filed", file="small.txt")
    watcher.process.send_signal(signal.SIGTERM)
    assert watcher.ends() == 0
    again = watch(server.address, token)
    (drop / "next.txt").write_text("next")
    until(again, "filed", file="next.txt")
    assert not logged(again, "refused")
    os.utime(drop / "big.bin")
    until(again, "refused", file="big.bin")


def test_a_server_that_is_away_is_waited_for_and_said_once(server: Server, token: str, watch: Make, drop: Path) -> None:
    watcher = watch(server.address, token)
    until(watcher, "watching")
    server.keep_address()
    server.stop()
    (drop / "a.txt").write_text("a")
    until(watcher, "waiting for the server", file="a.txt")
    time.sleep(4)
    assert len(logged(watcher, "waiting for the server")) == 1
    server.start()
    until(watcher, "filed", file="a.txt")
    assert logged(watcher, "the server is back")
    assert by_files(server, token) == {("a.txt",): 1}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_also_while_it_waits(number: signal.Signals, watch: Make) -> None:
    watcher = watch("http://127.0.0.1:9", "slt_made_up")
    until(watcher, "waiting for the server")
    watcher.process.send_signal(number)
    assert watcher.ends() == 0
    assert "slt_made_up" not in "\n".join(watcher.lines)


def test_a_missing_or_wrong_token_project_or_folder_is_one_sentence(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    def said(*words: str, **settings: str) -> str:
        watcher = watch(*words, **settings)
        assert watcher.ends() == 2
        (line,) = [line for line in watcher.lines if line.startswith("sightline: ")]
        return line

    assert said(server.address, "") == (
        "sightline: SIGHTLINE_TOKEN is not set: a personal API token, made in the settings under Profile."
    )
    assert said(server.address, "hello").startswith("sightline: SIGHTLINE_TOKEN must be a personal API token")
    refused = said(server.address, "slt_made_up")
    assert refused.startswith(f"sightline: {server.address} refuses the token in SIGHTLINE_TOKEN: ")
    assert "slt_made_up" not in refused
    assert "There is no project NONE" in said(server.address, token, "none")
    assert "--server must be an address" in said("ftp://x", token)
    assert "which must not be filed" in said(server.address, token, SIGHTLINE_DATA=str(drop / "data"))
    drop.rmdir()
    assert "is not a folder" in said(server.address, token)


def test_a_token_that_is_taken_back_ends_it_and_names_the_file(
    server: Server, token: str, watch: Make, drop: Path
) -> None:
    theirs = add_person(server, "Rae", "reporter")
    watcher = watch(server.address, theirs)
    until(watcher, "watching")
    with httpx.Client(base_url=server.url, headers=bearer(theirs)) as client:
        (own,) = client.get("/me/tokens").json()["items"]
        assert client.delete(f"/me/tokens/{own['id']}").status_code == 204
    (drop / "a.txt").write_text("a")
    assert watcher.ends() == 2
    assert f"{server.address} refuses the token in SIGHTLINE_TOKEN for a.txt: " in watcher.lines[-1]
    later = watch(server.address, token)
    until(later, "filed", file="a.txt")


def test_a_second_watcher_of_the_folder_is_refused(
    server: Server, token: str, watch: Make, drop: Path, tmp_path: Path
) -> None:
    until(watch(server.address, token), "watching")
    for settings in ({}, {"SIGHTLINE_DATA": str(tmp_path / "other")}):
        second = watch(server.address, token, **settings)
        assert second.ends() == 2
        assert second.lines[-1] == f"sightline: {drop} is watched already, by another `sightline watch`."
