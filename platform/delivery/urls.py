"""Pages of delivery."""

from django.urls import path

from delivery.views import agreements, deliveries, household, payments, transfers

app_name = "delivery"
urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:public_id>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:public_id>/sign/", agreements.sign, name="sign"),
    path("agreements/<slug:public_id>/edit/", agreements.edit, name="edit"),
    path("agreements/<slug:public_id>/amend/", agreements.amend, name="amend"),
    path("agreements/<slug:public_id>/do/<slug:slug>/", agreements.agreement_act, name="agreement_act"),
    path("analyses/<slug:public_id>/agreement/", agreements.new_service, name="new_service"),
    path("projects/<slug:public_id>/entrustment/", agreements.new_entrustment, name="new_entrustment"),
    path("projects/<slug:public_id>/payment/", payments.request_payment, name="request_payment"),
    path("projects/<slug:public_id>/report/", deliveries.new_report, name="new_report"),
    path("payments/", payments.payments, name="payments"),
    path("payments/<slug:public_id>/", payments.payment, name="payment"),
    path("payments/<slug:public_id>/voucher/", payments.add_voucher, name="add_voucher"),
    path("payments/<slug:public_id>/do/<slug:slug>/", payments.payment_act, name="payment_act"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<slug:public_id>/", transfers.transfer, name="transfer"),
    path("transfers/<slug:public_id>/do/<slug:slug>/", transfers.transfer_act, name="transfer_act"),
    path("lots/<slug:public_id>/transfer/", transfers.declare, name="declare"),
    path("matches/<slug:public_id>/plan/", deliveries.plan, name="plan"),
    path("handing-over/", deliveries.deliveries, name="deliveries"),
    path("handing-over/<slug:public_id>/", deliveries.delivery, name="delivery"),
    path("handing-over/<slug:public_id>/do/<slug:slug>/", deliveries.delivery_act, name="delivery_act"),
    path("reports/", deliveries.reports, name="reports"),
    path("ours/agreements/<slug:public_id>/", household.agreement, name="household_agreement"),
    path("ours/agreements/<slug:public_id>/sign/", household.sign, name="household_sign"),
    path("ours/agreements/<slug:public_id>/undo/", household.undo, name="household_undo"),
    path("ours/agreements/<slug:public_id>/leave/", household.leave, name="household_leave"),
    path("ours/help/<slug:public_id>/arrived/", household.arrived, name="household_arrived"),
    path("ours/help/<slug:public_id>/undo/", household.undo_arrived, name="household_undo_arrived"),
    path("ours/help/<slug:public_id>/wrong/", household.wrong, name="household_wrong"),
]
