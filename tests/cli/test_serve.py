"""`sightline serve` as processes: address, refusals, signals, deaths."""

import os
import pty
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from sightline.cli.child import SECONDS_TO_STOP
from sightline.samples import story
from tests.cli.conftest import SIGHTLINE, Running, Start, eventually

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that this process listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


@contextmanager
def half_a_request(server: Running, request_id: str) -> Iterator[socket.socket]:
    """Keep a request running: its body has been promised and does not come."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        head = f"POST /api/v1/setup HTTP/1.1\r\nHost: {host}\r\nX-Request-ID: {request_id}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{".encode())
        server.ask("GET", "/health/live")  # once this later one is answered, that one has begun
        yield connection


def test_the_printed_address_has_the_real_port_and_answers(start: Start) -> None:
    server = start("serve", "--port", "0")
    assert not server.address.endswith(":0")
    assert server.ask("GET", "/health/ready").json()["status"] == "ready"
    assert f"Next: make the first administrator at {server.address}/setup" in server.lines
    assert not [line for line in server.lines if "token" in line]


def test_off_loopback_the_console_shows_the_set_up_token(start: Start) -> None:
    server = start("serve", "--port", "0", "--host", "0.0.0.0")
    line = eventually(lambda: next((line for line in server.lines if "token" in line), None), "the token")
    token = re.search(r"token: (\S+)", line)
    account = {"email": "ada@example.org", "name": "Ada", "password": "a long made-up sentence"}
    outside = {"X-Forwarded-For": "203.0.113.9"}
    assert server.ask("POST", "/api/v1/setup", json=account, headers=outside).status_code == 403
    assert token
    assert (
        server.ask("POST", "/api/v1/setup", json=account | {"setup_token": token[1]}, headers=outside).status_code
        == 201
    )


def test_a_taken_port_names_its_holder_and_a_free_one(run: Run, taken: int) -> None:
    code, said = run("serve", "--port", str(taken))
    assert code == 2
    taken_by = rf"Port {taken} is taken by process {os.getpid()} \(.+\)"
    spare = re.fullmatch(rf"sightline: {taken_by}\. Stop it, or choose another: --port (\d+) is free\.", said)
    assert spare
    assert int(spare[1]) > taken


def test_at_a_terminal_the_next_port_is_offered_and_used(taken: int, tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(SIGHTLINE, [SIGHTLINE, "serve", "--port", str(taken)])
    said = _read_until(terminal, b"[Y/n]")
    assert f"taken by process {os.getpid()}" in said
    os.write(terminal, b"\n")
    found = re.search(r"Sightline is at http://127\.0\.0\.1:(\d+)", _read_until(terminal, b"Next"))
    os.write(terminal, b"\x03")
    assert os.waitpid(pid, 0)[1] == 0
    os.close(terminal)
    assert found
    assert int(found[1]) > taken


def _read_until(terminal: int, end: bytes) -> str:
    said = b""
    while end not in said:
        said += os.read(terminal, 1024)
    return said.decode()


def test_an_address_that_is_not_ours_is_refused(run: Run) -> None:
    code, said = run("serve", "--host", "203.0.113.1", "--port", "0")
    assert (code, said) == (2, "sightline: Cannot listen on 203.0.113.1 port 0: Cannot assign requested address.")


def test_a_second_server_on_the_same_file_is_refused_by_name(start: Start, run: Run) -> None:
    first = start("serve", "--port", "0")
    assert first.address
    code, said = run("serve", "--port", "0")
    assert code == 2
    assert said.startswith("sightline: The database ")
    assert f"is in use by process {first.process.pid} (sightline serve --port 0)" in said
    assert len(said.splitlines()) == 1
    code, said = run("migrate")
    assert code == 2
    assert f"is in use by process {first.process.pid} (sightline serve --port 0)" in said


def test_a_file_is_not_for_several_server_processes_nor_for_a_worker_apart(run: Run) -> None:
    code, said = run("serve", "--workers", "2")
    assert (code, said) == (
        2,
        "sightline: --workers above 1 needs PostgreSQL; a SQLite file is for one server process.",
    )
    code, said = run("worker")
    assert code == 2
    assert said.startswith("sightline: A worker apart needs PostgreSQL;")


def test_a_wrong_setting_is_one_sentence_and_exit_code_2(run: Run) -> None:
    code, said = run("serve", REGISTRATION="sometimes")
    assert (code, said) == (2, "sightline: REGISTRATION must be open or closed.")


def test_a_misspelt_setting_is_named_at_start(start: Start) -> None:
    server = start("serve", "--port", "0", DATABASE_URI="x")
    assert server.address
    assert "sightline: DATABASE_URI is not a setting and is ignored; did you mean DATABASE_URL?" in server.lines


def test_a_killed_server_process_leaves_one_line_with_its_requests_and_is_replaced(start: Start) -> None:
    server = start("serve", "--port", "0")
    with half_a_request(server, "unlucky-1"), half_a_request(server, "unlucky-2"):
        victim = server.children[0]
        victim.kill()
        eventually(lambda: server.log("server process died"), "the line")
    eventually(lambda: server.is_up() and victim not in server.children, "another process")
    (line,) = server.log("server process died")
    assert (line["pid"], line["signal"], line["level"]) == (victim.pid, "SIGKILL", "error")
    assert line["requests_in_flight"] == ["unlucky-1", "unlucky-2"]


def test_a_finished_request_is_not_in_flight(start: Start) -> None:
    server = start("serve", "--port", "0")
    assert server.ask("GET", "/health/live").status_code == 200
    server.children[0].kill()
    (line,) = eventually(lambda: server.log("server process died"), "the line")
    assert line["requests_in_flight"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_although_a_request_does_not_end(start: Start, number: signal.Signals) -> None:
    server = start("serve", "--port", "0")
    with half_a_request(server, "slow"):
        server.process.send_signal(number)
        assert server.ends() == 0
    assert SECONDS_TO_STOP < 5  # by the clock it is `bench.start` that tells
    assert not server.log("server process died")


def test_a_running_request_is_answered_before_the_end(start: Start) -> None:
    server = start("serve", "--port", "0")
    with half_a_request(server, "patient") as connection:
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: not server.is_up(), "the stop")
        connection.sendall(b"}")
        assert connection.recv(100).startswith(b"HTTP/1.1 422 ")
        assert server.ends() == 0


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    server = start("serve", "--port", "0")
    assert server.address
    server.children[0].suspend()  # it cannot end by itself
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    assert server.ends() == 0
    assert time.monotonic() - begun < SECONDS_TO_STOP


def test_no_server_process_outlives_a_killed_parent(start: Start) -> None:
    server = start("serve", "--port", "0")
    assert server.address
    (child,) = server.children
    server.process.kill()
    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the child's end")


def test_changed_code_is_served_after_a_reload(start: Start) -> None:
    server = start("serve", "--port", "0", "--reload")
    assert server.address
    (before,) = server.children
    time.sleep(1)
    Path(story.__file__).touch()
    eventually(lambda: server.children and before not in server.children and server.is_up(), "another process")
    assert not server.log("server process died")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_several_workers_share_the_port_and_cover_for_one_another(start: Start, database_url: str) -> None:
    server = start("serve", "--port", "0", "--workers", "2", DATABASE_URL=database_url)
    assert server.address
    first, second = server.children
    first.kill()
    assert all(server.ask("GET", "/health/live").status_code == 200 for _ in range(20))
    eventually(lambda: len(server.children) == 2, "two again")
    assert second in server.children
    assert len(server.log("server process died")) == 1
    assert "sightline_requests_total" in server.ask("GET", "/metrics").text
    server.process.terminate()
    assert server.ends() == 0


def test_a_database_that_is_away_is_waited_for_without_a_stack(start: Start) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))  # and does not listen
        nowhere = f"postgresql://u:hunter2@127.0.0.1:{silent.getsockname()[1]}/d"
        server = start("serve", "--port", "0", DATABASE_URL=nowhere)
        eventually(lambda: len(server.log("server process died")) == 2, server.lines)
    assert server.log("cannot start yet")[0]["reason"]
    assert "Traceback" not in "\n".join(server.lines)
    assert "hunter2" not in "\n".join(server.lines)
    server.process.terminate()
    assert server.ends() == 0


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_worker_runs_apart_and_stops(start: Start, database_url: str) -> None:
    worker = start("worker", DATABASE_URL=database_url)
    eventually(lambda: "Sightline's worker is running." in worker.lines, "the worker")
    worker.children[0].kill()
    eventually(lambda: worker.log("server process died") and worker.children, "another worker")
    worker.process.terminate()
    assert worker.ends() == 0
