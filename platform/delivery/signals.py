"""News for the layers above, sent inside the service's transaction."""

from django.dispatch import Signal

negotiation_opened = Signal()  # agreement, by, at: a text, or a new version of it, is laid before the parties
remark_made = Signal()  # remark, by, at
remarks_answered = Signal()  # agreement, by, at
signing_opened = Signal()  # agreement, by, at
agreement_effective = Signal()  # agreement, by, at
agreement_ended = Signal()  # agreement, by, at
ending_asked = Signal()  # ending, by, at
ending_moved = Signal()  # ending, by, at: a word was said, or it was taken back or declined
transfer_declared = Signal()  # transfer, by, at
transfer_arrived = Signal()  # transfer, by, at
transfer_rejected = Signal()  # transfer, by, at
disbursement_moved = Signal()  # disbursement, by, at
delivery_recorded = Signal()  # delivery, by, at
delivery_disputed = Signal()  # delivery, by, at
receipt_settled = Signal()  # delivery, by, at: the ten minutes to undo are over
