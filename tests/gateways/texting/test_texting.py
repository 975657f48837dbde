"""The signature of the documentation's own example, segments, and files that are fetched from where they may be."""

import pytest

from careloop.domains.channels.capabilities import segments_of
from careloop.gateways.texting import Account, MediaTrouble, fetch_media, is_signed, read_text, signature_of
from tests.servers.provider import provider

# Twilio, "Webhooks security", the worked example of explaining how signatures are made.
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
EXAMPLE_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def account(base: str) -> Account:
    return Account(api_base=base, account="AC123", token="t0ken", timeout_seconds=5)


class TestSignature:
    def test_is_that_of_the_documented_example(self) -> None:
        assert signature_of(EXAMPLE_URL, EXAMPLE, token="12345") == EXAMPLE_SIGNATURE
        assert is_signed(EXAMPLE_URL, EXAMPLE, token="12345", signature=EXAMPLE_SIGNATURE)

    @pytest.mark.parametrize("signature", ["", "x", "ÿ", EXAMPLE_SIGNATURE.lower(), EXAMPLE_SIGNATURE[:-2]])
    def test_is_refused_when_it_is_another(self, signature: str) -> None:
        assert not is_signed(EXAMPLE_URL, EXAMPLE, token="12345", signature=signature)
        assert not is_signed(EXAMPLE_URL, EXAMPLE, token="12346", signature=EXAMPLE_SIGNATURE)
        assert not is_signed(EXAMPLE_URL, [*EXAMPLE, ("To", "2")], token="12345", signature=EXAMPLE_SIGNATURE)

    def test_holds_with_and_without_the_usual_port(self) -> None:
        signature = signature_of("https://north.example:443/in", [], token="x")

        assert is_signed("https://north.example/in", [], token="x", signature=signature)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("가" * 70, 1),
        ("가" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_carriers_do(text: str, count: int) -> None:
    assert segments_of(text) == count


@pytest.mark.parametrize(
    ("body", "stops", "starts"),
    [
        ("Stop", True, False),
        (" STOPALL. ", True, False),
        ("please stop", False, False),
        ("unstop", False, True),
        ("Yes", False, True),
        ("yes please", False, False),
    ],
)
def test_one_word_alone_is_consent(body: str, stops: bool, starts: bool) -> None:
    told = read_text(f"MessageSid=SM1&From=%2B821012345678&Body={body}".encode())

    assert (told.stops, told.starts) == (stops, starts)


class TestFiles:
    def test_are_fetched_with_our_token_from_the_provider_alone(self) -> None:
        with provider() as one:
            one.files["/media/1"] = (200, {"Content-Type": "image/png"}, b"picture")

            media = fetch_media(account(one.base), url=f"{one.base}/media/1", content_type="", number=1, most_bytes=10)

        assert (media.name, media.content) == ("1.png", b"picture")
        assert one.tokens[0][1].startswith("Basic ")

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("https://127.0.0.1:1/x", "inside"),
            ("https://[::1]/x", "inside"),
            ("https://169.254.169.254/latest/meta-data", "inside"),
            ("https://10.1.2.3/x", "inside"),
            ("https://[::ffff:10.1.2.3]/x", "inside"),
            ("http://8.8.8.8/x", "not_private"),
            ("file:///etc/passwd", "no_address"),
            ("https://user:secret@8.8.8.8/x", "no_address"),
        ],
    )
    def test_are_never_asked_for_inside_the_own_network(self, url: str, reason: str) -> None:
        with pytest.raises(MediaTrouble) as trouble:
            fetch_media(account("https://api.example"), url=url, content_type="", number=1, most_bytes=10)

        assert (trouble.value.reason, trouble.value.is_final) == (reason, True)

    def test_do_not_lead_us_inside_by_a_redirect_either(self) -> None:
        with provider() as one, provider() as inside:
            one.files["/media/1"] = (307, {"Location": f"{inside.base}/secret"}, b"")

            with pytest.raises(MediaTrouble):
                fetch_media(account(one.base), url=f"{one.base}/media/1", content_type="", number=1, most_bytes=10)

        assert inside.tokens == []

    def test_are_refused_when_they_are_too_large(self) -> None:
        with provider() as one:
            one.files["/media/1"] = (200, {}, b"x" * 11)

            with pytest.raises(MediaTrouble) as trouble:
                fetch_media(account(one.base), url=f"{one.base}/media/1", content_type="", number=1, most_bytes=10)

        assert (trouble.value.reason, trouble.value.is_final) == ("too_large", True)
