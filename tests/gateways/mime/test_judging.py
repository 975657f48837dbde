"""Origins, delivery reports, verdicts of the receiving server, and the sanitizer."""

import re

import pytest

from careloop.gateways.mime import (
    DeliveryAction,
    Limits,
    OriginKind,
    ParsedMail,
    Verdict,
    authentication,
    delivery_report,
    origin,
    parse,
    sanitize,
    spam_hint,
)
from tests.mails.make import MAILS

MARK = "installation-7"


def mail_with(*headers: str, sender: str = "kim@example.com", subject: str = "Hello") -> ParsedMail:
    lines = [*headers, f"From: {sender}", f"Subject: {subject}", "Content-Type: text/plain; charset=utf-8"]
    return parse("\r\n".join([*lines, "", "Hi"]).encode(), limits=Limits())


class TestOrigin:
    @pytest.mark.parametrize(
        ("headers", "kind"),
        [
            ([], OriginKind.HUMAN),
            (["Auto-Submitted: no"], OriginKind.HUMAN),
            (["Return-Path: <kim@example.com>"], OriginKind.HUMAN),
            (["X-Careloop: another-installation"], OriginKind.HUMAN),
            ([f"X-Careloop: {MARK}"], OriginKind.OWN_LOOP),
            (["Auto-Submitted: auto-replied (vacation)"], OriginKind.AUTO_REPLY),
            (["Auto-Submitted: auto-generated; x=y"], OriginKind.AUTOMATIC),
            (["X-Autoreply: yes"], OriginKind.AUTO_REPLY),
            (["X-Autorespond: Out"], OriginKind.AUTO_REPLY),
            (["Precedence: auto_reply"], OriginKind.AUTO_REPLY),
            (["Precedence: bulk"], OriginKind.BULK),
            (["List-Id: <news.example.com>"], OriginKind.BULK),
            (["List-Unsubscribe: <mailto:x@example.com>"], OriginKind.BULK),
            (["Feedback-ID: a:b"], OriginKind.BULK),
            (["Return-Path: <>"], OriginKind.AUTOMATIC),
        ],
    )
    def test_is_told_by_headers(self, headers: list[str], kind: OriginKind) -> None:
        assert origin(mail_with(*headers), loop_mark=MARK).kind is kind

    @pytest.mark.parametrize(
        "subject",
        [
            "Automatic reply: Hello",
            "Out of Office",
            "자동 회신: 문의",
            "부재중 알림",
            "自动回复：你好",
            "Trả lời tự động: Xin chào",
        ],
    )
    def test_takes_a_subject_only_as_a_hint(self, subject: str) -> None:
        with_header = mail_with("X-Auto-Response-Suppress: All", subject=subject)

        assert origin(with_header, loop_mark=MARK).kind is OriginKind.AUTO_REPLY
        assert origin(mail_with(subject=subject), loop_mark=MARK).kind is OriginKind.HUMAN

    def test_keeps_silent_towards_a_person_whose_program_asks_for_it(self) -> None:
        verdict = origin(mail_with("X-Auto-Response-Suppress: OOF, AutoReply"), loop_mark=MARK)

        assert verdict.kind is OriginKind.HUMAN
        assert not verdict.may_be_answered_by_machine

    def test_answers_a_person(self) -> None:
        assert origin(mail_with(), loop_mark=MARK).may_be_answered_by_machine

    @pytest.mark.parametrize("sender", ["noreply@example.com", "MAILER-DAEMON@example.com", "no-reply@example.com"])
    def test_knows_addresses_of_robots(self, sender: str) -> None:
        assert not origin(mail_with(sender=sender), loop_mark=MARK).may_be_answered_by_machine

    def test_tells_a_disposition_notification(self) -> None:
        raw = (
            b'From: a@b.c\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
            b"--b\r\n\r\nread\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x\r\n--b--"
        )

        assert origin(parse(raw, limits=Limits()), loop_mark=MARK).kind is OriginKind.DISPOSITION_NOTIFICATION


