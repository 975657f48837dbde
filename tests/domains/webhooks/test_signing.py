"""Signatures as other systems' libraries check them."""

from careloop.domains.webhooks.signing import headers_of, new_key, new_secret, signature
from tests.cast import NOW

# The test vector that the standard publishes for its libraries (https://github.com/standard-webhooks/standard-webhooks).
SECRET, KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signs_as_the_standard_does() -> None:
    assert signature(secret=SECRET, key=KEY, timestamp=1614265330, body='{"test": 2432232314}') == EXPECTED


def test_each_secret_signs_and_each_is_new() -> None:
    secrets = [new_secret(), new_secret()]
    headers = headers_of(key=KEY, body="{}", secrets=secrets, at=NOW)

    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"].split(" ") == [
        signature(secret=one, key=KEY, timestamp=int(NOW.timestamp()), body="{}") for one in secrets
    ]
    assert len({*secrets, new_key(), new_key()}) == 4
