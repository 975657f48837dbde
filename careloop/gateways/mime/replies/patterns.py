"""How mail programs introduce what they quote, in English, Korean, Chinese and Vietnamese.

Every pattern is matched against one whole line (or a few wrapped lines joined by a space), at most 400 characters long,
so none of them can become slow.
"""

import re

__all__ = [
    "ATTRIBUTIONS",
    "FORWARDED",
    "HEADER_LABEL",
    "INLINE_NOTICE",
    "LABEL_KINDS",
    "SENT_FROM",
    "SEPARATORS",
    "SIGNATURE_MARK",
]

COLON = r"\s*[:：]\s*$"
ADDRESS = r"@[^\s<>]{1,255}>?"
KOREAN_DATE = r"\d{4}\s?[년.-]"
KOREAN_ENDING = r"(?:함|하였습니다|했습니다)?\.?"


def attribution(somewhere: str, ending: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Pair what stands at the beginning or somewhere with how the line ends; one pattern for both would be cubic."""
    return re.compile(somewhere, re.IGNORECASE), re.compile(ending, re.IGNORECASE)


ATTRIBUTIONS = (
    # English: Gmail, Apple Mail, Yahoo, Thunderbird, Proton, Zoho, 163 in English, AOL, old Gmail
    attribution(r"^(?:-{2,} )?(?:On|At)\b", r"\bwrote(?:\s*[:：]|\s*-{2,})\s*$"),
    attribution(r"^In a message dated\b", r"\bwrites" + COLON),
    attribution(r"\d", ADDRESS + r"\s+wrote(?: on [^@]{4,80})?" + COLON),
    attribution(r"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}", ADDRESS + r"\s*:\s*$"),
    # Korean: Gmail, Apple Mail, Thunderbird, Outlook for Mac, Hanmail
    attribution(KOREAN_DATE, r"(?:작성|쓰셨습니다|썼습니다|적었습니다)\s?" + KOREAN_ENDING + COLON),
    attribution(KOREAN_DATE, r"(?:님이|이\(가\)|께서|에)\s?(?:쓴 글|쓴 메시지|씀|보낸 메일)" + COLON),
    # Chinese, simplified and traditional: Gmail, Apple Mail, Foxmail, QQ, 163, Thunderbird
    attribution(r"[于於在].*\d|\d{4}", r"(?:写道|寫道|撰写|寫到|写到|來信|来信)" + COLON),
    # Vietnamese: Gmail in its two word orders, Apple Mail, Outlook, Thunderbird
    attribution(r"^(?:Vào|Ngày|Lúc|On)\b.*\d", r"(?:viết|đã ghi)" + COLON),
    attribution(ADDRESS, r"(?:viết|đã ghi)" + COLON),
)

DASHES = r"[-_=*─—–]{2,}"
ORIGINAL = (
    r"(?:original\s*(?:message|mail|e-?mail|appointment)?|replied message|reply message|previous message"
    r"|원본\s*(?:메시지|메세지|메일|이메일|편지)?|원문|이전\s*메일|보낸\s*메일"
    r"|原始邮件|原始郵件|邮件原件|郵件原件|原邮件|原郵件|回复的原邮件|回复的邮件"
    r"|原始信息|原始訊息|原始消息"
    r"|thư gốc|tin nhắn gốc|thông điệp gốc|tin nhắn ban đầu|thư ban đầu|email gốc)"
)
SEPARATORS = (
    re.compile(rf"^\s*{DASHES}\s*{ORIGINAL}\s*{DASHES}\s*$", re.IGNORECASE),
    re.compile(
        r"^\s*[-_]{2,}\s*(?:reply above this line|please type your reply above this line"
        r"|이 선 위에 답장|请在此线以上回复|vui lòng trả lời phía trên dòng này).{0,80}$",
        re.IGNORECASE,
    ),
)
FORWARDED = re.compile(
    r"^\s*(?:[-_=]{2,}\s*(?:forwarded\s+(?:message|mail|by)|전달된\s*(?:메시지|메일|이메일)"
    r"|转发(?:的)?(?:邮件|信息)|轉寄(?:的)?郵件"
    r"|(?:thư|tin nhắn) (?:đã )?(?:được )?chuyển tiếp)\b.{0,80}"
    r"|begin forwarded message:|전달된 메시지 시작:|전달받은 메시지:"
    r"|开始转发邮件[：:]|下面是被转发的邮件[：:]|以下是轉寄的信件[：:]"
    r"|bắt đầu thư (?:được )?chuyển tiếp:)\s*$",
    re.IGNORECASE,
)

LABEL_KINDS = {
    "from": (
        "from", "보낸 사람", "보낸사람", "발신", "발신자", "보낸이", "发件人", "寄件者", "寄件人", "發件人", "từ",
        "người gửi",
    ),
    "date": (
        "sent", "date", "보낸 날짜", "보낸날짜", "날짜", "보낸 시간", "일시", "발송일", "전송 날짜", "发送时间",
        "发送日期", "日期", "时间", "寄件日期", "傳送時間", "日期時間", "已发送", "đã gửi", "gửi", "ngày",
        "ngày gửi", "thời gian", "đã gửi vào",
    ),
    "to": (
        "to", "받는 사람", "받는사람", "수신", "수신자", "받은 사람", "받는이", "收件人", "收件者", "到", "đến",
        "tới", "người nhận", "gửi đến",
    ),
    "subject": (
        "subject", "제목", "主题", "主旨", "主題", "标题", "tiêu đề", "chủ đề",
    ),
    "other": (
        "cc", "bcc", "reply-to", "참조", "숨은 참조", "숨은참조", "抄送", "副本", "密送", "importance", "중요도",
        "organization", "attachments", "첨부 파일", "附件", "đồng gửi", "bản sao", "tệp đính kèm",
    ),
}  # fmt: skip
LABELS = sorted((label for labels in LABEL_KINDS.values() for label in labels), key=len, reverse=True)
HEADER_LABEL = re.compile(
    r"^[\s*|>_-]{0,8}\**("
    + "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in LABELS)
    + r")\**\s*[:：|]\**(.*)$",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"^\s*(?:[-–—]+\s*)?(?:"
    r"sent from (?:my|the|outlook|mail|yahoo|proton|gmail|samsung|naver|daum|mobile)\b.{0,80}"
    r"|sent (?:with|via) (?:proton|outlook|spark|airmail|superhuman|shortwave|yahoo|aol|blackberry|android).{0,60}"
    r"|get outlook for .{1,60}|sent from .{1,30} for (?:ios|android|windows|mac).{0,40}"
    r"|(?:나의|내|제)\s*.{1,40}에서\s*(?:보냄|보냈습니다|전송됨|발송)\.?"
    r"|(?:iphone|ipad|갤럭시|삼성|samsung|android|outlook|다음 메일 앱|네이버 메일 앱).{0,40}에서\s*"
    r"(?:보냄|보낸 메일입니다|보냈습니다|전송됨|전송)\.?"
    r"|(?:android|ios)용 outlook (?:다운로드|받기|가져오기).{0,60}"
    r"|(?:发自|發自|從|寄自).{1,40}|从我的.{1,30}发送"
    r"|使用\s*outlook.{0,40}|获取.{0,20}outlook.{0,40}|下载.{0,10}outlook.{0,40}"
    r"|(?:đã )?(?:được )?gửi từ (?:iphone|ipad|điện thoại|thiết bị|outlook|thư|yahoo|samsung|android|máy).{0,60}"
    r"|tải (?:xuống )?outlook cho .{1,40}"
    r")\s*$",
    re.IGNORECASE,
)
SIGNATURE_MARK = re.compile(r"^(?:--|—|__) ?$")

# The customer says that the answers stand inside the quoted mail: then nothing may be cut off.
INLINE_NOTICE = re.compile(
    r"\b(?:in-?line|see (?:my |our )?(?:answers?|comments?|repl(?:y|ies)|response|notes?)"
    r"|(?:answers?|comments?|repl(?:y|ies|ied)|answered|responses?|commented) "
    r"(?:\w+ ){0,3}(?:below|in red|in blue|in bold)|see below|as below|below in (?:red|blue|bold))\b"
    r"|(?:아래|본문|밑)에?\s?.{0,12}(?:답변|답장|회신|코멘트|표시|적었|남겼|기재|작성)|(?:빨간|붉은|파란)\s?(?:색|글씨)"
    r"|(?:见|見|看|请看|如)(?:下文|下面|下方|以下|下)|(?:下面|下文|下方|以下).{0,8}(?:回复|回答|标注|批注|答复)"
    r"|(?:红|紅|蓝|藍)(?:色|字)"
    r"|(?:trả lời|phản hồi|ghi chú|xem).{0,20}(?:bên dưới|ở dưới|phía dưới|dưới đây|trong mail|trong thư"
    r"|màu đỏ|chữ đỏ)",
    re.IGNORECASE,
)
