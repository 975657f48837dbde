"""Which addresses are of the public internet."""

import pytest

from careloop.kernel.outside import is_address, is_outside


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "[2606:4700::1111]"])
def test_the_public_internet_is_outside(host: str) -> None:
    assert is_address(host)
    assert is_outside(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "[::1]",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "example.com",
        "",
    ],
)
def test_everything_else_is_not(host: str) -> None:
    assert not is_outside(host)
