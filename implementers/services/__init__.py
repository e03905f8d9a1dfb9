"""Writing the implementing side."""

from implementers.services.admission import (
    admit_agency,
    propose_admission,
    refuse_agency,
    send_back_admission,
    start_checking,
)
from implementers.services.agencies import (
    add_credential,
    add_staff,
    apply_again,
    edit_agency,
    leave_platform,
    register_agency,
    staff_left,
)
from implementers.services.fund_holders import (
    add_qualification,
    admit_fund_holder,
    apply_again_fund_holder,
    edit_fund_holder,
    refuse_fund_holder,
    register_fund_holder,
    resume_fund_holder,
    start_checking_fund_holder,
    suspend_fund_holder,
)
from implementers.services.standing import (
    change_standing_state,
    check_anew,
    prolong_standing,
    set_standing,
)

__all__ = [
    "add_credential",
    "add_qualification",
    "add_staff",
    "admit_agency",
    "admit_fund_holder",
    "apply_again",
    "apply_again_fund_holder",
    "change_standing_state",
    "check_anew",
    "edit_agency",
    "edit_fund_holder",
    "leave_platform",
    "prolong_standing",
    "propose_admission",
    "refuse_agency",
    "refuse_fund_holder",
    "register_agency",
    "register_fund_holder",
    "resume_fund_holder",
    "send_back_admission",
    "set_standing",
    "staff_left",
    "start_checking",
    "start_checking_fund_holder",
    "suspend_fund_holder",
]
