"""Why a service does not count, in plain words for mentors and for founders, by reason."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.domain.service_record import Column, Reason

TO_MENTORS: Mapping[Reason, str] = {
    Reason.TEST_DATA: _("这是系统测试用的记录，不是真实的服务。"),
    Reason.DUPLICATE: _("这段时间里您已有另一条记录，同一时间只计一次。"),
    Reason.VOIDED: _("这条记录已经作废。"),
    Reason.NO_SHOW_FOUNDER: _("登记的是创业者没有到，服务没有进行。"),
    Reason.NO_SHOW_MENTOR: _("登记的是导师没有到，服务没有进行。"),
    Reason.NO_SHOW_BOTH: _("登记的是双方都没有到，服务没有进行。"),
    Reason.TECH_FAILURE: _("因网络或场地出了问题，服务没有进行。"),
    Reason.NOT_A_SESSION: _("这种形式不按场次计，例如活动的图文材料。"),
    Reason.DISPUTED: _("双方说法不一致，等没有经手过的复核人裁定。"),
    Reason.MERGED: _("这是同一次服务的后一段，分钟已计在第一段里。"),
    Reason.CONFLICT_OF_INTEREST: _("您与服务对象有利害关系，又没有事先办理豁免。"),
    Reason.MENTOR_SUSPENDED: _("服务当天您的服务处于暂停期。"),
    Reason.MENTOR_OUT_OF_TERM: _("服务当天您不在聘期内。"),
    Reason.IDENTITY_UNVERIFIED: _("到场的创业者还没有核验身份，核验以后会重新计算。"),
    Reason.NO_ATTENDEE: _("没有核实到有创业者到场。"),
    Reason.BELOW_MINIMUM: _("双方都在场的时间短于这类服务的最低时长。"),
    Reason.UNCONFIRMED: _("创业者还没有确认。没有回复不视为同意；补确认期限内都可以确认。"),
    Reason.OUTSIDE_DISTRICT: _("服务对象不在本区，单列统计，不进总数。"),
}
TO_FOUNDERS: Mapping[Reason, str] = {
    Reason.TEST_DATA: _("这是系统测试用的记录，不是真实的服务。"),
    Reason.DUPLICATE: _("导师在同一段时间里另有一条记录，同一时间只计一次。"),
    Reason.VOIDED: _("这条记录已经作废。"),
    Reason.NO_SHOW_FOUNDER: _("登记的是您没有到，服务没有进行。"),
    Reason.NO_SHOW_MENTOR: _("登记的是导师没有到，服务没有进行。"),
    Reason.NO_SHOW_BOTH: _("登记的是双方都没有到，服务没有进行。"),
    Reason.TECH_FAILURE: _("因网络或场地出了问题，服务没有进行。"),
    Reason.NOT_A_SESSION: _("这种形式不按场次计，例如活动的图文材料。"),
    Reason.DISPUTED: _("双方说法不一致，等没有经手过的复核人裁定。"),
    Reason.MERGED: _("这是同一次服务的后一段，已计在第一段里。"),
    Reason.CONFLICT_OF_INTEREST: _("按回避的规定，这次服务不进统计。对您没有影响。"),
    Reason.MENTOR_SUSPENDED: _("服务当天这位导师处于暂停期。对您没有影响。"),
    Reason.MENTOR_OUT_OF_TERM: _("服务当天这位导师不在聘期内。对您没有影响。"),
    Reason.IDENTITY_UNVERIFIED: _("您的身份还没有核验。绑定手机号，或带证件到窗口核验即可。"),
    Reason.NO_ATTENDEE: _("没有核实到您这边有人到场。"),
    Reason.BELOW_MINIMUM: _("见面的时间短于这类服务的最低时长。"),
    Reason.UNCONFIRMED: _("您还没有核对确认。没有回复不视为同意；补确认期限内都可以确认。"),
    Reason.OUTSIDE_DISTRICT: _("您或您的项目不在本区，单列统计，不进总数。"),
}
COLUMNS: Mapping[Column, str] = {
    Column.OUTSIDE_DISTRICT: _("服务对象不在本区，单列统计，不进总数。"),
    Column.WAIVED_CONFLICT: _("利害关系已经豁免，单列统计，不进总数。"),
    Column.TEXT: _("图文答复，按件单列统计。"),
    Column.FOLLOW_UP: _("跟踪回访，按次单列统计。"),
    Column.REVIEW: _("创业评审，按场和项目单列统计。"),
}
BARS: Mapping[str, str] = {
    "appeal.counted": _("这次服务已经计入。"),
    "appeal.record_first": _("请先填写服务记录。"),
    "appeal.ruling_first": _("正在等裁定，裁定以后还不同意再提出。"),
    "appeal.merged": _("这一段并入了同一次服务的第一段，请对第一段提出。"),
    "appeal.already_open": _("您的申诉正在办理。"),
    "appeal.already_answered": _("对这个结论的申诉已经答复。结论再有变化，可以重新提出。"),
    "appeal.window_over": _("提出申诉的期限已过。"),
}
