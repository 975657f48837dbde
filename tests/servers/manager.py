"""Asterisk's manager interface played from a capture: it sends what was recorded, and answers as things stood at that moment.

    .venv/bin/python -m tests.servers.manager iax22 --pace 10

plays one to whoever signs in, ten times as fast as it was recorded, with moments of now.
"""

import argparse
import gzip
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import md5
from pathlib import Path

__all__ = ["CAPTURES", "Manager", "manager", "recorded"]

CAPTURES = Path(__file__).parents[1] / "insight" / "imports" / "captures"
CHALLENGE = "840415273"
ACTS = {
    "Originate": "Originate successfully queued",
    "BlindTransfer": "Transfer succeeded",
    "Hangup": "Channel Hungup",
    "Atxfer": "Atxfer successfully queued",
    "MixMonitorMute": "",
    "StopMixMonitor": "Success",
}
"""What a manager may do, and what Asterisk says when it has taken it."""

Frame = dict[str, str]


def recorded(name: str) -> list[Frame]:
    """Return the frames of a capture, in the order in which a manager's client received them."""
    with gzip.open(CAPTURES / name / "ami_events.txt.gz", "rt", encoding="utf-8", newline="\n") as file:
        frames = file.read().replace("\r\n", "\n").split("\n\n")
    cut = [dict(line.split(": ", 1) for line in frame.split("\n") if ": " in line) for frame in frames]
    return [frame for frame in cut if "Event" in frame]


