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
    is_main: bool = False


SIGN_INS = (
    SignIn("zhoumin", "social worker", _("Social worker Zhou Min"), is_main=True),
    SignIn("hejing", "second social worker", _("Social worker He Jing")),
    SignIn("lidu", "supervisor", _("Supervisor Li Du"), is_main=True),
    SignIn("zhaohua", "second supervisor", _("Supervisor Zhao Hua")),
    SignIn("wuping", "third supervisor", _("Supervisor Wu Ping")),
    SignIn("sunguiying", "village worker", _("Village worker Sun Guiying"), is_main=True),
    SignIn("shanhe", "donor (foundation)", _("Donor: Shanhe Foundation"), is_main=True),
    SignIn("chunfeng", "donor (enterprise)", _("Donor: Chunfeng flour mill")),
    SignIn("zhanggong", "donor (individual)", _("Donor: a neighbour")),
    SignIn("yimin", "implementing agency", _("Agency: Yimin social-work centre"), is_main=True),
    SignIn("nuanyang", "second agency", _("Agency: Nuanyang volunteers")),
    SignIn("fengshou", "third agency", _("Agency: Fengshou cooperative")),
    SignIn("cishan", "fund holder", _("Fund holder: county charity"), is_main=True),
    SignIn("huiji", "fund holder, first approver", _("Fund holder: first approver")),
    SignIn("chuna", "fund holder, second approver", _("Fund holder: second approver")),
    SignIn("panyu", "evaluator", _("Evaluator Pan Yu"), is_main=True),
    SignIn("dinglan", "second evaluator", _("Evaluator Ding Lan")),
    SignIn("renjie", "third evaluator", _("Evaluator Ren Jie")),
    SignIn("yanlu", "fourth evaluator", _("Evaluator Yan Lu")),
    SignIn("qinju", "government officer", _("Government officer Qin"), is_main=True),
    SignIn("fangke", "second government officer", _("Government officer Fang")),
    SignIn("taoke", "government viewer", _("Government viewer Tao"), is_main=True),
    SignIn("luqing", "social worker of another county", _("Social worker of the neighbouring county")),
    SignIn("shike", "officer of another county", _("Officer of the neighbouring county")),
    SignIn("geshen", "auditor", _("Auditor Ge"), is_main=True),
    SignIn("root", "system administrator", _("System administrator Lin"), is_main=True),
    SignIn("muan", "security administrator", _("Security administrator Mu"), is_main=True),
)


@dataclass(frozen=True)
class FamilyCode:
    """What a family without an account looks up its application with."""

    number: str
    code: str
    tail: str


USERNAMES = frozenset(entry.username for entry in SIGN_INS)
