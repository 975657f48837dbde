"""One request: answered, refused, pointed elsewhere, dripped at, cut off, and never into our own network."""

import socket
import threading
from collections.abc import Iterator

import pytest

from careloop.gateways.asking import Answer, Problem, ask
from tests.servers.hooks import hooked

BODY = b'{"told": true}'


@pytest.fixture
def odd_port() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine that answers each connection with the next of some bytes, and then keeps it open."""
    answers: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve() -> None:
        try:
            while True:
                client, _address = listener.accept()
                client.sendall(answers.pop(0))
                held.append(client)
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], answers
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
    for client in held:
        client.close()


def posted(url: str, *, trusts: bool = True, time_limit_s: float = 5.0) -> tuple[int | None, Problem | None]:
    headers = {"webhook-id": "msg_1"}
    answer: Answer = ask("POST", url, headers=headers, body=BODY, trusts=trusts, time_limit_s=time_limit_s)
    assert answer.took_ms >= 0
    return answer.code, answer.problem


class TestPost:
    def test_carries_the_body_and_the_headers(self) -> None:
        with hooked(204) as system:
            assert posted(f"{system.url}?from=us") == (204, None)

        (came,) = system.came
        assert (came.path, came.body, came.headers["webhook-id"]) == ("/told?from=us", BODY.decode(), "msg_1")
        assert came.headers["host"] == system.url.split("/")[2]

    def test_what_points_elsewhere_is_not_followed(self) -> None:
        with hooked(301, 200) as system:
            assert posted(system.url) == (301, None)

        assert len(system.came) == 1

    def test_a_system_that_hangs_is_left(self) -> None:
        with hooked(0) as system:
            assert posted(system.url, time_limit_s=0.3) == (None, Problem.TIMEOUT)

    def test_a_system_that_drips_is_left_as_well(self, odd_port: tuple[int, list[bytes]]) -> None:
        port, answers = odd_port
        answers += [b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 2"]

        for _answer in range(2):
            assert posted(f"http://127.0.0.1:{port}/", time_limit_s=0.3) == (None, Problem.TIMEOUT)

    def test_what_is_no_answer_is_said_to_be_none(self, odd_port: tuple[int, list[bytes]]) -> None:
        port, answers = odd_port
        answers += [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"x" * 200_000]

        for _answer in range(2):
            assert posted(f"http://127.0.0.1:{port}/") == (None, Problem.NO_ANSWER)

    def test_a_greeting_before_the_answer_is_passed_over(self, odd_port: tuple[int, list[bytes]]) -> None:
        port, answers = odd_port
        answers.append(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")

        assert posted(f"http://127.0.0.1:{port}/") == (200, None)

    def test_a_closed_port_and_a_server_without_tls_are_unreachable(self, odd_port: tuple[int, list[bytes]]) -> None:
        port, answers = odd_port
        answers.append(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = closed.getsockname()[1]

        assert posted(f"http://127.0.0.1:{nobody}/") == (None, Problem.UNREACHABLE)
        assert posted(f"https://127.0.0.1:{port}/") == (None, Problem.UNREACHABLE)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1"])
def test_nothing_goes_into_our_own_network(host: str) -> None:
    with hooked(200) as system:
        port = system.url.split(":")[2].split("/")[0]

        assert posted(f"http://{host}:{port}/told", trusts=False) == (None, Problem.INSIDE)

    assert system.came == []


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, look_up = [], socket.getaddrinfo

    def changing(host: str, port: int, *args: int, **more: int) -> object:
        """Lead a name here once, and to nowhere ever after."""
        asked.append(host)
        is_ours = host == "changing.example"
        return look_up("127.0.0.1" if is_ours and asked.count(host) == 1 else host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with hooked(200) as system:
        assert posted(system.url.replace("127.0.0.1", "changing.example")) == (200, None)

    assert asked.count("changing.example") == 1


class TestBody:
    @pytest.mark.parametrize(
        ("said", "body"),
        [
            (b"content-length: 5\r\n\r\nhello and more", b"hello"),
            (b"content-length: 13\r\n\r\nhello and more", b"hello and"),
            (b"transfer-encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", b"hello"),
            (b"transfer-encoding: chunked\r\n\r\nff\r\nhello and then so much more", b"hello and"),
        ],
    )
    def test_is_read_as_far_as_it_is_wanted_and_one_byte_further(
        self, odd_port: tuple[int, list[bytes]], said: bytes, body: bytes
    ) -> None:
        port, answers = odd_port
        answers.append(b"HTTP/1.1 200 OK\r\n" + said)

        answer = ask("GET", f"http://127.0.0.1:{port}/", headers={}, trusts=True, most_bytes=8, time_limit_s=5)

        assert (answer.code, answer.body) == (200, body)

    @pytest.mark.parametrize(
        "said",
        [
            b"content-length: -5\r\n\r\nhello",
            b"transfer-encoding: chunked\r\n\r\n-1\r\nhello",
            b"x" * 200_000,
        ],
    )
    def test_that_cannot_be_read_is_no_answer_to_what_was_sent(
        self, odd_port: tuple[int, list[bytes]], said: bytes
    ) -> None:
        port, answers = odd_port
        answers.append(b"HTTP/1.1 200 OK\r\n" + said)

        answer = ask("GET", f"http://127.0.0.1:{port}/", headers={}, trusts=True, most_bytes=8, time_limit_s=5)

        assert (answer.code, answer.problem, answer.was_sent, answer.body) == (None, Problem.NO_ANSWER, True, b"")

    def test_that_drips_is_left(self, odd_port: tuple[int, list[bytes]]) -> None:
        port, answers = odd_port
        answers.append(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel")

        answer = ask("GET", f"http://127.0.0.1:{port}/", headers={}, trusts=True, most_bytes=8, time_limit_s=1)

        assert (answer.code, answer.problem, answer.was_sent) == (None, Problem.TIMEOUT, True)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "https://user:secret@8.8.8.8/x", "http://x\r\ny/", "http:///", "https://8.8.8.8:99999/"],
)
def test_what_is_no_address_is_found_nowhere(url: str) -> None:
    assert posted(url) == (None, Problem.NOT_FOUND)
