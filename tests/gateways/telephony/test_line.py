"""The manager's line, against a telephone system played from captures of two versions of Asterisk over a real socket."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.gateways.telephony import (
    Account,
    ActionRefused,
    CannotConnect,
    Event,
    ManagerLine,
    NotAManager,
    PhoneTrouble,
    Security,
    TlsProblem,
    WrongSecret,
    connect,
)
from careloop.gateways.telephony.frames import MOST_FRAME_BYTES, FrameReader, written
from tests.servers.certificates import make_certificate
from tests.servers.manager import manager, recorded


def account(port: int, **other: Any) -> Account:
    plain = {"host": "127.0.0.1", "security": Security.PLAIN, "user": "careloop", "secret": "s3cret"}
    return Account(**{**plain, "port": port, "timeout_seconds": 5.0, **other})


def heard(line: Any, count: int) -> list[Event]:
    """Return events until there are so many, or none comes any more."""
    found: list[Event] = []
    while len(found) < count and (more := line.events(within_seconds=5.0)):
        found += more
    return found


@contextmanager
def says(*words: bytes) -> Iterator[int]:
    """Run a server that says something to whoever comes, and nothing else; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            client, _address = listener.accept()
            with client:
                for word in words:
                    client.sendall(word)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


class TestSigningIn:
    def test_answers_a_challenge_and_keeps_the_secret_off_the_wire(self) -> None:
        with manager() as pbx, connect(account(pbx.port)):
            pass

        assert [action["Action"] for action in pbx.heard[:2]] == ["Challenge", "Login"]
        assert "s3cret" not in str(pbx.heard)

    def test_says_the_secret_itself_only_over_tls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = make_certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(made.chain, made.key)

        with manager(tls=tls, gives_challenge=False) as pbx:
            with connect(account(pbx.port, security=Security.TLS)) as line:
                assert line.ping()
            monkeypatch.delenv("SSL_CERT_FILE")
            with pytest.raises(TlsProblem):
                connect(account(pbx.port, security=Security.TLS))
        with manager(gives_challenge=False) as open_pbx, pytest.raises(WrongSecret):
            connect(account(open_pbx.port))
        assert "s3cret" not in str(open_pbx.heard)

    @pytest.mark.parametrize("wrong", [{"secret": "guess"}, {"user": "somebody"}])
    def test_says_when_the_secret_is_wrong(self, wrong: dict[str, str]) -> None:
        with manager() as pbx, pytest.raises(WrongSecret) as refused:
            connect(account(pbx.port, **wrong))

        assert "guess" not in str(refused.value) + refused.value.detail

    def test_says_when_nobody_answers(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            port = listener.getsockname()[1]

        with pytest.raises(CannotConnect):
            connect(account(port))

    def test_says_when_no_such_name_can_be(self) -> None:
        with pytest.raises(CannotConnect):
            connect(account(5039, host="pbx..example"))

    def test_keeps_no_control_characters_of_what_something_else_says(self) -> None:
        with says(b"J\x00\x00\x005.7.3\x00\x1b[0m\n") as port, pytest.raises(NotAManager) as refused:
            connect(account(port))

        assert "5.7.3" in refused.value.detail
        assert refused.value.detail.isprintable()

    @pytest.mark.parametrize("words", [b"220 mail.example.com ESMTP\r\n", b"", b"x" * 500])
    def test_says_when_something_else_answers(self, words: bytes) -> None:
        with says(words) as port, pytest.raises(NotAManager):
            connect(account(port))


@pytest.mark.parametrize("name", ["iax22", "sip20"])
class TestEvents:
    def test_come_as_they_were_recorded(self, name: str) -> None:
        frames = recorded(name)[:3000]
        with manager(frames) as pbx, connect(account(pbx.port)) as line:
            player = threading.Thread(target=pbx.play)  # more than a socket holds, when nobody reads meanwhile
            player.start()
            found = heard(line, len(frames))
            player.join()

        assert [dict(one.fields) for one in found] == frames

    def test_wait_while_something_is_asked(self, name: str) -> None:
        frames = recorded(name)[:200]
        with manager(frames) as pbx, connect(account(pbx.port)) as line:
            pbx.play(100)
            seen = line.snapshot()
            pbx.play()
            line.ping()
            found = [*seen.before, *heard(line, len(frames) - len(seen.before))]

        assert [dict(one.fields) for one in found] == frames

    def test_say_how_the_queues_stand(self, name: str) -> None:
        frames = recorded(name)
        with manager(frames) as pbx:
            pbx.play(len(frames) // 2)
            with connect(account(pbx.port)) as line:
                seen = line.snapshot()

        assert {one.fields["Queue"] for one in seen.queues} == {"billing", "tech", "sales"}
        assert {one.fields["Name"] for one in seen.members} >= {"Ben Okafor", "Femi Ade"}
        waiting = {one.fields["Uniqueid"] for one in seen.callers}
        assert waiting <= {one.fields["Uniqueid"] for one in seen.channels}
        assert seen.at == frames[len(frames) // 2 - 1]["Timestamp"]


class TestLine:
    def test_tells_that_it_is_cut(self) -> None:
        with manager() as pbx, connect(account(pbx.port)) as line:
            pbx.cut()

            with pytest.raises(PhoneTrouble):
                line.events(within_seconds=5.0)

    def test_says_when_this_user_may_not_report_and_goes_on(self) -> None:
        with manager(may_report=False) as pbx, connect(account(pbx.port)) as line:
            with pytest.raises(ActionRefused):
                line.snapshot()
            assert line.ping()

    def test_ends_at_a_line_that_is_not_the_protocol(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            listener.settimeout(5.0)
            wire = socket.create_connection(listener.getsockname())
            other, _address = listener.accept()
            with other, ManagerLine(wire) as line:
                other.sendall(b"Event: Hangup\r\n<html>\r\n\r\n")
                with pytest.raises(NotAManager):
                    line.events(within_seconds=5.0)


class TestFrames:
    @given(st.lists(st.integers(1, 60), max_size=30), st.sampled_from([b"\r\n", b"\n"]))
    def test_are_the_same_wherever_the_pieces_end(self, sizes: list[int], ending: bytes) -> None:
        lines = [b"Event: A", b"Uniqueid: 1.2", b"Reason:", b"", b"Event: B", b"Name: a: b", b"", b""]
        body, reader, found = ending.join(lines), FrameReader(), list[Event]()
        for size in [*sizes, len(body)]:
            found += reader.feed(body[:size])
            body = body[size:]

        assert [dict(one.fields) for one in found] == [
            {"Event": "A", "Uniqueid": "1.2", "Reason": ""},
            {"Event": "B", "Name": "a: b"},
        ]

    @given(st.binary(max_size=400))
    def test_are_read_or_refused_whatever_comes(self, body: bytes) -> None:
        try:
            for one in FrameReader().feed(body + b"\n\n"):
                assert one.text
        except NotAManager:
            pass

    def test_do_not_grow_without_end(self) -> None:
        with pytest.raises(NotAManager):
            list(FrameReader().feed(b"Event: A\r\n" + b"x" * MOST_FRAME_BYTES))

    @pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0"])
    def test_take_no_value_that_would_be_an_action_of_its_own(self, break_: str) -> None:
        with pytest.raises(ValueError, match="line break"):
            written("Login", {"Username": f"a{break_}Action: Command"}, action_id="1")
