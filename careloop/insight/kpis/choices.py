"""What the choices of options are called: a code where machines read, words where people do."""

from collections.abc import Mapping
from types import MappingProxyType

from careloop.insight.kpis.words import Words, said

__all__ = ["CHOICES", "SWITCHED"]

SWITCHED: Mapping[str, Words] = MappingProxyType(
    {"on": said("yes", "예", "是", "có"), "off": said("no", "아니요", "否", "không")}
)
# fmt: off
# ruff: noqa: E501
CHOICES: Mapping[str, Mapping[str, Words]] = MappingProxyType({
    "aspect": {
        "class": said("type", "유형", "类别", "loại"),
        "priority": said("priority", "우선순위", "优先级", "mức ưu tiên"),
        "queue": said("queue", "큐", "队列", "hàng chờ"),
    },
    "basis": {
        "contract": said("running contracts", "유효한 계약", "有效合同", "hợp đồng còn hiệu lực"),
        "purchase": said("purchases", "구매", "购买行为", "việc mua hàng"),
    },
    "cause": {
        "chose_not": said("decided otherwise", "알면서 따르지 않음", "有意未遵循", "biết nhưng chọn không làm"),
        "could_not_find": said("could not find it", "찾지 못함", "找不到", "không tìm thấy"),
        "did_not_know": said("did not know it", "알지 못함", "不知道", "không biết"),
        "procedure_unfit": said("procedure does not fit", "절차가 맞지 않음", "流程不适用", "quy trình không phù hợp"),
        "system": said("system in the way", "시스템 문제", "系统所致", "do hệ thống"),
    },
    "channels": {
        "any": said("by any channel", "모든 채널", "任意渠道", "qua bất kỳ kênh nào"),
        "same": said("by the same channel only", "같은 채널만", "仅同一渠道", "chỉ qua cùng một kênh"),
    },
    "class": {
        "business": said("errors that harm the business", "회사에 해가 되는 오류", "损害企业的差错", "lỗi gây hại cho doanh nghiệp"),
        "compliance": said("errors against the rules", "규정 위반 오류", "违规差错", "lỗi vi phạm quy định"),
        "customer": said("errors that harm the customer", "고객에게 해가 되는 오류", "损害客户的差错", "lỗi gây hại cho khách hàng"),
    },
    "clock": {
        "arrived_at": said("from arrival", "인입 시점부터", "自到达起", "từ lúc đến"),
        "business": said("open hours only", "영업시간만", "仅营业时间", "chỉ giờ mở cửa"),
        "elapsed": said("all time", "전체 경과 시간", "全部时间", "toàn bộ thời gian"),
        "queued_at": said("from entering the queue", "큐 진입 시점부터", "自进入队列起", "từ lúc vào hàng chờ"),
    },
    "closed_as": {
        "accepted_risk": said("accepted as a risk", "위험 수용", "接受风险", "chấp nhận rủi ro"),
        "containment": said("contained", "확산 차단", "已遏制", "đã khoanh vùng"),
        "permanent_fix": said("fixed for good", "영구 해결", "根治", "khắc phục triệt để"),
        "preventive": said("prevented", "예방 조치", "预防措施", "đã phòng ngừa"),
        "workaround": said("worked around", "임시 조치", "权宜之计", "chữa tạm"),
    },
    "coefficient": {
        "ac1_item": said("Gwet’s AC1 of lines", "항목별 Gwet AC1", "逐项 Gwet AC1", "AC1 của Gwet theo mục"),
        "alpha": said("Cronbach’s α", "크론바흐 α", "克隆巴赫 α", "α của Cronbach"),
        "alpha_item": said("Krippendorff’s α of lines", "항목별 크리펜도르프 α", "逐项 Krippendorff α", "α của Krippendorff theo mục"),
        "alpha_score": said("Krippendorff’s α of scores", "총점의 크리펜도르프 α", "总分的 Krippendorff α", "α của Krippendorff theo tổng điểm"),
        "icc": said("ICC(2,1) of scores", "총점의 ICC(2,1)", "总分的 ICC(2,1)", "ICC(2,1) theo tổng điểm"),
        "omega": said("McDonald’s ω", "맥도널드 ω", "麦克唐纳 ω", "ω của McDonald"),
    },
    "denominator": {
        "answered": said("answered only", "응답만", "仅已接", "chỉ cuộc được trả lời"),
        "credit_abandon_within_target": said("all offered, abandons within the target count as in time", "전체 제공, 목표 내 포기는 목표 내로 봄", "全部呼入，目标内放弃计为达标", "mọi cuộc đến, bỏ cuộc trong mục tiêu tính là đúng hạn"),
        "ex_abandon_within_target": said("without abandons within the target", "목표 내 포기 제외", "剔除目标内放弃", "không tính bỏ cuộc trong mục tiêu"),
        "offered": said("all offered", "전체 제공", "全部呼入", "mọi cuộc đến"),
        "offered_ex_short": said("offered without short abandons", "짧은 포기를 뺀 제공", "呼入，剔除短时放弃", "cuộc đến, không tính bỏ cuộc sớm"),
    },
    "field": {
        "all": said("all fields", "모든 항목", "全部字段", "mọi trường"),
        "case_id": said("case", "케이스", "工单", "vụ việc"),
        "customer_id": said("customer", "고객", "客户", "khách hàng"),
        "disposition": said("outcome code", "처리 결과", "处理结果", "mã kết quả"),
        "reason_code": said("reason", "사유", "原因", "lý do"),
        "release_party": said("who hung up", "먼저 끊은 쪽", "挂断方", "bên cúp máy"),
    },
    "from_severity": {
        "note": said("notes and graver", "참고 이상", "提示及以上", "từ ghi chú trở lên"),
        "severe": said("severe only", "심각만", "仅严重", "chỉ nghiêm trọng"),
        "warning": said("warnings and graver", "경고 이상", "警告及以上", "từ cảnh báo trở lên"),
    },
    "horizon": {
        "1d": said("a day ahead", "1일 전 예측", "提前 1 天", "trước 1 ngày"),
        "1w": said("a week ahead", "1주 전 예측", "提前 1 周", "trước 1 tuần"),
        "4w": said("four weeks ahead", "4주 전 예측", "提前 4 周", "trước 4 tuần"),
        "intraday": said("on the same day", "당일 예측", "当日", "trong ngày"),
    },
    "hours": {
        "paid": said("paid hours", "유급 시간", "付薪工时", "giờ được trả lương"),
        "scheduled": said("scheduled hours", "예정 근무 시간", "排班工时", "giờ theo lịch"),
        "staffed": said("hours at work", "실제 근무 시간", "在岗工时", "giờ có mặt"),
    },
    "interval_min": {
        "15": said("15 minutes", "15분", "15 分钟", "15 phút"),
        "30": said("30 minutes", "30분", "30 分钟", "30 phút"),
    },
    "judge": {
        "automatic": said("judged by machines", "기계 평가", "机器评价", "do máy đánh giá"),
        "human": said("judged by people", "사람 평가", "人工评价", "do người đánh giá"),
    },
    "kind": {
        "all": said("all", "전체", "全部", "tất cả"),
        "any": said("any", "모두", "任意", "bất kỳ"),
        "cold": said("cold, not announced", "안내 없는 전환", "盲转", "chuyển không báo trước"),
        "in_office": said("in the office", "사무실 안", "在岗内", "tại văn phòng"),
        "involuntary": said("not by choice", "비자발적", "非自愿", "không tự nguyện"),
        "out_of_office": said("out of the office", "사무실 밖", "离岗", "ngoài văn phòng"),
        "planned": said("planned", "계획된 것", "计划内", "có kế hoạch"),
        "relational": said("about the company", "회사 전반(관계)", "总体关系", "về công ty nói chung"),
        "transactional": said("about the last contact", "직전 접촉(거래)", "最近一次联络", "về lần liên hệ gần nhất"),
        "transfer": said("moves inside the company", "사내 이동", "内部调动", "chuyển nội bộ"),
        "unplanned": said("unplanned", "계획되지 않은 것", "计划外", "ngoài kế hoạch"),
        "voluntary": said("by choice", "자발적", "自愿", "tự nguyện"),
        "warm": said("warm, announced", "안내 후 전환", "协同转接", "chuyển có báo trước"),
        "with_transfers": said("all, with moves inside", "사내 이동을 포함한 전체", "全部，含内部调动", "tất cả, kể cả chuyển nội bộ"),
    },
    "level": {
        "commitment": said("whole commitments", "약속 단위", "整项承诺", "cả cam kết"),
        "day": said("by day", "일 단위", "按天", "theo ngày"),
        "interval": said("by half hour", "30분 단위", "按半小时", "theo nửa giờ"),
        "item": said("single items", "개별 건", "单项", "từng mục"),
        "visit": said("whole visits", "방문 단위", "整次暗访", "cả lượt ghé thăm"),
    },
    "liable": {
        "agent": said("agent", "상담사", "坐席", "nhân viên"),
        "partner": said("partner", "협력사", "合作方", "đối tác"),
        "policy": said("policy", "정책", "政策", "chính sách"),
        "process": said("process", "프로세스", "流程", "quy trình"),
        "product": said("product", "상품", "产品", "sản phẩm"),
        "system": said("system", "시스템", "系统", "hệ thống"),
        "undecided": said("not decided", "미정", "未定责", "chưa xác định"),
    },
    "match": {
        "case": said("same case", "같은 케이스", "同一工单", "cùng vụ việc"),
        "customer": said("same customer", "같은 고객", "同一客户", "cùng khách hàng"),
        "customer_reason": said("same customer and reason", "같은 고객과 사유", "同一客户且同一原因", "cùng khách hàng và lý do"),
    },
    "measure": {
        "first_response": said("first response", "최초 응답", "首次响应", "phản hồi đầu tiên"),
        "next_response": said("next response", "다음 응답", "后续响应", "phản hồi tiếp theo"),
        "resolution": said("resolution", "해결", "解决", "giải quyết"),
        "wait": said(
            "wait in line for a chat or a call, without abandons within the target",
            "채팅·전화 대기, 목표 내 포기 제외",
            "聊天和电话等待，剔除目标内放弃",
            "chờ trò chuyện hoặc cuộc gọi, không tính bỏ cuộc trong mục tiêu",
        ),
        "task": said("task of another team", "다른 팀의 업무", "其他团队的任务", "công việc của nhóm khác"),
    },
    "method": {
        "entered_flow": said("did not go on to a human", "상담사로 넘어가지 않음", "未转人工", "không chuyển sang người"),
        "survey_share": said("share from a survey", "설문으로 얻은 비율", "由调查得出的比例", "tỷ lệ từ khảo sát"),
    },
    "of": {
        "all": said("all together", "전체", "全体", "tất cả cùng nhau"),
        "complaints": said("complaints", "불만", "投诉", "khiếu nại"),
        "highest_agent": said("the agent with most", "가장 높은 상담사", "最高的坐席", "nhân viên cao nhất"),
        "lowest_agent": said("the agent with least", "가장 낮은 상담사", "最低的坐席", "nhân viên thấp nhất"),
        "problems": said("problems", "문제", "问题", "vấn đề"),
    },
    "part": {
        "all": said("all of them", "전체", "全部", "tất cả"),
        "gave_up": said("gave up", "포기", "已放弃", "bỏ cuộc"),
        "solved": said("solved", "해결", "已解决", "đã giải quyết"),
        "unknown": said("not known how it ended", "결과 알 수 없음", "结果未知", "không rõ kết quả"),
    },
    "per": {
        "contact": said("for each contact", "접촉당", "每次联络", "cho mỗi liên hệ"),
        "resolution": said("for each resolved issue", "해결된 문의당", "每个已解决问题", "cho mỗi vấn đề đã giải quyết"),
    },
    "population": {
        "all": said("all that left the queue", "큐를 떠난 전체", "全部离队者", "mọi chặng rời hàng chờ"),
        "answered": said("answered only", "응답만", "仅已接", "chỉ chặng được trả lời"),
    },
    "proof": {
        "any": said("confirmed or inferred", "확인 또는 추정", "已确认或推断", "đã xác nhận hoặc suy ra"),
        "confirmed": said("confirmed by the customer", "고객이 확인", "客户确认", "khách xác nhận"),
        "inferred": said("inferred, as nobody came back", "재문의가 없어 추정", "因未再联系而推断", "suy ra vì khách không liên hệ lại"),
    },
    "q": {
        "0.5": said("median", "중앙값", "中位数", "trung vị"),
        "0.9": said("90th percentile", "90백분위", "第 90 百分位", "bách phân vị 90"),
        "0.95": said("95th percentile", "95백분위", "第 95 百分位", "bách phân vị 95"),
        "0.99": said("99th percentile", "99백분위", "第 99 百分位", "bách phân vị 99"),
        "1": said("the longest", "가장 긴 값", "最长", "dài nhất"),
    },
    "quality": {
        "fcr": said("resolved at first contact", "최초 해결", "首次解决", "giải quyết ngay lần đầu"),
        "no_critical_error": said("no critical error", "치명적 오류 없음", "无致命差错", "không có lỗi nghiêm trọng"),
    },
    "readers": {
        "agent": said("agents", "상담사", "坐席", "nhân viên"),
        "customer": said("customers", "고객", "客户", "khách hàng"),
    },
    "required": {
        "actual": said("for the calls that came", "실제 인입 기준", "按实际来电", "theo cuộc gọi thực tế"),
        "forecast": said("for the forecast", "예측 기준", "按预测", "theo dự báo"),
        "plan": said("as planned", "계획 인원 기준", "按计划人数", "theo kế hoạch"),
    },
    "schedule": {
        "edited": said("with later changes", "변경 후 일정", "修改后的班表", "lịch sau chỉnh sửa"),
        "published": said("as published", "게시된 일정", "已发布的班表", "lịch đã công bố"),
    },
    "scope": {
        "queue": said("in the queue", "큐 안", "队列内", "trong hàng chờ"),
        "queue_and_ivr": said("in the queue and the voice menu", "큐와 자동응답", "队列与语音菜单", "trong hàng chờ và hệ thống thoại"),
    },
    "score": {
        "gap": said("gap to what was expected", "기대와의 차이", "与期望的差距", "chênh lệch so với kỳ vọng"),
        "perception": said("as perceived", "지각된 점수", "感知得分", "theo cảm nhận"),
    },
    "series": {
        "arrived": said("arrived", "인입", "到达", "đến"),
        "attempts": said("attempts", "시도", "尝试", "lần thử"),
        "demand": said("demand, redials counted once", "수요(재다이얼은 한 번)", "需求（重拨计一次）", "nhu cầu (gọi lại tính một lần)"),
        "handled": said("handled by people", "사람이 처리", "人工处理", "do người xử lý"),
        "offered": said("offered to a queue", "큐에 제공", "进入队列", "vào hàng chờ"),
        "unique_customers": said("different customers", "고객 수(중복 제외)", "不同客户", "khách hàng khác nhau"),
        "unique_issues": said("different issues", "문의 수(중복 제외)", "不同问题", "vấn đề khác nhau"),
    },
    "severity": {
        "all": said("all", "전체", "全部", "tất cả"),
        "note": said("notes", "참고", "提示", "ghi chú"),
        "severe": said("severe", "심각", "严重", "nghiêm trọng"),
        "warning": said("warnings", "경고", "警告", "cảnh báo"),
    },
    "share": {
        "0.5": said("median", "중앙값", "中位数", "trung vị"),
        "0.75": said("75th percentile", "75백분위", "第 75 百分位", "bách phân vị 75"),
        "0.9": said("90th percentile", "90백분위", "第 90 百分位", "bách phân vị 90"),
    },
    "side": {
        "over": said("people too many", "초과 인원", "超员", "thừa người"),
        "short": said("people missing", "부족 인원", "缺员", "thiếu người"),
    },
    "statistic": {
        "bias": said("bias", "편향", "偏差", "độ chệch"),
        "days_at_band": said("days that reached the band", "구간에 이른 날", "达到区间的天数", "số ngày chạm ngưỡng"),
        "gini": said("Gini coefficient", "지니 계수", "基尼系数", "hệ số Gini"),
        "holds": said("holds for each", "건당 보류 횟수", "每段保持次数", "số lần giữ mỗi chặng"),
        "km_median": said("median, those still waiting included", "중앙값(대기 중 포함)", "中位数（含仍在等待者）", "trung vị, kể cả người đang chờ"),
        "mean": said("mean", "평균", "均值", "trung bình"),
        "patience_km_median": said("median patience", "인내 중앙값", "耐心中位数", "trung vị kiên nhẫn"),
        "patience_mean_exp": said("mean patience, if exponential", "평균 인내(지수분포 가정)", "平均耐心（指数假设）", "kiên nhẫn trung bình, nếu phân phối mũ"),
        "seconds": said("seconds of all", "전체의 초", "全部的秒数", "số giây của tất cả"),
        "seconds_if_held": said("seconds of those held", "보류된 건의 초", "被保持者的秒数", "số giây của chặng bị giữ"),
        "share": said("share", "비율", "占比", "tỷ lệ"),
        "share_held": said("share held", "보류 비율", "被保持比例", "tỷ lệ bị giữ"),
        "time": said("time", "시간", "时间", "thời gian"),
        "wape": said("absolute error (WAPE)", "절대 오차(WAPE)", "绝对误差（WAPE）", "sai lệch tuyệt đối (WAPE)"),
        "within_target": said("share within the target", "목표 내 비율", "目标内比例", "tỷ lệ trong mục tiêu"),
    },
    "unit": {
        "case": said("cases", "케이스", "工单", "vụ việc"),
        "contact": said("contacts", "접촉", "联络", "liên hệ"),
    },
    "unknown_reason": {
        "everything": said("matches everything", "모든 사유와 같음", "与一切相同", "khớp với mọi lý do"),
        "nothing": said("matches nothing", "아무 사유와도 다름", "与一切不同", "không khớp với lý do nào"),
    },
    "users": {
        "agent": said("agents", "상담사", "坐席", "nhân viên"),
        "all": said("agents and customers", "상담사와 고객", "坐席与客户", "nhân viên và khách hàng"),
        "customer": said("customers", "고객", "客户", "khách hàng"),
    },
    "view": {
        "agent": said("as agents see it", "상담사 관점", "按坐席", "theo nhân viên"),
        "contact": said("whole contacts", "접촉 전체", "整次联络", "cả liên hệ"),
        "contact_total": said("whole contacts, from arrival", "인입부터 접촉 전체", "整次联络，自到达起", "cả liên hệ, từ lúc đến"),
        "segment": said("single segments", "개별 구간", "单个分段", "từng chặng"),
    },
    "weight": {
        "interval": said("each interval counts the same", "구간을 똑같이", "各时段等权", "mỗi khoảng như nhau"),
        "offered": said("by contacts", "접촉 수로 가중", "按联络数加权", "theo số liên hệ"),
    },
    "weighted": {
        "off": said("not weighted", "가중하지 않음", "不加权", "không tính trọng số"),
        "on": said("by the chance of being asked", "조사 대상이 될 확률로", "按被调查概率", "theo xác suất được hỏi"),
        "response": said("by who answers, too", "응답 성향까지", "并按作答倾向", "theo cả xu hướng trả lời"),
    },
    "which": {
        "accepted": said("accepted only", "채택된 것만", "仅已采纳", "chỉ được chấp nhận"),
        "all": said("all", "전체", "全部", "tất cả"),
    },
    "who": {
        "all": said("everybody", "모두", "所有人", "mọi người"),
        "incumbent": said("those who were there", "기존 직원", "在职员工", "nhân viên cũ"),
        "new_hire": said("new people", "신규 직원", "新员工", "nhân viên mới"),
    },
    "window": {
        "fixed": said("from the first contact of the issue", "문의의 첫 접촉부터", "自问题首次联络起", "từ liên hệ đầu tiên của vấn đề"),
        "rolling": said("from the contact before", "직전 접촉부터", "自上一次联络起", "từ liên hệ trước đó"),
    },
    "with": {
        "agent_csat": said("satisfaction with the agent", "상담사 만족도", "对坐席的满意度", "hài lòng với nhân viên"),
        "csat": said("satisfaction", "고객 만족도", "满意度", "mức hài lòng"),
        "fcr": said("whether nothing followed", "후속 접촉 여부", "是否未再来访", "có liên hệ tiếp theo hay không"),
        "solved": said("whether it was solved", "해결 여부", "是否解决", "đã giải quyết hay chưa"),
    },
})
"""By the name of the option, and its choice."""
