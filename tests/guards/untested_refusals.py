"""Refusals no test reaches yet; this list only grows shorter."""

UNTESTED = frozenset(
    {
        "already_closed",
        "already_open",
        "code_wrong",
        "email_known",
        "job_busy",
        "job_not_over",
        "no_direct_edit",
        "no_second_factor",
        "own_account",
        "password_wrong",
        "reference_file",
        "too_many_tries",
    }
)
