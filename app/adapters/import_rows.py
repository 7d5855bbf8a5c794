"""The columns of the files a bureau sends: their names in both languages, and an example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.vocabulary import fold


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as people and machines name it, with a cell as an example."""

    field: str
    zh: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """All columns of one kind of file, in the order of the template."""

    noun: str
    title: str
    headings: Sequence[Heading]

    @property
    def by_name(self) -> Mapping[str, str]:
        """Return the field of each folded name, English or Chinese."""
        return {
            fold(name): heading.field
            for heading in self.headings
            for name in (heading.field, heading.zh)
        }

    def label(self, field: str) -> str:
        """Return the Chinese name of a field; a field of no column is named as it is."""
        return next((each.zh for each in self.headings if each.field == field), field)


EXPERTS = Form(
    "experts",
    "专家",
    (
        Heading("id", "编号", "E0001"),
        Heading("name", "姓名", "张敏"),
        Heading("category", "类别", "专家学者"),
        Heading("organisation", "单位", "驻区高校"),
        Heading("title", "职务", "法学院教授"),
        Heading("bio", "简介", "从事知识产权教学与研究十八年，主持校企成果权属诊断十一次。"),
        Heading("expertise", "专长", "成果权属、专利布局"),
        Heading("topics", "服务主题", "知识产权、科技成果转化"),
        Heading("industries", "行业", "数字经济、现代农业"),
        Heading("stages", "服务阶段", "创意期、初创期"),
        Heading("areas", "服务片区", "东部新兴区、超算创新区"),
        Heading("modes", "见面方式", "当面、视频、电话"),
        Heading("languages", "语言", "中文、英文"),
        Heading("organisation_interests", "利害关系单位", "某某有限公司"),
        Heading("monthly_limit", "每月名额", "8"),
        Heading("appointed_from", "聘期开始", "2026-01-01"),
        Heading("appointed_until", "聘期结束", "2028-12-31"),
        Heading("appointment_document", "聘任文号", "历人社聘〔2026〕1号"),
    ),
)
CALENDAR = Form(
    "calendar",
    "放假安排",
    (
        Heading("date", "日期", "2027-01-01"),
        Heading("kind", "类型", "放假"),
        Heading("name", "名称", "元旦"),
        Heading("source", "文号", "国办发明电〔2026〕7号"),
        Heading("confirmed", "已公布", "是"),
    ),
)
OPENING = Form(
    "opening",
    "期初名单",
    (
        Heading("name", "姓名", "李晓"),
        Heading("number", "证件号码", "3701…（只留核对记号，不保存号码）"),
        Heading("phone", "手机", "13800000000"),
        Heading("kind", "方式", "担保贷款、补贴、入驻、带动就业、服务"),
        Heading("done_on", "日期", "2024-05-20"),
        Heading("amount", "金额（元）", "150000.00"),
        Heading("heads", "带动人数", "6"),
        Heading("document", "凭证号", "历贷〔2024〕016号"),
    ),
)
NEEDS = Form(
    "needs",
    "需求",
    (
        Heading("id", "编号", "N0001"),
        Heading("founder_name", "创业者", "李晓"),
        Heading("phone", "手机"),
        Heading("group", "群体", "高校毕业生"),
        Heading("venture", "项目名称", "禾墒大棚监测（筹）"),
        Heading("entity_type", "主体类型", "未注册创业团队(项目)"),
        Heading("venture_credit_code", "统一社会信用代码"),
        Heading("registered_on", "注册日期"),
        Heading("industry", "行业", "现代农业"),
        Heading("stage", "阶段", "初创期"),
        Heading("area", "片区", "东部新兴区"),
        Heading("street", "街道", "唐冶街道"),
        Heading("mode", "见面方式", "当面"),
        Heading("session_type", "服务形式", "专题诊断"),
        Heading("text", "需求", "现在想申请专利，但核心算法是在学校实验室时写的，不知道归谁。"),
    ),
)
