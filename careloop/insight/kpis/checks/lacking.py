"""Checks that no fact table has the facts for: each says what would have to be brought."""

from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import Words, said

__all__ = ["CHECKS"]


def _lacking(id: str, name: Words, lacks: Words) -> Check:  # noqa: A002 - what a check calls it
    return Check(id=id, name=name, sentence=lacks, lacks=lacks, severity=Severity.WARNING, needs={})


CHECKS = (
    _lacking(
        "mute_seconds",
        said("Muted instead of held", "보류 대신 음소거", "静音代替保持", "Tắt tiếng thay vì giữ máy"),
        said(
            "Needs the seconds of silence or mute of each call, from the telephony.",
            "통화별 무음·음소거 시간이 필요합니다(전화 시스템).",
            "需要电话系统提供每通的静默或静音秒数。",
            "Cần số giây im lặng hoặc tắt tiếng của mỗi cuộc, từ hệ thống thoại.",
        ),
    ),
    _lacking(
        "notes_length",
        said("Wrap without notes", "메모 없는 후처리", "无备注的事后处理", "Xử lý sau mà không ghi chú"),
        said(
            "Needs the length of the notes of each contact.",
            "접촉별 메모 길이가 필요합니다.",
            "需要每次联络的备注长度。",
            "Cần độ dài ghi chú của mỗi liên hệ.",
        ),
    ),
    _lacking(
        "aux_audit",
        said("Audit of auxiliary work", "보조 업무 표본 점검", "辅助工作抽查", "Kiểm tra mẫu việc phụ"),
        said(
            "Needs a random sample of stretches of auxiliary work with what was really done.",
            "보조 업무 상태의 무작위 표본과 실제 업무 확인 결과가 필요합니다.",
            "需要辅助工作状态的随机样本及其实际内容。",
            "Cần mẫu ngẫu nhiên các khoảng việc phụ kèm việc thực sự đã làm.",
        ),
    ),
    _lacking(
        "carrier_counts",
        said(
            "Carrier against platform", "통신사 대 플랫폼 집계", "运营商与平台计数", "Số của nhà mạng so với hệ thống"
        ),
        said(
            "Needs the carrier’s count of all attempts per number and interval, not only of those turned away.",
            "차단된 것만이 아니라 번호·구간별 전체 시도 수(통신사)가 필요합니다.",
            "需要运营商按号码和时段统计的全部尝试数，而非仅被拒者。",
            "Cần số lượt gọi của nhà mạng theo số và khung giờ, không chỉ các lượt bị chặn.",
        ),
    ),
    _lacking(
        "begging_phrases",
        said("Begging for scores", "점수 부탁", "讨要评分", "Xin điểm"),
        said(
            "Needs an audit of recordings or messages for begging phrases.",
            "녹취·메시지에서 점수를 부탁하는 표현을 점검한 결과가 필요합니다.",
            "需要对录音或消息中讨好评用语的抽查。",
            "Cần kiểm tra bản ghi hoặc tin nhắn về câu xin điểm.",
        ),
    ),
    _lacking(
        "question_render",
        said("How the question looked", "설문 화면 모습", "问题的呈现", "Câu hỏi hiển thị ra sao"),
        said(
            "Needs pictures of the question as it was shown, with its colors and hints.",
            "설문이 표시된 화면(색상·안내 포함)이 필요합니다.",
            "需要问题实际呈现的画面，含配色与提示。",
            "Cần hình ảnh câu hỏi như đã hiển thị, với màu và gợi ý.",
        ),
    ),
    _lacking(
        "base_reconciled_to_billing",
        said("Customers against bills", "고객 수와 청구 대사", "客户数与账单核对", "Số khách so với hóa đơn"),
        said(
            "Needs the number of customers billed each month, from the billing.",
            "월별 청구 고객 수(청구 시스템)가 필요합니다.",
            "需要计费系统每月的出账客户数。",
            "Cần số khách được lập hóa đơn mỗi tháng, từ hệ thống tính cước.",
        ),
    ),
    _lacking(
        "placebo_window",
        said("Churn before the contact", "접촉 전 이탈", "联络前的流失", "Rời bỏ trước liên hệ"),
        said(
            "Needs churn scores from before the contact, to show that the groups were alike then.",
            "접촉 이전의 이탈 점수가 필요합니다. 당시 두 집단이 같았음을 보여야 합니다.",
            "需要联络之前的流失评分，以证明两组当时相似。",
            "Cần điểm nguy cơ rời bỏ trước liên hệ, để thấy hai nhóm khi đó giống nhau.",
        ),
    ),
    _lacking(
        "liability_second_review",
        said("Second opinion on liability", "귀책 재판정", "责任复判", "Ý kiến thứ hai về trách nhiệm"),
        said(
            "Needs a second reviewer’s decision on a sample of complaints.",
            "불만 표본에 대한 두 번째 심사자의 판정이 필요합니다.",
            "需要第二位评审对投诉样本的判定。",
            "Cần quyết định của người xét thứ hai trên một mẫu khiếu nại.",
        ),
    ),
    _lacking(
        "external_register",
        said("Register of the body outside", "외부 기관 대장", "外部机构登记", "Sổ của cơ quan bên ngoài"),
        said(
            "Needs the register of the regulator or ombudsman, to compare with.",
            "대조할 규제·중재 기관의 접수 대장이 필요합니다.",
            "需要监管或调解机构的登记册以供核对。",
            "Cần sổ đăng ký của cơ quan quản lý hay hòa giải để đối chiếu.",
        ),
    ),
    _lacking(
        "cause_second_review",
        said("Second opinion on causes", "원인 재검토", "根因复核", "Ý kiến thứ hai về nguyên nhân"),
        said(
            "Needs a second reviewer’s cause on a sample of problems.",
            "문제 표본에 대한 두 번째 검토자의 원인이 필요합니다.",
            "需要第二位评审对问题样本给出的根因。",
            "Cần nguyên nhân do người xét thứ hai nêu trên một mẫu vấn đề.",
        ),
    ),
    _lacking(
        "closure_texts",
        said("Texts alike across closures", "비슷한 종료 기록", "相似的结案文本", "Văn bản đóng giống nhau"),
        said(
            "Needs keyed hashes or embeddings of the texts with which problems are closed.",
            "문제를 종료한 글의 해시나 임베딩이 필요합니다.",
            "需要问题结案文本的键控哈希或向量。",
            "Cần mã băm hoặc vector của văn bản đóng vấn đề.",
        ),
    ),
    _lacking(
        "identical_comments",
        said("Comments alike", "같은 평가 의견", "相同评语", "Nhận xét giống nhau"),
        said(
            "Needs keyed hashes of the comments of evaluations.",
            "평가 의견의 해시가 필요합니다.",
            "需要评估评语的键控哈希。",
            "Cần mã băm nhận xét của đánh giá.",
        ),
    ),
    _lacking(
        "acceptance_tone",
        said("Tone of free answers", "자유 응답의 어조", "自由回答的语气", "Giọng điệu câu trả lời tự do"),
        said(
            "Needs the tone of free answers of the pulse, worked out without keeping who wrote.",
            "작성자를 남기지 않고 분석한 펄스 자유 응답의 어조가 필요합니다.",
            "需要在不留作者的前提下得出的脉搏调研自由回答语气。",
            "Cần giọng điệu câu trả lời tự do trong khảo sát, phân tích mà không giữ tên người viết.",
        ),
    ),
    _lacking(
        "way_to_a_person",
        said("Time to a person", "상담사까지의 시간", "转到人工的时长", "Thời gian đến với nhân viên"),
        said(
            "Needs when the way to a person was first shown in self-service, and satisfaction asked after it.",
            "셀프서비스에서 상담 연결이 처음 표시된 시점과 이후 만족도가 필요합니다.",
            "需要自助服务中首次展示人工入口的时间及其后的满意度。",
            "Cần thời điểm tự phục vụ lần đầu cho thấy đường đến nhân viên, và mức hài lòng sau đó.",
        ),
    ),
    _lacking(
        "agent_keyword",
        said("Asked for a person", "상담사 요청 횟수", "要求人工次数", "Đòi gặp nhân viên"),
        said(
            "Needs how often customers said “agent” in each automated dialog.",
            "자동 대화별로 고객이 ‘상담사’를 말한 횟수가 필요합니다.",
            "需要每次自动对话中客户说“人工”的次数。",
            "Cần số lần khách nói “nhân viên” trong mỗi hội thoại tự động.",
        ),
    ),
    _lacking(
        "quiz_item_order",
        said("Order and time of items", "문항 순서와 시간", "题目顺序与用时", "Thứ tự và thời gian từng câu"),
        said(
            "Needs the order in which items were shown and the time of each.",
            "문항이 제시된 순서와 문항별 시간이 필요합니다.",
            "需要题目呈现顺序和每题用时。",
            "Cần thứ tự hiện câu hỏi và thời gian của từng câu.",
        ),
    ),
    _lacking(
        "refusals_to_escalate",
        said("Refused to escalate", "이관 거부", "拒绝升级", "Từ chối chuyển cấp"),
        said(
            "Needs an audit of complaints for refusals to escalate.",
            "이관 거부를 언급한 불만의 점검 결과가 필요합니다.",
            "需要对投诉中提及拒绝升级的核查。",
            "Cần kiểm tra khiếu nại nhắc đến việc từ chối chuyển cấp.",
        ),
    ),
    _lacking(
        "pulse_devices",
        said("One device for many", "한 기기의 여러 응답", "同一设备多份回答", "Một thiết bị nhiều câu trả lời"),
        said(
            "Needs how many answers of a wave came from one device or one minute, counted without keeping which.",
            "차수별로 같은 기기나 같은 분에 온 응답 수가 필요합니다(어느 것인지는 남기지 않음).",
            "需要每轮中来自同一设备或同一分钟的回答数（不保留具体是谁）。",
            "Cần số câu trả lời mỗi đợt từ cùng thiết bị hay cùng phút, đếm mà không giữ là ai.",
        ),
    ),
)