class TestDeliveryReport:
    @pytest.mark.parametrize(
        ("name", "status", "number"),
        [
            ("bounce_rfc3464", "5.1.1", 1),
            ("bounce_headers_only", "5.2.2", 2),
            ("bounce_qmail", "5.1.1", 3),
            ("bounce_exim", "5.2.2", 4),
            ("bounce_exchange", "5.7.1", 5),
            ("bounce_naver", "5.1.1", 6),
            ("bounce_qq", "", 7),
        ],
    )
    def test_names_recipient_and_mail(self, name: str, status: str, number: int) -> None:
        mail = parse(MAILS[name], limits=Limits())

        first = delivery_report(mail)[0]

        assert origin(mail, loop_mark=MARK).kind is OriginKind.DELIVERY_REPORT
        assert (first.recipient, first.action, first.status) == ("kim@example.com", DeliveryAction.FAILED, status)
        # QQ returns nothing of the mail.
        assert first.original_message_id == (f"ours-{number}@help.example" if number < 7 else None)

    def test_tells_delayed_from_failed(self) -> None:
        _, second = delivery_report(parse(MAILS["bounce_rfc3464"], limits=Limits()))

        assert (second.recipient, second.action) == ("lee@example.com", DeliveryAction.DELAYED)

    def test_keeps_the_other_servers_words(self) -> None:
        (report,) = delivery_report(parse(MAILS["bounce_qmail"], limits=Limits()))

        assert "550 5.1.1 unknown user" in report.diagnostic


class TestAuthentication:
    def test_reads_the_trusted_host_only(self) -> None:
        mail = mail_with(
            "Authentication-Results: mx.ours.example; spf=pass smtp.mailfrom=kim@example.com;"
            " dkim=pass (2048-bit) header.d=example.com; dmarc=pass (p=REJECT) header.from=example.com",
            "Received: from outside",
            "Authentication-Results: mx.ours.example; spf=fail; dkim=fail; dmarc=fail",
        )

        found = authentication(mail, trusted_host="mx.ours.example")

        assert (found.spf, found.dkim, found.dmarc) == (Verdict.PASS, Verdict.PASS, Verdict.PASS)
        assert found.header_from_aligned

    def test_ignores_what_a_sender_forged_below(self) -> None:
        mail = mail_with(
            "Authentication-Results: mx.ours.example 1; spf=softfail smtp.mailfrom=x; dmarc=fail header.from=example.com",
            "Received: from outside",
            "Authentication-Results: mx.ours.example; dkim=pass header.d=example.com; dmarc=pass header.from=example.com",
        )

        found = authentication(mail, trusted_host="mx.ours.example")

        assert (found.spf, found.dkim, found.dmarc) == (Verdict.SOFTFAIL, Verdict.NONE, Verdict.FAIL)
        assert not found.header_from_aligned

    def test_ignores_other_hosts(self) -> None:
        found = authentication(
            mail_with("Authentication-Results: evil.example; dmarc=pass"), trusted_host="mx.ours.example"
        )

        assert found.dmarc is Verdict.NONE

    def test_takes_no_result_from_inside_quotes_or_comments(self) -> None:
        mail = mail_with(
            'Authentication-Results: mx.ours.example; spf=none smtp.mailfrom="x; dmarc=pass"@evil.example (; dkim=pass)'
        )

        found = authentication(mail, trusted_host="mx.ours.example")

        assert (found.spf, found.dkim, found.dmarc) == (Verdict.NONE, Verdict.NONE, Verdict.NONE)

    def test_does_not_align_a_strangers_signature(self) -> None:
        mail = mail_with(
            "Authentication-Results: mx; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=a@evil.example"
        )

        assert not authentication(mail, trusted_host="mx").header_from_aligned


