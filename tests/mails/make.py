"""Writes the ugly mails of this folder: `python -m tests.mails.make`. A test keeps files and code equal."""

# ruff: noqa: E501  mails stand here as they arrive

import base64
import struct
from collections.abc import Mapping
from pathlib import Path

__all__ = ["FOLDER", "MAILS"]

FOLDER = Path(__file__).parent
HEAD = b"From: =?utf-8?B?7ZmN6ri464+Z?= <Hong@Example.COM>\r\nTo: help@example.org\r\nDate: Tue, 3 Nov 2026 14:15:00 +0900\r\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def mail(name: str, *, headers: bytes = b"", body: bytes = b"", head: bytes = HEAD) -> bytes:
    """Put a mail together; its name is its Message-ID."""
    return head + b"Message-ID: <" + name.encode() + b"@example.com>\r\n" + headers + b"\r\n" + body


def part(headers: bytes, body: bytes) -> bytes:
    return headers + b"\r\n\r\n" + body


def multipart(kind: bytes, *parts: bytes, boundary: bytes = b"b1", more: bytes = b"") -> tuple[bytes, bytes]:
    """Give the header line and the body of a multipart."""
    body = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts) + b"--" + boundary + b"--\r\n"
    return b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"' + more + b"\r\n", body


def in_multipart(
    name: str, kind: bytes, *parts: bytes, headers: bytes = b"", more: bytes = b"", head: bytes = HEAD
) -> bytes:
    line, body = multipart(kind, *parts, more=more)
    return mail(name, headers=headers + line, body=body, head=head)


