"""Quotes and signatures in the shapes of English, Korean, Chinese and Vietnamese mail programs."""

# ruff: noqa: E501  shapes stand here as they arrive

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.gateways.mime import split_reply

NEW = "Still broken.\n여전히 안 됩니다."

# Introductions behind which the whole earlier mail follows, with or without ">" marks.
ATTRIBUTIONS = {
    "gmail en": "On Tue, Nov 3, 2026 at 2:15 PM Kim Minsu <kim@example.com> wrote:",
    "gmail en wrapped": "On Tue, Nov 3, 2026 at 2:15 PM Kim Minsu of the Example Company <\nkim@example.com> wrote:",
    "gmail en 24 h": "On Tue, 3 Nov 2026 at 14:15, Kim Minsu <kim@example.com> wrote:",
    "gmail old": "2026-11-03 14:15 GMT+09:00 Kim Minsu <kim@example.com>:",
    "apple en": "On 3 Nov 2026, at 14:15, Kim Minsu <kim@example.com> wrote:",
    "apple en us": "On Nov 3, 2026, at 2:15 PM, Kim Minsu <kim@example.com> wrote:",
    "thunderbird en": "On 2026-11-03 14:15, Kim Minsu wrote:",
    "yahoo en": "On Tuesday, November 3, 2026 at 02:15:22 PM GMT+9, Kim Minsu <kim@example.com> wrote:",
    "proton en": "On Tuesday, November 3rd, 2026 at 2:15 PM, Kim Minsu <kim@example.com> wrote:",
    "zoho": "---- On Tue, 03 Nov 2026 14:15:22 +0900 Kim Minsu <kim@example.com> wrote ----",
    "163 en": 'At 2026-11-03 14:15:22, "Kim Minsu" <kim@example.com> wrote:',
    "aol": "In a message dated 11/3/2026 2:15:22 PM Korea Standard Time, kim@example.com writes:",
    "gmail ko": "2026년 11월 3일 (화) 오후 2:15, 홍길동 <a@example.com>님이 작성:",
    "gmail ko wrapped": "2026년 11월 3일 (화) 오후 2:15, 아주 긴 이름의 고객센터 <\nsupport@example.com>님이 작성:",
    "gmail ko old": "2026년 11월 3일 오후 2:15, 홍길동 <a@example.com>님의 말:".replace("님의 말", "님이 작성"),
    "apple ko": "2026. 11. 3. 오후 2:15, 홍길동 <a@example.com> 작성:",
    "apple ko new": "홍길동 <a@example.com>님이 2026. 11. 3. 오후 2:15에 작성:",
    "thunderbird ko": "2026-11-03 오후 2:15에 홍길동 이(가) 쓴 글:",
    "hanmail ko": "2026년 11월 3일 화요일, 홍길동 <a@example.com>님이 작성하였습니다:",
    "gmail zh": "张三 <a@example.com> 于2026年11月3日周二 14:15写道：",
    "gmail zh without name": "于2026年11月3日周二 14:15写道：",
    "apple zh": "2026年11月3日 14:15，张三 <a@example.com> 写道：",
    "apple zh older": "在 2026年11月3日，下午2:15，张三 <a@example.com> 写道：",
    "163 zh": '在 2026-11-03 14:15:22，"张三" <a@example.com> 写道：',
    "126 zh half width": "在2026年11月03日 14:15，张三<a@example.com> 写道:",
    "thunderbird zh": "在 2026/11/3 14:15, 张三 写道:",
    "gmail zh-hant": "王小明 <a@example.com> 於 2026年11月3日 週二 下午2:15寫道：",
    "gmail vi": "Vào Th 3, 3 thg 11, 2026 vào lúc 14:15 Nguyễn An <an@example.com> đã viết:",
    "gmail vi other order": "Vào 14:15, Th 3, 3 thg 11, 2026 Nguyễn An <an@example.com> đã viết:",
    "gmail vi wrapped": "Vào Th 3, 3 thg 11, 2026 vào lúc 14:15 Trung tâm chăm sóc khách hàng <\nan@example.com> đã viết:",
    "apple vi": "Vào 3 thg 11, 2026, lúc 14:15, Nguyễn An <an@example.com> đã viết:",
    "thunderbird vi": "Vào ngày 03/11/2026 14:15, Nguyễn An viết:",
    "yahoo vi": "Vào Thứ Ba, 3 tháng 11, 2026 lúc 14:15:22 GMT+7, Nguyễn An <an@example.com> đã viết:",
}
HEADER_BLOCKS = {
    "outlook en": "From: Kim <kim@example.com>\nSent: Tuesday, November 3, 2026 2:15 PM\nTo: Help\nSubject: RE: Router",
    "outlook en rule": "________________________________\nFrom: Kim <kim@example.com>\nSent: Tuesday, November 3, 2026\n"
    "To: Help <help@example.com>\nSubject: RE: Router",
    "outlook en bold": "*From:* Kim <kim@example.com>\n*Sent:* Tuesday, November 3, 2026 2:15 PM\n*To:* Help\n*Subject:* Router",
    "outlook en wrapped to": "From: Kim <kim@example.com>\nSent: Tuesday, November 3, 2026\nTo: Help <help@example.com>;\n"
    " Billing <billing@example.com>\nCc: Team\nSubject: Router",
    "outlook mac": "From: Kim <kim@example.com>\nDate: Tuesday, 3 November 2026 at 14:15\nTo: Help <help@example.com>\nSubject: Hi",
    "outlook 2003": "-----Original Message-----\nFrom: Kim [mailto:kim@example.com]\nSent: Tuesday, November 3\nTo: Help\nSubject: R",
    "outlook ko": "보낸 사람: 홍길동 <a@example.com>\n보낸 날짜: 2026년 11월 3일 화요일 오후 2:15\n받는 사람: 고객센터\n제목: 문의",
    "outlook ko 2003": "-----원본 메시지-----\n보낸 사람: 홍길동\n보낸 날짜: 2026-11-03\n받는 사람: 고객센터\n제목: 문의",
    "outlook zh": "发件人: 张三 <a@example.com>\n发送时间: 2026年11月3日 14:15\n收件人: 客服\n主题: 回复",
    "outlook zh full width": "发件人：张三 <a@example.com>\n日期：2026年11月3日 星期二 14:15\n收件人：客服 <b@example.com>\n主题：回复",
    "outlook zh-hant": "寄件者: 王小明 <a@example.com>\n寄件日期: 2026年11月3日 14:15\n收件者: 客服\n主旨: 回覆",
    "outlook vi": "Từ: An <an@example.com>\nĐã gửi: 03 Tháng Mười Một 2026 14:15\nĐến: Hỗ trợ\nChủ đề: Đơn hàng",
    "outlook vi other words": "Người gửi: An <an@example.com>\nNgày gửi: 03/11/2026\nNgười nhận: Hỗ trợ\nTiêu đề: Đơn hàng",
    "naver": "-----Original Message-----\nFrom: 홍길동 <a@naver.com>\nTo: 고객센터 <b@example.com>\nCc:\n"
    "Sent: 2026-11-03 (화) 14:15:22 (GMT+09:00)\nSubject: 문의",
    "daum": "--------- 원본 메일 ---------\n보낸사람 : 홍길동 <a@hanmail.net>\n받는사람 : 고객센터\n날짜: 2026년 11월 3일\n제목 : 문의",
    "samsung ko": "-------- 원본 이메일 --------\n발신: 홍길동 <a@example.com>\n날짜: 26/11/3 오후 2:15\n받은 사람: b\n제목: 문의",
    "samsung en": "-------- Original message --------\nFrom: Kim <kim@example.com>\nDate: 3/11/26 14:15 (GMT+09:00)\nTo: Help\nSubject: R",
    "qq": '------------------ 原始邮件 ------------------\n发件人: "张三" <a@qq.com>;\n发送时间: 2026年11月3日(星期二) 下午2:15\n'
    '收件人: "客服"<b@example.com>;\n\n主题: 回复',
    "qq en": '------------------ Original ------------------\nFrom: "Zhang" <a@qq.com>;\nDate: Tue, Nov 3, 2026 02:15 PM\n'
    'To: "Help"<b@example.com>;\n\nSubject: Re',
    "163 app": "---- 回复的原邮件 ----\n| 发件人 | 张三<a@163.com> |\n| 日期 | 2026年11月03日 14:15 |\n| 收件人 | b@example.com |\n| 主题 | 回复 |",
    "163 app en": "---- Replied Message ----\n| From | Zhang<a@163.com> |\n| Date | 11/3/2026 14:15 |\n| To | b@example.com |\n| Subject | R |",
    "foxmail": "发件人： 张三\n发送时间： 2026-11-03 14:15\n收件人： 客服\n主题： 回复",
    "ding": "------------------原始邮件 ------------------\n发件人：张三 <a@example.com>\n日期：2026年11月03日\n收件人：b@example.com",
    "thư gốc": "---------- Thư gốc ----------\nTừ: An <an@example.com>\nNgày: 03/11/2026\nTới: Hỗ trợ\nTiêu đề: Đơn hàng",
    "bare separator": "----- Original Message -----",
}
SENT_FROM = [
    "Sent from my iPhone",
    "Sent from Outlook for Android",
    "Get Outlook for iOS <https://aka.ms/o0ukef>",
    "Sent from Yahoo Mail on Android",
    "나의 iPhone에서 보냄",
    "내 Galaxy에서 보냄",
    "삼성 갤럭시 스마트폰에서 보냈습니다.",
    "Android용 Outlook 다운로드",
    "发自我的iPhone",
    "发自我的华为手机",
    "從我的 iPhone 傳送",
    "Được gửi từ iPhone của tôi",
    "Đã gửi từ điện thoại Samsung của tôi",
]
EARLIER = "Dear customer,\nplease restart the router.\n\n안녕하세요, 다시 시작해 주세요."


