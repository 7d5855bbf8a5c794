"""The Chinese words of a report file, which goes upstairs in Chinese whoever asks for it."""

from collections.abc import Callable, Mapping

from app.domain.service_record import UNASSIGNED, CountingPolicy, SessionType

FIGURES: Mapping[str, tuple[str, str]] = {
    "sessions": ("服务场次", "场"),
    "person_times": ("服务人次", "人次"),
    "distinct_persons": ("服务人数", "人"),
    "session_minutes": ("服务时长", "分钟"),
    "mentor_minutes": ("导师服务时长", "分钟"),
    "enterprises": ("服务企业数", "家"),
    "teams": ("服务创业团队数", "个"),
    "anonymous_heads": ("未登记姓名的听众", "人"),
    "lecture_sessions": ("其中：讲座场次", "场"),
    "lecture_person_times": ("其中：讲座人次", "人次"),
    "lecture_minutes": ("其中：讲座时长", "分钟"),
    "roundtable_sessions": ("其中：集中咨询场次", "场"),
    "roundtable_person_times": ("其中：集中咨询人次", "人次"),
    "roundtable_minutes": ("其中：集中咨询时长", "分钟"),
    "review_sessions": ("评审场次", "场"),
    "review_projects": ("评审项目数", "个"),
    "review_mentor_minutes": ("评审导师时长", "分钟"),
    "follow_ups": ("跟踪回访", "次"),
    "text_answers": ("图文答复", "件"),
    "outside_district_sessions": ("区外对象场次", "场"),
    "outside_district_person_times": ("区外对象人次", "人次"),
    "outside_district_minutes": ("区外对象时长", "分钟"),
    "waived_conflict_sessions": ("豁免利害关系场次", "场"),
    "waived_conflict_person_times": ("豁免利害关系人次", "人次"),
    "waived_conflict_minutes": ("豁免利害关系时长", "分钟"),
}
SPLITS: Mapping[str, tuple[str, str]] = {
    "type": ("服务类型", "session_type"),
    "department": ("部门", "department"),
    "area": ("片区", "area"),
    "street": ("街道", "street"),
    "industry": ("行业", "industry"),
    "expert_category": ("导师类别", "expert_category"),
    "confirmation": ("确认方式", "confirmation"),
}
CONFIRMATIONS: Mapping[str, str] = {
    "signed_in": "登录确认",
    "sms_code": "短信验证码",
    "link": "链接确认",
    "paper_signature": "纸质签字",
    "call_back": "电话核实",
}
STATUSES: Mapping[str, str] = {
    "counted": "计入",
    "counted_apart": "单列",
    "not_counted": "未计入",
}
CAUSES: Mapping[str, str] = {
    "late_entry": "补录",
    "late_confirmation": "补确认",
    "dispute": "提出争议",
    "ruling": "裁定",
    "correction": "更正",
}
PENDING: Mapping[str, str] = {
    "awaiting_record": "等导师填报",
    "awaiting_confirmation": "等创业者确认",
    "awaiting_ruling": "等裁定",
}
# What is no number of the policy; its numbers are told of each policy row, see policy_text.
DEFINITIONS: tuple[str, ...] = (
    "服务场次：一次服务计 1 场，与专家、创业者的人数无关；"
    "同日、同题、同一批人、间隔不超过口径所定分钟数的合并计 1 场。",
    "服务人次：每场到场并核验身份的创业者一方每人计 1 次；不乘专家数，未登记姓名的听众不计。",
    "服务人数：统计期内不同的自然人；每期重新计算，不由各月相加。",
    "服务时长：实际起止扣除休息，每场计一次；按分钟存，只在合计时折算小时，保留一位小数，四舍五入。",
    "导师服务时长：各位计入的专家本人在场分钟之和，只用于履职，不作为对外的服务量。",
    "服务企业数、服务创业团队数：有计入的咨询、诊断或辅导的企业和团队，服务当天已登记的为企业；每期重新计算。",
    "一条记录属于实际开始那天（北京时间）所在的月份；是否计入由台账逐条决定，未计入的写明原因。",
)
UNASSIGNED_NAME = "未归属"


def measure_name(name: str) -> str:
    """Return a measure with its unit, as a heading says it."""
    zh, unit = FIGURES[name]
    return f"{zh}（{unit}）"


def label_name(by: str, label: str, named: Callable[[str, str], str]) -> str:
    """Return the name of a part of a split.

    Args:
        by: what it is split by.
        label: the code of the part.
        named: tells the name of a code of a vocabulary.
    """
    if label == UNASSIGNED:
        return UNASSIGNED_NAME
    return CONFIRMATIONS[label] if by == "confirmation" else named(SPLITS[by][1], label)


def policy_text(policy: CountingPolicy, types: Mapping[SessionType, str]) -> str:
    """Return the numbers of a policy row in words.

    Args:
        policy: the row.
        types: the names of the types of service that have a least length.
    """
    least = "、".join(
        f"{types[code]} {minutes}" for code, minutes in policy.min_minutes.items() if minutes
    )
    parts = [
        f"{policy.valid_from:%Y-%m-%d} 起执行",
        f"最低时长（分钟）：{least}",
        f"两段之间间隔不超过 {policy.merge_gap_minutes} 分钟的合并",
    ]
    if policy.overrun_cap_minutes is not None:
        parts.append(f"超出计划最多计 {policy.overrun_cap_minutes} 分钟")
    if policy.late_confirmation_days is not None:
        parts.append(f"服务之日起 {policy.late_confirmation_days} 天内可以补确认")
    parts.append(f"次月第 {policy.close_working_day} 个工作日起结账")
    return "；".join(parts)
