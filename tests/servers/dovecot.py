"""A real Dovecot with a configuration and mail of its own, on free local ports."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

from tests.servers.certificates import Certificate, make_certificate

__all__ = ["Dovecot", "dovecot_binary", "running_dovecot"]

PASSWORD = "correct-horse"
STARTUP_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """A running server. Any user name signs in with `password` and has an empty mailbox at first.

    authority: the certificate to trust for its own to be known.
    """

    host: str
    port: int
    tls_port: int
    password: str
    authority: Path

    def deliver(self, user: str, raw: bytes, *, folder: str = "INBOX") -> None:
        """Put one message into a folder."""
        with closing_imap(self, user) as client:
            client.append(folder, "", "", raw)

    def create(self, user: str, folder: str) -> None:
        """Create a folder."""
        with closing_imap(self, user) as client:
            client.create(folder)


@contextmanager
def closing_imap(server: Dovecot, user: str) -> Iterator[IMAP4]:
    client = IMAP4(server.host, server.port)
    try:
        client.login(user, server.password)
        yield client
    finally:
        client.logout()


def dovecot_binary() -> str | None:
    """Find the server, also where it is not on the path of ordinary users."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Run a server until the block ends."""
    binary = dovecot_binary()
    if binary is None:
        raise FileNotFoundError("dovecot")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        certificate = make_certificate(home, names="IP:127.0.0.1")
        server = Dovecot(
            host="127.0.0.1",
            port=free_port(),
            tls_port=free_port(),
            password=PASSWORD,
            authority=certificate.authority,
        )
        config = home / "dovecot.conf"
        config.write_text(configuration(home, server, certificate))
        process = subprocess.Popen([binary, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            wait_for(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=STARTUP_SECONDS)
            if process.stderr is not None:
                process.stderr.close()


def configuration(home: Path, server: Dovecot, certificate: Certificate) -> str:
    """Write a configuration that runs as root or as anybody, with everything below one folder."""
    me = pwd.getpwuid(os.getuid()).pw_name
    # Dovecot refuses to read mail as root, and cannot become anybody else when it is not root.
    reader = "nobody" if os.getuid() == 0 else me
    group = pwd.getpwnam(reader).pw_gid
    mail = home / "mail"
    mail.mkdir()
    os.chown(mail, pwd.getpwnam(reader).pw_uid, group)
    internal = "" if os.getuid() == 0 else f"default_login_user = {me}\ndefault_internal_user = {me}\n"
    chroot = "" if os.getuid() == 0 else "chroot =\n"
    return f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = {server.host}
ssl = yes
ssl_cert = <{certificate.chain}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
mail_location = maildir:{mail}/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
{internal}
auth_failure_delay = 0 secs
auth_username_chars =
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = password={server.password}
}}
userdb {{
  driver = static
  args = uid={pwd.getpwnam(reader).pw_uid} gid={group} home={mail}/%u
}}
"""


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server greets, or say why it does not."""
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            words = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"Dovecot did not start: {words}")
        try:
            with socket.create_connection((server.host, server.port), timeout=1) as client:
                if client.recv(4):
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("Dovecot did not answer in time.")
