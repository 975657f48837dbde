"""A certificate authority of one's own, as companies have for their mail servers."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Certificate", "make_certificate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """authority: what a client must trust. chain, key: what the server shows and proves itself with."""

    authority: Path
    chain: Path
    key: Path


def make_certificate(folder: Path, *, names: str = "DNS:localhost,IP:127.0.0.1") -> Certificate:
    """Make an authority, and a server's certificate by it, good for a day or two.

    names: whom the server's certificate is about, as openssl writes it.
    """
    made = Certificate(authority=folder / "ca.pem", chain=folder / "cert.pem", key=folder / "key.pem")
    ca_key, request = folder / "ca-key.pem", folder / "request.pem"
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl(
        "req", "-x509", *new, "-days", "2", "-subj", "/CN=Test authority", "-keyout", ca_key, "-out", made.authority,
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip
    _openssl("req", *new, "-subj", "/CN=Test server", "-keyout", made.key, "-out", request)
    extensions = folder / "extensions"
    extensions.write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\n")
    _openssl(
        "x509", "-req", "-in", request, "-CA", made.authority, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
        "-extfile", extensions, "-out", made.chain,
    )  # fmt: skip
    return made


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