class Manager:
    """One telephone system.

    frames: what will happen. user, secret: who may sign in. gives_challenge: whether MD5 is offered.
    may_act: whether the user may do anything. goes_silent_at: an action at which the line breaks before it is answered.
    port: where it listens, 0 for any. is_now: whether what happens bears the moment of now, and not the one that was recorded.

    Afterwards `port` is where it listens, `heard` the actions that came, `place` how many frames have happened.
    """

    def __init__(
        self,
        frames: Sequence[Frame],
        *,
        user: str = "careloop",
        secret: str = "s3cret",
        gives_challenge: bool = True,
        tls: ssl.SSLContext | None = None,
        may_report: bool = True,
        may_act: bool = True,
        goes_silent_at: str = "",
        port: int = 0,
        is_now: bool = False,
    ) -> None:
        self._frames, self._user, self._secret = list(frames), user, secret
        self._gives_challenge, self._tls, self._may_report = gives_challenge, tls, may_report
        self._may_act, self._goes_silent_at, self._is_now = may_act, goes_silent_at, is_now
        self.place, self.heard = 0, list[Frame]()
        self._lock = threading.RLock()
        self._clients: list[socket.socket] = []
        self._signed_in = threading.Condition(self._lock)
        self._listeners: list[socket.socket] = []
        self._members: dict[tuple[str, str], Frame] = {}
        self._callers: dict[str, Frame] = {}
        self._channels: dict[str, Frame] = {}
        self._talking: dict[str, str] = {}
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._is_away = False
        threading.Thread(target=self._accept, daemon=True).start()

    def play(self, count: int | None = None, *, times: int = 1, pace: float | None = None) -> None:
        """Let the next frames happen, all that are left where count is None; clients that are signed in hear of them.

        times: how often each is sent. pace: how many times as fast as they were recorded; None for as fast as can be.
        """
        began, first = time.monotonic(), None
        until = len(self._frames) if count is None else min(len(self._frames), self.place + count)
        while self.place < until:
            frame = self._frames[self.place]
            if pace is not None:
                stamp = float(frame["Timestamp"])
                first = stamp if first is None else first
                time.sleep(max(0.0, (stamp - first) / pace - (time.monotonic() - began)))
            if self._is_now:
                frame = self._frames[self.place] = {**frame, "Timestamp": f"{time.time():.6f}"}
            with self._lock:
                self.place += 1
                self._happens(frame)
                for _time in range(times):
                    self._tell(frame)

    def cut(self) -> None:
        """Break all connections, and let none begin until `come_back`: what happens meanwhile nobody hears."""
        with self._lock:
            self._is_away = True
            for client in self._clients:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
            self._clients.clear()
            self._listeners.clear()

    def come_back(self) -> None:
        """Let clients in again."""
        with self._lock:
            self._is_away = False

    def restart(self) -> None:
        """Forget all calls and members, as a telephone system does that was started anew."""
        with self._lock:
            for one in (self._members, self._callers, self._channels, self._talking):
                one.clear()

    def wait_for_somebody(self) -> None:
        """Wait until somebody has signed in."""
        with self._lock:
            self._signed_in.wait_for(lambda: bool(self._listeners))

    def wait_for_question(self, action: str, *, count: int, seconds: float = 20.0) -> None:
        """Wait until some action has been asked for so many times in all. Raises TimeoutError."""
        with self._lock:
            if not self._signed_in.wait_for(
                lambda: sum(one["Action"] == action for one in self.heard) >= count, timeout=seconds
            ):
                raise TimeoutError(f"nobody asked for {action}")

    def stop(self) -> None:
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _now(self) -> str:
        if self._is_now:
            return f"{time.time():.6f}"
        return self._frames[max(self.place - 1, 0)]["Timestamp"] if self._frames else "1795296936.000001"

    def _happens(self, frame: Frame) -> None:
        """Keep how things stand."""
        match frame["Event"]:
            case "Newchannel":
                self._channels[frame["Uniqueid"]] = frame
            case "BridgeEnter" if frame["Uniqueid"] in self._channels:
                known = self._channels[frame["Uniqueid"]]
                self._channels[frame["Uniqueid"]] = {**known, "BridgeId": frame.get("BridgeUniqueid", "")}
            case "Hangup":
                self._channels.pop(frame["Uniqueid"], None)
                self._callers.pop(frame["Uniqueid"], None)
            case "QueueCallerJoin":
                self._callers[frame["Uniqueid"]] = frame
            case "QueueCallerLeave":
                self._callers.pop(frame["Uniqueid"], None)
            case "QueueMemberAdded" | "QueueMemberPause":
                self._members[frame["Queue"], frame["MemberName"]] = frame
            case "QueueMemberRemoved":
                self._members.pop((frame["Queue"], frame["MemberName"]), None)
            case "AgentConnect":
                self._talking[frame["MemberName"]] = frame["Queue"]
            case "AgentComplete":
                self._talking.pop(frame["MemberName"], None)

    def _tell(self, frame: Frame) -> None:
        text = _text(frame)
        for client in self._listeners:
            with suppress(OSError):
                client.sendall(text)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), self._secured(client) as client:
            with self._lock:
                if self._is_away:
                    return
                self._clients.append(client)
            client.sendall(b"Asterisk Call Manager/9.0.0\r\n")
            action: Frame = {}
            for line in client.makefile("rb"):
                text = line.decode().rstrip("\r\n")
                if text:
                    name, _colon, value = text.partition(": ")
                    action[name] = value
                    continue
                with self._lock:
                    self.heard.append(action)
                    goes_on = self._answer(client, action)
                    self._signed_in.notify_all()
                    if not goes_on:
                        return
                action = {}

    def _secured(self, client: socket.socket) -> socket.socket:
        try:
            return client if self._tls is None else self._tls.wrap_socket(client, server_side=True)
        except OSError:
            client.close()
            raise

    def _answer(self, client: socket.socket, action: Frame) -> bool:
        """Answer one action and say whether the connection goes on."""

        def say(**fields: str) -> None:
            client.sendall(_text({**fields, "ActionID": action.get("ActionID", "")}))

        name = action.get("Action", "")
        if name == "Challenge" and self._gives_challenge:
            say(Response="Success", Challenge=CHALLENGE)
        elif name == "Login":
            key = md5(f"{CHALLENGE}{self._secret}".encode(), usedforsecurity=False).hexdigest()
            is_right = action.get("Key") == key if "Key" in action else action.get("Secret") == self._secret
            if action.get("Username") != self._user or not is_right:
                say(Response="Error", Message="Authentication failed")
                return False
            say(Response="Success", Message="Authentication accepted")
            self._listeners.append(client)
            self._signed_in.notify_all()
        elif client not in self._listeners:
            say(Response="Error", Message="Permission denied")
        elif name == "Ping":
            say(Response="Success", Ping="Pong", Timestamp=self._now())
        elif name == "QueueStatus" and self._may_report:
            self._list(say, self._queue_status(), "QueueStatusComplete")
        elif name == "CoreShowChannels" and self._may_report:
            self._list(say, self._shown_channels(), "CoreShowChannelsComplete")
        elif name == self._goes_silent_at:
            return False
        elif name == "QueuePause" and self._may_act:
            found = [one for one in self._members.values() if one["Interface"] == action.get("Interface")]
            if not found:
                say(Response="Error", Message="Interface not found")
                return True
            say(Response="Success", Message="Interface paused successfully")
            for one in found:
                self._pause(one, is_paused=action["Paused"] == "true", reason=action.get("Reason", ""))
        elif name in ACTS and self._may_act:
            say(Response="Success", Message=ACTS[name])
        elif name == "Logoff":
            say(Response="Goodbye", Message="Until the next call.")
            return False
        else:
            say(Response="Error", Message="Permission denied")
        return True

    def standing(self) -> tuple[set[str], set[str]]:
        """Return the calls that wait in queues at this moment, and the agents who talk to callers of queues."""
        with self._lock:
            return set(self._callers), set(self._talking)

    def pause_at_phone(self, name: str, *, is_paused: bool, reason: str = "") -> None:
        """Let an agent pause at their phone, in all queues, or end that."""
        with self._lock:
            for one in [one for one in self._members.values() if one["MemberName"] == name]:
                self._pause(one, is_paused=is_paused, reason=reason)

    def paused(self, name: str) -> list[str | None]:
        """Return the reasons for which an agent is paused, queue by queue; None where they are not."""
        with self._lock:
            own = [one for one in self._members.values() if one["MemberName"] == name]
            return [one.get("PausedReason", "") if one.get("Paused") == "1" else None for one in own]

    def _pause(self, member: Frame, *, is_paused: bool, reason: str) -> None:
        changed = {**member, "Event": "QueueMemberPause", "Paused": str(int(is_paused)), "Timestamp": self._now()}
        changed["PausedReason"] = reason if is_paused else ""
        self._members[member["Queue"], member["MemberName"]] = changed
        self._tell(changed)

    @staticmethod
    def _list(say: object, frames: Sequence[Frame], end: str) -> None:
        assert callable(say)
        say(Response="Success", EventList="start", Message="will follow")
        for frame in frames:
            say(**frame)
        say(Event=end, EventList="Complete", ListItems=str(len(frames)))

    def _queue_status(self) -> list[Frame]:
        queues = sorted({queue for queue, _name in self._members} | {one["Queue"] for one in self._callers.values()})
        now = float(self._now())
        return [
            *({"Event": "QueueParams", "Queue": queue, "Strategy": "rrmemory"} for queue in queues),
            *(
                {
                    "Event": "QueueMember",
                    "Queue": queue,
                    "Name": name,
                    "Location": frame["Interface"],
                    "Membership": "dynamic",
                    "Status": "2" if name in self._talking else "1",
                    "InCall": str(int(self._talking.get(name) == queue)),
                    "Paused": frame.get("Paused", "0"),
                    "PausedReason": frame.get("PausedReason", ""),
                }
                for (queue, name), frame in self._members.items()
            ),
            *(
                {
                    "Event": "QueueEntry",
                    "Queue": frame["Queue"],
                    "Position": frame["Position"],
                    "Channel": frame["Channel"],
                    "Uniqueid": call,
                    "CallerIDNum": frame.get("CallerIDNum", ""),
                    "Wait": str(int(now - float(frame["Timestamp"]))),
                }
                for call, frame in self._callers.items()
            ),
        ]

    def _shown_channels(self) -> list[Frame]:
        names = ("Channel", "CallerIDNum", "Context", "Exten", "Uniqueid", "Linkedid", "BridgeId")
        return [
            {"Event": "CoreShowChannel", **{name: frame.get(name, "") for name in names}}
            for frame in self._channels.values()
        ]


@contextmanager
def manager(frames: Sequence[Frame] = (), **settings: object) -> Iterator[Manager]:
    """Run a telephone system until the block ends; see Manager for its settings."""
    running = Manager(frames, **settings)  # type: ignore[arg-type]
    try:
        yield running
    finally:
        running.stop()


def _text(frame: Frame) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in frame.items()).encode() + b"\r\n"


def main() -> None:
    """Play a capture to whoever signs in."""
    reading = argparse.ArgumentParser(description="Play a capture as Asterisk's manager interface.")
    reading.add_argument("capture", choices=sorted(one.name for one in CAPTURES.iterdir() if one.is_dir()))
    reading.add_argument("--pace", type=float, default=1.0, help="how many times as fast as it was recorded")
    reading.add_argument("--port", type=int, default=5038)
    asked, say = reading.parse_args(), sys.stdout.write
    with manager(recorded(asked.capture), port=asked.port, is_now=True) as pbx:
        say(f"127.0.0.1, port {pbx.port}, no TLS, user careloop, secret s3cret. Waiting for somebody to sign in.\n")
        pbx.wait_for_somebody()
        say("Playing.\n")
        pbx.play(pace=asked.pace)
        say("That was all. Stop with Ctrl-C.\n")
        threading.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