def tnef(*objects: tuple[int, int, bytes]) -> bytes:
    """Write a TNEF container of (level, attribute, value)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, attribute, value in objects:
        out += struct.pack("<BII", level, attribute, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
    return out


TEXT = b"Content-Type: text/plain; charset=utf-8"
HTML = b"Content-Type: text/html; charset=utf-8"
BASE64 = b"\r\nContent-Transfer-Encoding: base64"
INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:설치 방문\\, 2층
DTSTART;TZID=Korea Standard Time:20261105T100000
ORGANIZER;CN="Kim, Minsu":mailto:kim@example.com
BEGIN:VALARM
SUMMARY:alarm
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()
INNER = b"From: shop@example.net\r\nSubject: =?gb18030?B?wfrWpQ==?=\r\nDate: Mon, 2 Nov 2026 09:00:00 +0800\r\n\r\nOriginal words\r\n"
WINMAIL = tnef(
    (1, 0x00089006, struct.pack("<I", 0x10000)),
    (1, 0x00069007, struct.pack("<II", 949, 0)),
    (1, 0x0002800C, "첨부를 보세요.\x00".encode("cp949")),
    (2, 0x00069002, b"\x00" * 14),
    (2, 0x00018010, b"invoice.pdf\x00"),
    (2, 0x0006800F, b"%PDF-1.4 inside"),
)

MAILS: Mapping[str, bytes] = {
    "plain": mail("plain", headers=b"Subject: Hello\r\n" + TEXT + b"\r\n", body="인터넷이 안 됩니다.\r\n".encode()),
    "no_body": mail("no_body", headers=b"Subject: Empty\r\n"),
    "no_message_id": HEAD + b"Subject: x\r\n\r\nHello\r\n",
    "bare_line_feeds": mail("lf", headers=TEXT + b"\r\n", body=b"one\r\ntwo\r\n").replace(b"\r\n", b"\n"),
    "nonsense_date": mail("date", headers=b"Subject: x\r\n", head=b"From: a@b.example\r\nDate: Fri, 99 Foo 0000 99:99\r\n"),
    "year_1601": mail("date2", head=b"From: a@b.example\r\nDate: Mon, 1 Jan 1601 00:00:00 +0000\r\n"),
    "utf8_declared_but_euc_kr": mail("liar1", headers=TEXT + b"\r\n", body="안녕하세요. 주문한 상품이 아직 도착하지 않았습니다.".encode("euc-kr")),
    "utf8_declared_but_gb18030": mail("liar2", headers=TEXT + b"\r\n", body="您好，我的订单还没有收到，请帮我查一下物流。".encode("gb18030")),
    "utf8_declared_but_latin1": mail("liar3", headers=TEXT + b"\r\n",
        body="Après la mise à jour, le modem ne démarre plus et le voyant est éteint.".encode("latin-1")),
    "utf8_declared_but_windows_1258": mail("liar4", headers=TEXT + b"\r\n",
        body="Tôi chưa nhâ\u0323n đươ\u0323c hàng, nhơ\u0300 anh chi\u0323 kiê\u0309m tra giúp đơn hàng cu\u0309a tôi.".encode("cp1258")),
    "no_charset_euc_kr": mail("nocharset", headers=b"Subject: x\r\n", body="홍길동입니다".encode("euc-kr")),
    "unknown_charset": mail("unknown", headers=b"Content-Type: text/plain; charset=x-nonsense\r\n", body="여전히 안 돼요".encode()),
    "ks_c_5601": mail("ks", headers=b"Content-Type: text/plain; charset=ks_c_5601-1987\r\n", body="똠방각하 펲시콜라".encode("cp949")),
    "raw_8bit_subject": mail("raw8", headers=b"Subject: " + "환불 요청드립니다".encode("euc-kr") + b"\r\n", body=b"x"),
    "split_character_subject": mail("split", headers=b"Subject: =?utf-8?B?7ZmY67aI?= =?utf-8?B?IOyalOyyrQ=?=\r\n =?utf-8?Q?=ED=99?=\r\n =?utf-8?Q?=98?=\r\n"),
    "mixed_charset_subject": mail("mixedwords", headers=b"Subject: Re: =?euc-kr?B?" + base64.b64encode("문의".encode("euc-kr"))
        + b"?= and =?gb2312?B?" + base64.b64encode("问题".encode("gb18030")) + b"?=\r\n"),
    "quoted_encoded_name": mail("quotedname", head=b'From: "=?utf-8?B?6rmALCDrr7zsiJg=?=" <kim@example.com>\r\n'),
    "comma_in_name": mail("comma", head=b'From: "Kim, Minsu" <kim@example.com>\r\nTo: Lee, Ann <ann@example.com>, undisclosed-recipients:;\r\n'
        b"Cc: Team: a@example.com, b@example.com;, c@example.com (Chris)\r\n"),
    "idn_domain": mail("idn", head="From: 홍 <Hong@한국.kr>\r\n".encode()),
    "deceiving_name": mail("deceive", head=b'From: "ceo@bank.example" <thief@evil.example>\r\n'),
    "two_to_headers": mail("twoto", head=b"From: a@b.example\r\nTo: x@example.com\r\nTo: y@example.com\r\n"),
    "bad_base64": mail("badb64", headers=TEXT + BASE64 + b"\r\n", body=b"SGVs!bG8g\r\nd29ybGQ"),
    "bad_quoted_printable": mail("badqp", headers=TEXT + b"\r\nContent-Transfer-Encoding: quoted-printable\r\n", body=b"a=ZZb=\r\nc=3D=E2=82=AC="),
    "nul_and_controls": mail("nul", headers=b"Subject: a\x00b\x07c\r\n", body=b"x\x00y\x0bz"),
    "broken_header_lines": mail("broken", headers=b"Subject: ok\r\nthis is no header\r\nX-After: yes\r\n", body=b"body"),
    "alternative": in_multipart("alt", b"alternative", part(TEXT, "평문".encode()), part(HTML, "<p>서식</p>".encode())),
    "html_only": mail("html", headers=HTML + b"\r\n", body='<html><head><style>p{}</style></head><body><p>안녕</p><table><tr><td>a</td><td>b</td></tr></table>'
        '<a href="https://example.com/x">here</a><script>evil()</script></body></html>'.encode()),
    "html_meta_charset": mail("meta", headers=b"Content-Type: text/html\r\n", body='<meta charset="euc-kr"><p>한글 본문</p>'.encode("euc-kr")),
    "empty_text_beside_html": in_multipart("emptytext", b"alternative", part(TEXT, b" \r\n"), part(HTML, b"<p>words</p>")),
    "inline_image": in_multipart("inline", b"related", part(HTML, b'<p>See <img src="cid:pic@1"></p>'),
        part(b"Content-Type: image/png; name=p.png" + BASE64 + b"\r\nContent-ID: <pic@1>\r\nContent-Disposition: inline", base64.b64encode(PNG)),
        part(b"Content-Type: image/png; name=q.png" + BASE64 + b"\r\nContent-ID: <other@1>", base64.b64encode(PNG))),
    "text_image_text": in_multipart("sandwich", b"mixed", part(TEXT, b"before"), part(b"Content-Type: image/png; name=p.png" + BASE64, base64.b64encode(PNG)), part(TEXT, b"after")),
    "names_of_files": in_multipart("names", b"mixed", part(TEXT, b"x"),
        part(b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''%EC%B2%AD%EA%B5%AC;\r\n filename*1*=%EC%84%9C.pdf", b"1"),
        part(b'Content-Type: application/pdf; name="=?euc-kr?B?' + base64.b64encode("계약서.pdf".encode("euc-kr")) + b'?="', b"2"),
        part(b'Content-Type: application/pdf; name="' + "订单发票明细.pdf".encode("gb18030") + b'"', b"3"),
        part(b'Content-Type: application/pdf; name="../../etc/passwd"', b"4"),
        part(b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe", b"5"),
        part(b'Content-Type: application/octet-stream; name="con.txt"', b"6"),
        part(b"Content-Type: image/png", b"7"),
        part(b'Content-Type: application/pdf; name="' + b"n" * 400 + b'.pdf"', b"8")),
    "forwarded_mail": in_multipart("fwd", b"mixed", part(TEXT, b"look"), part(b"Content-Type: message/rfc822", INNER)),
    "calendar": in_multipart("cal", b"alternative", part(TEXT, b"come"), part(b"Content-Type: text/calendar; charset=utf-8; method=REQUEST", INVITATION)),
    "winmail": in_multipart("tnef", b"mixed", part(b"Content-Type: application/ms-tnef; name=winmail.dat" + BASE64, base64.encodebytes(WINMAIL))),
    "winmail_damaged": in_multipart("tnef2", b"mixed", part(TEXT, b"x"), part(b"Content-Type: application/ms-tnef; name=winmail.dat" + BASE64, base64.encodebytes(WINMAIL[:60]))),
    "signed": in_multipart("signed", b"signed", part(TEXT, b"signed words"), part(b"Content-Type: application/pgp-signature; name=signature.asc", b"-----")),
    "no_closing_boundary": mail("noclose", headers=b'Content-Type: multipart/mixed; boundary="b"\r\n', body=b"preamble\r\n--b\r\n\r\nfirst\r\n--b\r\n\r\nsecond"),
    "no_boundary_parameter": mail("noboundary", headers=b"Content-Type: multipart/mixed\r\n", body=b"--guess\r\nContent-Type: text/plain\r\n\r\nfound\r\n--guess--\r\n"),
    "wrong_boundary": mail("wrongboundary", headers=b'Content-Type: multipart/mixed; boundary="zzz"\r\n', body=b"just text"),
    "flowed": mail("flowed", headers=TEXT + b"; format=flowed\r\n", body=b"one \r\ntwo\r\n> quoted \r\n> on\r\n-- \r\nKim\r\n"),
    "nested": in_multipart("nested", b"mixed", part(*multipart(b"alternative", part(TEXT, b"deep"), part(HTML, b"<b>deep</b>"), boundary=b"b2"))),
    "bounce_rfc3464": in_multipart("bounce1", b"report", part(TEXT, b"It failed."),
        part(b"Content-Type: message/delivery-status", b"Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; Kim@example.com\r\nAction: failed\r\n"
             b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\nFinal-Recipient: rfc822;lee@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n"),
        part(b"Content-Type: message/rfc822", b"Message-ID: <ours-1@help.example>\r\nSubject: Re: x\r\n\r\nHi"),
        more=b"; report-type=delivery-status", head=b"From: MAILER-DAEMON@example.com\r\nReturn-Path: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"),
    "bounce_headers_only": in_multipart("bounce2", b"report", part(TEXT, b"failed"),
        part(b"Content-Type: message/delivery-status", b"Reporting-MTA: dns; x\n\nOriginal-Recipient: rfc822;<kim@example.com>\nFinal-Recipient: rfc822; k@in\nAction: FAILED\nStatus: 5.2.2 (full)\n"),
        part(b"Content-Type: text/rfc822-headers", b"Received: x\r\nMessage-ID:\r\n <ours-2@help.example>\r\n"), more=b"; report-type=delivery-status"),
    "bounce_qmail": mail("bounce3", headers=b"Subject: failure notice\r\n", head=b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.com\r\nTo: help@example.org\r\n",
        body=b"Hi. This is the qmail-send program at mx.example.com.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n<kim@example.com>:\r\n"
        b"192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 unknown user\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        b"Return-Path: <help@example.org>\r\nMessage-ID: <ours-3@help.example>\r\nTo: kim@example.com, other@example.com\r\n\r\nHi\r\n"),
    "bounce_exim": mail("bounce4", headers=b"Subject: Mail delivery failed: returning message to sender\r\nX-Failed-Recipients: kim@example.com\r\n",
        head=b"Return-Path: <>\r\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.com>\r\nTo: help@example.org\r\n",
        body=b"This message was created automatically by mail delivery software.\r\n\r\n  kim@example.com\r\n    mailbox is full: 552 5.2.2 over quota\r\n\r\n"
        b"------ This is a copy of the message, including all the headers. ------\r\n\r\nMessage-ID: <ours-4@help.example>\r\n"),
    "bounce_exchange": in_multipart("bounce5", b"report", part(HTML, "<p>다음 받는 사람에게 배달하지 못했습니다.</p>".encode()),
        part(b"Content-Type: message/delivery-status", b"Reporting-MTA: dns;x\r\n\r\nFinal-recipient: RFC822;kim@example.com\r\nAction: failed\r\nStatus: 5.7.1\r\nDiagnostic-code: smtp;550 5.7.1 blocked\r\n"),
        part(b"Content-Type: message/rfc822", b"Message-Id: <ours-5@help.example>\r\n\r\n"), more=b"; report-type=delivery-status"),
    "bounce_naver": mail("bounce6", headers="Subject: [메일 전송 실패 안내] 반송된 메일입니다\r\nContent-Type: text/plain; charset=utf-8\r\n".encode(),
        head=b"Return-Path: <>\r\nFrom: postmaster@mail.example.kr\r\nTo: help@example.org\r\n",
        body="아래 수신자에게 메일을 보내지 못했습니다.\r\n\r\n받는사람: kim@example.com\r\n실패 이유: 550 5.1.1 존재하지 않는 사용자\r\n\r\n원본 메일\r\nMessage-ID: <ours-6@help.example>\r\n".encode()),
    "bounce_qq": mail("bounce7", headers="Subject: 系统退信/Systems bounce\r\n".encode() + HTML + b"\r\n", head=b"Return-Path: <>\r\nFrom: PostMaster@qq.example\r\nTo: help@example.org\r\n",
        body="<p>抱歉，您的邮件被退回来了……</p><p>原邮件信息：</p><p>无法发送到 <b>kim@example.com</b></p><p>退信原因：550 Mailbox not found</p>".encode()),
}  # fmt: skip


if __name__ == "__main__":
    for name, raw in MAILS.items():
        (FOLDER / f"{name}.eml").write_bytes(raw)
