"""The pages of an application, one tight group of fields each."""

from households.forms.public.check import AgainForm, CodeForm, ReadBackForm, ResumeForm, SendForm
from households.forms.public.consent import GuardianForm, NoticeForm
from households.forms.public.helper import EvidenceForm, HelperForm, PowersForm, PresentForm
from households.forms.public.needs import (
    AmountForm,
    FurtherByDelegateForm,
    FurtherForm,
    ItemForm,
    MoreNeedsForm,
    TopicForm,
    WhenForm,
)
from households.forms.public.people import DisabilityForm, FamilyForm, LifeForm, PapersForm, WhoForm
from households.forms.public.place import PhoneForm, TownshipForm, VillageForm
from households.forms.public.rights import (
    ContactForm,
    DelegateForm,
    ExplainForm,
    MissingForm,
    ObjectionForm,
    OwnWordForm,
    RenewForm,
)
from households.forms.public.step import StepForm
from households.forms.public.story import CauseForm, MainCauseForm, MeasuresForm

__all__ = [
    "AgainForm",
    "AmountForm",
    "CauseForm",
    "CodeForm",
    "ContactForm",
    "DelegateForm",
    "DisabilityForm",
    "EvidenceForm",
    "ExplainForm",
    "FamilyForm",
    "FurtherByDelegateForm",
    "FurtherForm",
    "GuardianForm",
    "HelperForm",
    "ItemForm",
    "LifeForm",
    "MainCauseForm",
    "MeasuresForm",
    "MissingForm",
    "MoreNeedsForm",
    "NoticeForm",
    "ObjectionForm",
    "OwnWordForm",
    "PapersForm",
    "PhoneForm",
    "PowersForm",
    "PresentForm",
    "ReadBackForm",
    "RenewForm",
    "ResumeForm",
    "SendForm",
    "StepForm",
    "TopicForm",
    "TownshipForm",
    "VillageForm",
    "WhenForm",
    "WhoForm",
]
