"""Say in Chinese what the codes of reasons, cautions and rules mean."""

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "organisation": "所在单位",
    "title": "职务",
    "expertise": "专长",
    "bio": "简介",
    "industries": "行业经验",
}

CATEGORIES: Mapping[str, str] = {
    "scholar": "专家学者",
    "entrepreneur": "成功企业家",
    "official": "部门业务骨干",
    "investor": "风投人士",
}

WEAKEST: Mapping[str, str] = {
    "text": "您说的情况，这位导师的资料里写得不多，见面前可以先问清",
    "concept": "这一类问题在这位导师的资料里写得不多，见面前可以先问清",
    "likely": "这一类问题在这位导师的资料里写得不多，见面前可以先问清",
    "industry": "您这一行，这位导师的资料里写得不多，见面前可以先问清",
    "stage": "您所处的阶段，这位导师的资料里写得不多，见面前可以先问清",
}

REASONS: Mapping[str, str] = {
    "topic": "您写到“{evidence}”，这位导师的{field}有“{matched}”",
    "topic_settled": "您选定了这个主题，这位导师的{field}有“{matched}”",
    "topic_declared": "您写到“{evidence}”，这位导师的服务主题包含这一类问题",
    "topic_settled_declared": "您选定的主题，正在这位导师的服务主题里",
    "words": "您提到“{evidence}”，这位导师的{field}写有“{matched}”",
    "industry": "您做的是“{industry}”，这位导师熟悉“{matched}”",
    "stage": "您所处的创业阶段，正是这位导师服务的阶段",
    "category": "这一类问题通常找{category}，这位导师正是",
    "area": "您所在的片区，在这位导师的服务片区内",
    "mode": "您希望的见面方式，这位导师可以提供",
    "trade": "这位导师是{category}，可以从这个角度给您看法",
    "overall": "综合各项，这位导师在{total}位导师中排第{rank}位",
}

CAUTIONS: Mapping[str, str] = {
    "interest_declared": "这位导师申报过与贵企业有往来，预约前请先了解",
    "declined": "这位导师写明“{matched}”",
    "mode_mismatch": "您希望的见面方式，这位导师暂不提供",
    "language_mismatch": "您用英文提问，这位导师的资料里没有写明英语服务",
    "few_places_left": "名额不多，还剩{places}个",
    "places_taken": "名额已满，可能要等",
    "term_ending": "聘期到{until}为止",
    "topic_not_covered": "您还写到“{evidence}”，这位导师的资料里没有提到这一类问题",
    "stage_mismatch": "您所处的创业阶段不在这位导师的服务阶段里",
    "area_mismatch": "您所在的片区不在这位导师的服务片区里",
    "industry_not_covered": "这位导师的资料里没有写到“{industry}”",
}

RULES: Mapping[str, str] = {
    "mentor_out_of_term": "这位导师现在不在聘期内",
    "conflict_of_interest": "这位导师与贵企业存在利害关系，需要回避",
    "capacity_reached": "这位导师{period}的名额已满（{booked}/{limit}）",
    "mentor_paused": "这位导师暂停服务",
    "pairing_cap_reached": "这位导师今年辅导的项目已有{paired}个，到了一年{most}个的上限",
    "language_mismatch": "您用{language}提问，这位导师用{languages}服务",
    "mode_mismatch": "您希望{wanted}，这位导师提供{offered}",
    "no_common_time": "在能预约的日子里，您和这位导师没有都空着的时间",
}

CHANGES: Mapping[str, str] = {
    "term_begins": "聘期{from_on}开始以后",
    "term_renewed": "聘任手续办好以后",
    "waiver": "两名工作人员批准豁免、创业者知情以后",
    "another_service": "改为{service}",
    "recusal_over": "回避期满，{from_on}以后",
    "next_period": "{next_period}可约",
    "limit_raised": "这位导师放开{period}的名额以后",
    "place_freed": "这位导师办完手上的一个需求以后",
    "pause_ended": "这位导师恢复接待以后",
    "cap_waived": "工作人员批准多辅导一个项目以后",
    "another_language": "改用{language}交谈",
    "another_mode": "改为{mode}",
    "time_freed": "{when}能空出来",
    "time_opened": "这位导师再开放一个您也有空的时段",
    "topic_confirmed": "资料里确认能解答“{evidence}”这一类问题",
    "topic_settled_confirmed": "资料里确认能解答您选定的主题",
    "experience_written": "资料里写明有“{evidence}”的经验",
    "industry_added": "资料里写明熟悉“{industry}”",
    "stage_added": "资料里写明也服务您所处的阶段",
    "profile_completed": "资料里把您问到的各项都写明",
}

SERVICES: Mapping[str, str] = {"consultation": "创业咨询"}

NEXT_PERIODS: Mapping[str, str] = {"week": "下周", "month": "下月", "year": "明年"}

WEEKDAYS = "一二三四五六日"

PERIODS: Mapping[str, str] = {"week": "本周", "month": "本月", "year": "今年", "": "现在"}

MODES: Mapping[str, str] = {"onsite": "当面谈", "online": "视频谈", "phone": "电话谈"}

LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "英文"}


def listed(names: Mapping[str, str], codes: str) -> str:
    """Name codes that stand between commas; one that has no name stands for itself."""
    return "、".join(names.get(code, code) for code in codes.split(","))


def worded(template: str, facts: Mapping[str, str]) -> str:
    """Fill a template with facts; what stands in the facts is never read as a template."""
    return template.format_map(facts)
