"""Every write on the household side."""

from households.services.agreeing import agree_plan
from households.services.asking import record_answers
from households.services.assessment import (
    save_assessment,
    send_back_assessment,
    start_assessment,
    submit_assessment,
)
from households.services.case_access import close_case_access, grant_case_access
from households.services.clusters import begin_search, decide_files, keep_suspicions
from households.services.codes import open_application, open_draft
from households.services.contact import update_contact
from households.services.decision import approve_application, reject_application, start_review
from households.services.drafts import erase_old_drafts, save_draft_step, start_draft
from households.services.emergency import open_at_once
from households.services.ending import reopen_application
from households.services.episodes import (
    close_household,
    resume_household,
    return_household,
    suspend_household,
)
from households.services.exits import (
    approve_exit,
    confirm_exit,
    dispute_exit,
    propose_exit,
    refuse_exit,
    undo_exit_answer,
)
from households.services.explaining import ask_explanation, explain_flag
from households.services.further import request_further
from households.services.instruments import load_instruments
from households.services.intake import (
    accept_application,
    assign_worker,
    resubmit_application,
    return_application,
    start_verifying,
    submit_application,
)
from households.services.known_numbers import Look, note_look, refuse_over_limit, settle_look
from households.services.leaving import leave_support
from households.services.need_ends import cancel_need, expire_need
from households.services.needs import (
    close_need,
    deliver_need,
    override_severity,
    release_need,
    renew_need,
    reserve_need,
    verify_need,
)
from households.services.notes import write_note
from households.services.objections import (
    assign_objection,
    decide_objection,
    file_objection,
    withdraw_objection,
)
from households.services.plans import save_plan, start_plan
from households.services.rating import end_step, rate_plan
from households.services.reassessment import approve_reassessment, set_assessment_aside
from households.services.referrals import answer_referral, end_referral, refer_household, take_referral_back
from households.services.reissue import reissue_code
from households.services.remedies import open_remedy, record_remedy
from households.services.rights import (
    grant_delegation,
    note_consent,
    record_consent,
    restore_consent,
    revoke_delegation,
    withdraw_consent,
)
from households.services.safety import act_on_alert, close_alert
from households.services.summaries import decide_summary, write_summary
from households.services.supervisions import read_supervision, record_supervision
from households.services.ties import end_tie, note_tie, write_strengths
from households.services.trainings import record_training, revoke_training
from households.services.verification import (
    clear_flag,
    confirm_false,
    correct_flag,
    run_quality_rules,
)
from households.services.visits import (
    cancel_visit,
    open_visit_task,
    plan_visit,
    record_no_show,
    record_visit,
)
from households.services.withdrawing import withdraw_application, withdraw_further

__all__ = [
    "Look",
    "accept_application",
    "act_on_alert",
    "agree_plan",
    "answer_referral",
    "approve_application",
    "approve_exit",
    "approve_reassessment",
    "ask_explanation",
    "assign_objection",
    "assign_worker",
    "begin_search",
    "cancel_need",
    "cancel_visit",
    "clear_flag",
    "close_alert",
    "close_case_access",
    "close_household",
    "close_need",
    "confirm_exit",
    "confirm_false",
    "correct_flag",
    "decide_files",
    "decide_objection",
    "decide_summary",
    "deliver_need",
    "dispute_exit",
    "end_referral",
    "end_step",
    "end_tie",
    "erase_old_drafts",
    "expire_need",
    "explain_flag",
    "file_objection",
    "grant_case_access",
    "grant_delegation",
    "keep_suspicions",
    "leave_support",
    "load_instruments",
    "note_consent",
    "note_look",
    "note_tie",
    "open_application",
    "open_at_once",
    "open_draft",
    "open_remedy",
    "open_visit_task",
    "override_severity",
    "plan_visit",
    "propose_exit",
    "rate_plan",
    "read_supervision",
    "record_answers",
    "record_consent",
    "record_no_show",
    "record_remedy",
    "record_supervision",
    "record_training",
    "record_visit",
    "refer_household",
    "refuse_exit",
    "refuse_over_limit",
    "reissue_code",
    "reject_application",
    "release_need",
    "renew_need",
    "reopen_application",
    "request_further",
    "reserve_need",
    "restore_consent",
    "resubmit_application",
    "resume_household",
    "return_application",
    "return_household",
    "revoke_delegation",
    "revoke_training",
    "run_quality_rules",
    "save_assessment",
    "save_draft_step",
    "save_plan",
    "send_back_assessment",
    "set_assessment_aside",
    "settle_look",
    "start_assessment",
    "start_draft",
    "start_plan",
    "start_review",
    "start_verifying",
    "submit_application",
    "submit_assessment",
    "suspend_household",
    "take_referral_back",
    "undo_exit_answer",
    "update_contact",
    "verify_need",
    "withdraw_application",
    "withdraw_consent",
    "withdraw_further",
    "withdraw_objection",
    "write_note",
    "write_strengths",
    "write_summary",
]
