"""A real submission server (aiosmtpd): signs people in, over TLS, STARTTLS or in the open."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from tests.servers.certificates import Certificate
from tests.servers.dovecot import free_port

__all__ = ["PASSWORD", "USER", "Submission", "submission"]

USER = "help@north.example"
PASSWORD = "비밀 correct-horse"


@dataclass(slots=True, kw_only=True)
class Submission:
    """A running server. sign_ins: mechanism and whether it was let in. taken: what was handed in."""

    host: str
    port: int
    sign_ins: list[tuple[str, bool]] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, auth: Any) -> AuthResult:
        known = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (USER.encode(), PASSWORD.encode())
        self.sign_ins.append((mechanism, known))
        return AuthResult(success=known, handled=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope)
        return "250 taken"


@contextmanager
def submission(
    *, certificate: Certificate | None, is_implicit: bool = False, refused: frozenset[str] = frozenset()
) -> Iterator[Submission]:
    """Run a server until the block ends.

    certificate: None offers no protection at all. is_implicit: TLS from the first byte on, as on port 465; otherwise
    STARTTLS is offered. refused: mechanisms of sign-in that are not offered.
    """
    state = Submission(host="127.0.0.1", port=free_port())
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)

    class Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                state,
                tls_context=None if is_implicit else context,
                require_starttls=context is not None and not is_implicit,
                hostname="localhost",
                auth_require_tls=False,
                authenticator=state.authenticate,
                auth_exclude_mechanism=refused,
            )

    server = Server(state, hostname=state.host, port=state.port, ssl_context=context if is_implicit else None)
    server.start()
    try:
        yield state
    finally:
        server.stop()