class TestSpamHint:
    @pytest.mark.parametrize(
        ("header", "flagged", "score"),
        [
            ("X-Spam-Flag: YES", True, None),
            ("X-Spam-Status: No, score=-1.9 required=5.0", False, -1.9),
            ("X-Spam-Status: Yes, hits=12.3", True, 12.3),
            ("X-Spam-Score: 7.5", None, 7.5),
            ("X-Other: 1", None, None),
        ],
    )
    def test_reads_the_filters_headers(self, header: str, flagged: bool | None, score: float | None) -> None:
        hint = spam_hint(mail_with(header))

        assert (hint.is_flagged, hint.score) == (flagged, score)


class TestSanitize:
    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            '<a href="javascript:alert(1)">x</a>',
            '<a href="JaVa\tScRiPt:alert(1)">x</a>',
            '<a href="data:text/html,<script>alert(1)</script>">x</a>',
            '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            '<form action="https://evil.example"><input name=p><button>go</button></form>',
            "<iframe src=https://evil.example></iframe>",
            "<style>@import url(https://evil.example/x.css)</style>",
            "<link rel=stylesheet href=https://evil.example/x.css>",
            "<base href=https://evil.example>",
            '<meta http-equiv=refresh content="0;url=https://evil.example">',
            '<p style="background:url(https://evil.example/t.gif)">x</p>',
            '<p style="background-image:url(https://evil.example/t.gif)">x</p>',
            '<p style="color:red;width:expression(alert(1))">x</p>',
            '<p style="font-family:\\75rl(https://evil.example)">x</p>',
            '<table background="https://evil.example/t.gif"><tr><td>x</table>',
            '<video src="https://evil.example/v" poster="https://evil.example/p"></video>',
            '<img srcset="https://evil.example/1.png 1x">',
            '<img src="//evil.example/t.gif">',
            '<a href="vbscript:x">x</a>',
        ],
    )
    def test_lets_nothing_run_or_load(self, hostile: str) -> None:
        shown = sanitize(f"<p>before</p>{hostile}", allow_remote_images=False, inline={})

        assert "before" in shown
        assert not re.search(
            r"script|on\w+=|<form|<input|<iframe|<style|<link|<base|<meta|url\(|expression", shown, re.I
        )
        assert "evil.example" not in shown
        assert "data:" not in shown

    def test_keeps_boxes_in_their_place(self) -> None:
        shown = sanitize(
            '<div class="modal" id="menu" style="position:fixed;top:0;z-index:9;margin-left:-900px;display:none;color:red">x',
            allow_remote_images=False,
            inline={},
        )

        assert shown == '<div style="color:red">x</div>'

    def test_blocks_remote_images_until_asked(self) -> None:
        html = '<img src="https://example.com/t.gif?a=1&b=2" alt="a>b">'

        blocked = sanitize(html, allow_remote_images=False, inline={})
        allowed = sanitize(html, allow_remote_images=True, inline={})

        assert 'data-blocked-src="https://example.com/t.gif?a=1&amp;b=2"' in blocked
        assert " src=" not in blocked
        assert ' src="https://example.com/t.gif?a=1&amp;b=2"' in allowed

    def test_shows_inline_images_from_our_address(self) -> None:
        html = '<img src="cid:pic%401"><img src="cid:unknown">'

        shown = sanitize(html, allow_remote_images=False, inline={"pic@1": '/files/7?a="b"'})

        assert shown == '<img src="/files/7?a=&quot;b&quot;"><img>'

    def test_makes_links_harmless(self) -> None:
        shown = sanitize('<a href="https://example.com" target="_top">x</a>', allow_remote_images=False, inline={})

        assert 'rel="noopener noreferrer nofollow"' in shown
        assert 'target="_blank"' in shown
        assert "_top" not in shown

    def test_survives_bottomless_nesting(self) -> None:
        assert "words" in sanitize("<b><i>" * 50_000 + "words", allow_remote_images=False, inline={})
