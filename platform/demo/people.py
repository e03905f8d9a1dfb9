"""Whom one can be at a click."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SignIn:
    """One invented person and what they do here."""

    username: str
    english: str
    label: str | Promise


SIGN_INS = (
    SignIn("zhoumin", "social worker", _("Social worker Zhou Min")),
    SignIn("lidu", "supervisor", _("Supervisor Li Du")),
    SignIn("zhaohua", "second supervisor", _("Supervisor Zhao Hua")),
    SignIn("sunguiying", "village worker", _("Village worker Sun Guiying")),
    SignIn("shanhe", "donor (foundation)", _("Donor: Shanhe Foundation")),
    SignIn("chunfeng", "donor (enterprise)", _("Donor: Chunfeng flour mill")),
    SignIn("zhanggong", "donor (individual)", _("Donor: a neighbour")),
    SignIn("yimin", "implementing agency", _("Agency: Yimin social-work centre")),
    SignIn("nuanyang", "second agency", _("Agency: Nuanyang volunteers")),
    SignIn("cishan", "fund holder", _("Fund holder: county charity")),
    SignIn("huiji", "fund holder, first approver", _("Fund holder: first approver")),
    SignIn("chuna", "fund holder, second approver", _("Fund holder: second approver")),
    SignIn("panyu", "evaluator", _("Evaluator Pan Yu")),
    SignIn("dinglan", "second evaluator", _("Evaluator Ding Lan")),
    SignIn("renjie", "third evaluator", _("Evaluator Ren Jie")),
    SignIn("yanlu", "fourth evaluator", _("Evaluator Yan Lu")),
    SignIn("qinju", "government officer", _("Government officer Qin")),
    SignIn("luqing", "social worker of another county", _("Social worker of the neighbouring county")),
    SignIn("shike", "officer of another county", _("Officer of the neighbouring county")),
    SignIn("geshen", "auditor", _("Auditor Ge")),
    SignIn("root", "system administrator", _("System administrator Lin")),
)
USERNAMES = frozenset(entry.username for entry in SIGN_INS)
