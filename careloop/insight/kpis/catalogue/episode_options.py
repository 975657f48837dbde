"""The switches of first-contact resolution (metrics.md §3.1)."""

from careloop.insight.kpis.options import Choice, Codes, Number, Switch
from careloop.insight.kpis.words import said

__all__ = ["OPTIONS"]

OPTIONS = (
    Number(
        name="days",
        default=7,
        least=0,
        most=365,
        meaning=said(
            "N, the days within which a contact about the same counts as a repeat, included",
            "N, 이 일수 이내(포함)의 같은 문의를 재인입으로 봄",
            "N，在此天数以内（含）的同一问题联络计为重复",
            "N, số ngày mà liên hệ cùng vấn đề trong đó (kể cả) là lặp lại",
        ),
    ),
    Choice(
        name="window",
        default="rolling",
        choices=("rolling", "fixed"),
        meaning=said(
            "whether N days are counted from the contact before, or from the first contact of the issue",
            "N일을 직전 접촉부터 셀지, 문의의 첫 접촉부터 셀지",
            "N 天从上一次联络起算，还是从该问题的首次联络起算",
            "N ngày tính từ liên hệ ngay trước, hay từ liên hệ đầu của vấn đề",
        ),
    ),
    Choice(
        name="match",
        default="customer_reason",
        choices=("customer_reason", "customer", "case"),
        meaning=said(
            "what makes two contacts the same issue: customer and reason group, the customer alone, or the case",
            "같은 문의의 기준: 고객+사유 그룹, 고객만, 또는 케이스",
            "同一问题的判定：客户与原因类别、仅客户，或工单",
            "hai liên hệ là cùng vấn đề khi: cùng khách và nhóm lý do, chỉ cùng khách, hoặc cùng hồ sơ",
        ),
    ),
    Choice(
        name="channels",
        default="any",
        choices=("any", "same"),
        meaning=said(
            "whether a repeat may come by another channel",
            "다른 채널의 재인입도 셀지 여부",
            "是否计入来自其他渠道的重复",
            "có tính lặp lại qua kênh khác không",
        ),
    ),
    Choice(
        name="unknown_reason",
        default="nothing",
        choices=("nothing", "everything"),
        meaning=said(
            "whether an unknown reason matches nothing or everything: the two ends of what could be true",
            "알 수 없는 사유가 아무것과도 같지 않다고 볼지, 모든 것과 같다고 볼지: 참값의 양 끝",
            "未知原因视为与任何都不同还是都相同：真实值的两端",
            "lý do không rõ coi là khác mọi thứ hay giống mọi thứ: hai đầu của giá trị thật",
        ),
    ),
    Switch(
        name="count_abandons",
        default=False,
        meaning=said(
            "whether abandoned attempts of the customer count as repeats, whatever the reason",
            "고객의 포기 시도를 사유와 관계없이 재인입으로 셀지 여부",
            "客户放弃的尝试是否不论原因计为重复",
            "có tính lần gọi bỏ cuộc của khách là lặp lại, bất kể lý do không",
        ),
    ),
    Switch(
        name="include_bot",
        default=False,
        meaning=said(
            "whether contacts that a bot handled are judged too",
            "봇이 처리한 접촉도 판정할지 여부",
            "是否也评判由机器人处理的联络",
            "có xét cả liên hệ do bot xử lý không",
        ),
    ),
    Switch(
        name="transfer_fails",
        default=False,
        meaning=said(
            "whether a transferred contact counts as not solved",
            "전환된 접촉을 미해결로 볼지 여부",
            "被转接的联络是否计为未解决",
            "liên hệ bị chuyển tiếp có tính là chưa giải quyết không",
        ),
    ),
    Codes(
        name="net",
        meaning=said(
            "reason codes that cannot be solved at first contact and are left out",
            "최초 접촉에서 해결할 수 없어 제외하는 사유 코드",
            "因无法一次解决而剔除的原因代码",
            "các mã lý do không thể giải quyết ngay lần đầu, được loại ra",
        ),
    ),
)
