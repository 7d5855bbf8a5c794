"""What is said of a record beside its words, in every portal."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from app.domain.outcome_record import Extras
from app.queries.vocabularies import Labels, Locale, labels
from app.unit_of_work import Reader

EFFECT_NAMES: Mapping[str, str] = {
    "eff_registered": _("新登记主体"),
    "eff_loan": _("获创业担保贷款"),
    "eff_bank_loan": _("获银行贷款"),
    "eff_equity": _("获股权融资"),
    "eff_subsidy": _("获补贴"),
    "eff_jobs": _("带动就业"),
    "eff_ip": _("获知识产权"),
    "eff_award": _("大赛获奖"),
    "eff_sme_title": _("获专精特新等称号"),
    "eff_settled": _("入驻孵化载体"),
    "eff_survived_12m": _("持续经营 12 个月"),
}
VOCABULARIES = ("need_topic", "venture_stage")
_NONE = Labels(MappingProxyType({}))


def names_for(reader: Reader, extras: Extras | None, locale: Locale) -> Labels:
    """Return the names of the codes in a record; none are asked for where it has none."""
    return labels(reader, *VOCABULARIES, locale=locale) if extras else _NONE
