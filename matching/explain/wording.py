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
    "capacity_reached": "这位导师的名额已满",
    "mentor_paused": "这位导师暂停服务",
}


def worded(template: str, facts: Mapping[str, str]) -> str:
    """Fill a template with facts; what stands in the facts is never read as a template."""
    return template.format_map(facts)
