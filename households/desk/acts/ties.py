"""Ties of support and strengths of a family."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from households import services
from households.desk.acts.base import Act, register
from households.desk.forms.ties import StrengthsForm, TieForm
from households.models import Household, SupportTie

register(
    Household,
    (
        Act(
            "tie",
            _("Note a tie of support"),
            lambda obj, form, by, at: services.note_tie(household=obj, **form.cleaned_data, by=by, at=at),
            _("It stands on the map."),
            form=TieForm,
            lead=_("Who stands around the family, as the family tells it; also where it hurts."),
            tab="care",
        ),
        Act(
            "strengths",
            _("Write the list of strengths"),
            lambda obj, form, by, at: services.write_strengths(
                household=obj, entries=form.entries, by=by, at=at
            ),
            _("Kept as a new edition."),
            form=StrengthsForm,
            lead=_("What the family can build on. Ask: what has helped you until now?"),
            tab="care",
        ),
    ),
)
register(
    SupportTie,
    (
        Act(
            "end",
            _("It no longer holds"),
            lambda obj, form, by, at: services.end_tie(tie=obj, by=by, at=at),
            _("Taken off the map; it stays on the file."),
            fits=lambda obj, user: obj.ended_at is None,
            look="link",
            tab="care",
        ),
    ),
)
