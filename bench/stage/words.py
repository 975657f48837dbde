"""What customers in four languages write about."""

__all__ = ["AUTO_REPLIES", "NAMES", "QUOTE_HEADS", "SENTENCES", "SUBJECTS"]

NAMES = {
    "ko": ("김민수", "이서연", "박지훈", "최유진", "정하늘", "한도윤"),
    "en": ("Olivia Reed", "Noah Clarke", "Emma Stone", "Liam Walsh", "Ava Brook", "Jack Miller"),
    "vi": ("Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Thu Dung", "Võ Quốc Huy"),
    "zh": ("王伟", "李娜", "张敏", "刘洋", "陈静", "赵强"),
}
SUBJECTS = {
    "ko": (
        "인터넷이 자주 끊겨요",
        "요금이 두 번 청구되었습니다",
        "배송 주소를 바꾸고 싶어요",
        "해지 위약금 문의",
        "로밍 요금제 안내 부탁드립니다",
    ),
    "en": (
        "Where is my order?",
        "Charged twice this month",
        "The router keeps restarting",
        "Change of address",
        "Refund still missing",
    ),
    "vi": (
        "Đơn hàng của tôi đang ở đâu?",
        "Thẻ bị khóa khi thanh toán",
        "Muốn đổi gói cước",
        "Hóa đơn tính sai",
        "Không đăng nhập được",
    ),
    "zh": ("网络经常断线", "账单重复扣款", "想修改收货地址", "退款还没有到账", "无法登录手机应用"),
}
SENTENCES = {
    "ko": (
        "어제 저녁부터 인터넷이 삼십 분마다 끊깁니다.",
        "공유기를 여러 번 껐다 켰지만 나아지지 않았습니다.",
        "이번 달 요금이 카드에서 두 번 빠져나갔습니다.",
        "상담원과 통화했지만 아직 답을 받지 못했습니다.",
        "환불이 언제 되는지 알려 주시면 감사하겠습니다.",
        "배송 주소를 서울 마포구로 바꿔 주세요.",
        "첨부한 영수증을 확인해 주시기 바랍니다.",
        "빠른 답변 부탁드립니다.",
    ),
    "en": (
        "My parcel has been on its way for nine days now.",
        "The tracking page shows the same line since Monday.",
        "I was charged twice for the same month on my card.",
        "Your colleague promised to call me back and nobody did.",
        "Could you please tell me when the money will arrive?",
        "The router restarts every twenty minutes since the update.",
        "I attached the receipt that the shop gave me.",
        "Please change the delivery address to the one below.",
    ),
    "vi": (
        "Tôi đã đặt hàng từ tuần trước nhưng chưa nhận được.",
        "Trang theo dõi không thay đổi gì từ hôm thứ hai.",
        "Thẻ của tôi bị trừ tiền hai lần cho cùng một hóa đơn.",
        "Nhân viên hứa gọi lại nhưng đến nay chưa thấy ai gọi.",
        "Xin cho biết khi nào tôi được hoàn tiền.",
        "Tôi muốn đổi địa chỉ giao hàng sang quận Bình Thạnh.",
        "Cảm ơn và mong sớm nhận được trả lời.",
    ),
    "zh": (
        "我的包裹已经在路上九天了。",
        "物流页面从星期一开始就没有更新。",
        "同一个月的费用在我的卡上扣了两次。",
        "客服答应给我回电话，但一直没有人联系我。",
        "请告诉我退款什么时候能到账。",
        "更新以后路由器每二十分钟重启一次。",
        "附件是商店给我的收据，请查收。",
        "请把收货地址改成下面的地址。",
    ),
}
QUOTE_HEADS = {
    "ko": "2026년 11월 16일 (월) 오후 3:10, %s님이 작성:",
    "en": "On Mon, Nov 16, 2026 at 3:10 PM %s wrote:",
    "vi": "Vào Th 2, 16 thg 11, 2026 vào lúc 15:10 %s đã viết:",
    "zh": "%s 于2026年11月16日周一 15:10写道：",
}
AUTO_REPLIES = {
    "ko": ("자동 응답: 휴가 중입니다", "11월 30일까지 휴가 중입니다. 급한 일은 대표 번호로 연락 주세요."),
    "en": ("Automatic reply: out of office", "I am out of the office until 30 November and will answer after that."),
    "vi": ("Trả lời tự động: vắng mặt", "Tôi vắng mặt đến ngày 30 tháng 11 và sẽ trả lời sau."),
    "zh": ("自动回复：休假中", "我休假到十一月三十日，回来后会回复您。"),
}