def marked(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


class TestSplitReply:
    @pytest.mark.parametrize("introduction", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
    def test_cuts_marked_quotes(self, introduction: str) -> None:
        reply = split_reply(f"{NEW}\n\n{introduction}\n\n{marked(EARLIER)}\n")

        assert reply.text == NEW
        assert reply.quoted.startswith(introduction.split("\n")[0])
        assert "restart the router" in reply.quoted

    @pytest.mark.parametrize("introduction", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
    def test_cuts_unmarked_quotes(self, introduction: str) -> None:
        reply = split_reply(f"{NEW}\r\n\r\n{introduction}\r\n\r\n{EARLIER}\r\n")

        assert reply.text == NEW
        assert reply.quoted.endswith("다시 시작해 주세요.")

    @pytest.mark.parametrize("introduction", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS.keys())
    def test_cuts_at_copied_headers(self, introduction: str) -> None:
        reply = split_reply(f"{NEW}\n\n{introduction}\n\n{EARLIER}")

        assert reply.text == NEW
        assert reply.quoted.startswith(introduction.split("\n")[0])
        assert "restart the router" in reply.quoted

    @pytest.mark.parametrize("introduction", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
    def test_keeps_answers_below_the_quote(self, introduction: str) -> None:
        reply = split_reply(f"{introduction}\n{marked(EARLIER)}\n\n{NEW}")

        assert reply.text == NEW

    @pytest.mark.parametrize("introduction", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
    def test_keeps_answers_between_quoted_lines(self, introduction: str) -> None:
        reply = split_reply(f"{introduction}\n> Which model?\nX-200\n> Since when?\n어제부터요\n> Thanks")

        assert "X-200" in reply.text
        assert "어제부터요" in reply.text
        assert "> Since when?" in reply.text

    @pytest.mark.parametrize("line", SENT_FROM)
    def test_sets_aside_what_a_phone_adds(self, line: str) -> None:
        reply = split_reply(
            f"{NEW}\n\n{line}\n\nOn Tue, Nov 3, 2026 at 2:15 PM Kim <k@example.com> wrote:\n> Hello\n> you"
        )

        assert reply.text == NEW
        assert reply.signature == line

    @pytest.mark.parametrize(
        "text",
        [
            "Please pick up.\nFrom: Seoul\nTo: Busan\nDate: 3 November 2026",
            "On 3 November I wrote\nto you and nobody answered.",
            "I measured:\n> 5 kg",
            "List:\n- one\n- two\n\nBest regards\nKim",
            "See the error:\n\n-----\nE42\n-----\nWhat now?",
            "제목: 환불 문의\n날짜: 어제\n환불해 주세요.",
            "主题: 退款\n日期: 昨天\n请退款。",
            "Tôi viết: không nhận được hàng ngày 3/11.",
            "The screen says: sent from my account, 2 times.",
        ],
    )
    def test_leaves_a_customers_own_words_alone(self, text: str) -> None:
        reply = split_reply(text)

        assert reply.text == text
        assert reply.quoted == ""
        assert reply.signature == ""

    def test_keeps_everything_when_inline_answers_are_announced(self) -> None:
        text = f"See my answers below in red.\n\n{HEADER_BLOCKS['outlook en']}\n\nWhich model?\nX-200"

        assert split_reply(text).text == text

    @pytest.mark.parametrize("notice", ["아래에 답변 드립니다.", "见下文红字。", "Em trả lời bên dưới ạ."])
    def test_knows_the_announcement_in_each_language(self, notice: str) -> None:
        reply = split_reply(f"{notice}\n\n{HEADER_BLOCKS['outlook ko']}\n\n모델명?\nX-200")

        assert "X-200" in reply.text

    @pytest.mark.parametrize("forwarding", ["---------- Forwarded message ---------", "---------- 전달된 메시지 ---------",
                                            "---------- 转发邮件 ----------", "Begin forwarded message:"])  # fmt: skip
    def test_keeps_a_forwarded_mail(self, forwarding: str) -> None:
        text = f"What is this?\n\n{forwarding}\nFrom: Shop <s@example.com>\nDate: Tue\nSubject: Bill\nTo: me@example.com\n\nPay 5."

        assert "Pay 5." in split_reply(text).text

    def test_keeps_the_whole_when_nothing_is_new(self) -> None:
        text = f"{HEADER_BLOCKS['outlook en']}\n\n{EARLIER}"

        assert split_reply(text).text == text

    def test_takes_a_signature_behind_dashes(self) -> None:
        reply = split_reply(f"{NEW}\n-- \nKim Minsu\nExample Inc.")

        assert reply.text == NEW
        assert reply.signature == "--\nKim Minsu\nExample Inc."

    def test_takes_no_long_text_behind_dashes_for_a_signature(self) -> None:
        text = "Hello\n--\n" + "\n".join(f"line {number}" for number in range(30))

        assert split_reply(text).text == text

    def test_believes_the_html_when_the_text_shows_no_quote(self) -> None:
        html = f'<div>Still broken.</div><div class="gmail_quote"><p>{EARLIER}</p></div>'

        reply = split_reply(f"Still broken.\n{EARLIER}", html)

        assert reply.text == "Still broken."
        assert "restart" in reply.quoted

    def test_believes_the_mark_of_outlook_on_the_web(self) -> None:
        html = '<div>Still broken.</div><div id="appendonsend"></div><hr><div>Kim asked</div><div>to restart</div>'

        assert split_reply("Still broken.\nKim asked\nto restart", html).text == "Still broken."

    def test_keeps_what_stands_below_an_html_quote(self) -> None:
        html = '<div class="gmail_quote"><p>Which model?</p></div><div>X-200</div>'

        assert "X-200" in split_reply("Which model?\nX-200", html).text

    @given(
        st.text(alphabet=st.sampled_from(">-: \nOn0123wrote,于写道작성년님이@<>From:Sent"), max_size=300),
        st.text(max_size=80),
    )
    def test_loses_no_word(self, text: str, html: str) -> None:
        reply = split_reply(text, html)

        together = sorted("".join((reply.text + reply.quoted + reply.signature).split()))
        assert together == sorted("".join(text.split()))
        assert reply.text.strip() or not text.strip()
