"""What the receiving server found out about the sender (RFC 8601), and what its spam filter thinks."""

import re
from dataclasses import dataclass
from enum import StrEnum

from careloop.gateways.mime.types import ParsedMail

__all__ = ["Authentication", "SpamHint", "Verdict", "authentication", "spam_hint"]


class Verdict(StrEnum):
    """The results of RFC 8601 that a reader can use; NONE also when the server says nothing."""

    PASS = "pass"  # noqa: S105  a verdict, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Verdicts of the receiving server. header_from_aligned: the visible From is the domain that was proven."""

    spf: Verdict
    dkim: Verdict
    dmarc: Verdict
    header_from_aligned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamHint:
    """What the filter in front of us wrote. is_flagged: None when it says nothing. score: on the filter's own scale."""

    is_flagged: bool | None
    score: float | None


COMMENT = re.compile(r"\([^()]*\)")
UNQUOTED_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"|")+')
RESULT = re.compile(r"\s*([a-z0-9-]{1,30})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})\b(.*)", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(r"\b(header|smtp|policy)\.([a-z-]{1,20})\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
SCORE = re.compile(r"(?:^|\bscore=|\bhits=)\s*(-?\d{1,4}(?:\.\d{1,6})?)", re.IGNORECASE)
SYNONYMS = {"hardfail": Verdict.FAIL, "bestguesspass": Verdict.NEUTRAL, "policy": Verdict.NEUTRAL}


def authentication(parsed: ParsedMail, *, trusted_host: str) -> Authentication:
    """Read the Authentication-Results of our own receiving server.

    trusted_host: the authserv-id that this server writes, such as "mx.google.com"; set it only for a server that always
    writes one, for else the topmost may be forged.

    Only the topmost header of this name counts, with those of the same host that follow before the next Received line:
    the server adds at the top, a sender can forge only below.
    """
    verdicts: dict[str, Verdict] = {}
    properties: dict[str, dict[str, str]] = {}
    began = False
    for name, value in parsed.headers:
        if name == "received" and began:
            break
        if name != "authentication-results" or not is_by(value, trusted_host):
            continue
        began = True
        for method, verdict, facts in results(value):
            # Several signatures, several dkim results: one that passes is enough.
            if method not in verdicts or (method == "dkim" and verdict is Verdict.PASS != verdicts[method]):
                verdicts[method], properties[method] = verdict, facts
    spf, dkim, dmarc = (verdicts.get(method, Verdict.NONE) for method in ("spf", "dkim", "dmarc"))
    domain = parsed.from_.address.rpartition("@")[2] if parsed.from_ else ""
    proven = [
        properties["dmarc"].get("header.from", domain) if dmarc is Verdict.PASS else "",
        properties["dkim"].get("header.d") or properties["dkim"].get("header.i", "") if dkim is Verdict.PASS else "",
        properties["spf"].get("smtp.mailfrom", "") if spf is Verdict.PASS else "",
    ]
    is_aligned = dmarc is not Verdict.FAIL and any(is_same_house(one, domain) for one in proven)
    return Authentication(spf=spf, dkim=dkim, dmarc=dmarc, header_from_aligned=is_aligned)


def is_by(value: str, host: str) -> bool:
    """Say whether the header's authserv-id is this host."""
    server = without_comments(value).split(";", 1)[0].split()
    return bool(server) and server[0].lower().rstrip(".") == host.lower().rstrip(".")


def without_comments(value: str) -> str:
    """Drop comments, nested ones too, since a comment may hold anything that a sender chose."""
    for _ in range(5):
        value, count = COMMENT.subn(" ", value)
        if not count:
            break
    return value


def results(value: str) -> list[tuple[str, Verdict, dict[str, str]]]:
    """Split one header into method, verdict and properties such as header.d."""
    found = []
    # A quoted sender address may hold a semicolon and a result of the sender's choice behind it.
    for piece in UNQUOTED_PIECE.findall(without_comments(value))[1:50]:
        if result := RESULT.match(piece):
            word = result[2].lower()
            verdict = SYNONYMS.get(word) or (Verdict(word) if word in list(Verdict) else Verdict.NEUTRAL)
            facts = {
                f"{kind}.{name}".lower(): text.strip('"').lower() for kind, name, text in PROPERTY.findall(result[3])
            }
            found.append((result[1].lower(), verdict, facts))
    return found


def is_same_house(proven: str, domain: str) -> bool:
    """Say whether a proven domain is the From domain, its parent or its child (relaxed alignment, no suffix list)."""
    proven = proven.rpartition("@")[2].strip("<>.")
    if not proven or not domain or "." not in proven:
        return False
    return proven == domain or proven.endswith(f".{domain}") or domain.endswith(f".{proven}")


def spam_hint(parsed: ParsedMail) -> SpamHint:
    """Read the headers that SpamAssassin, Rspamd and their kin add; the topmost of each name counts."""
    flag = (
        (parsed.header("x-spam-flag") or parsed.header("x-spam") or parsed.header("x-spam-status") or "")
        .strip()
        .lower()
    )
    is_flagged = True if flag.startswith(("yes", "true")) else False if flag.startswith(("no", "false")) else None
    score = None
    for name in ("x-spam-score", "x-spam-status", "x-rspamd-score"):
        if score is None and (found := SCORE.search(parsed.header(name) or "")):
            score = float(found[1])
    return SpamHint(is_flagged=is_flagged, score=score)
