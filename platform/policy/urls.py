"""Pages of policy."""

from django.urls import path, register_converter

from policy import views
from policy.enums import Subject


class SubjectConverter:
    """Only the kinds a rule may speak of."""

    regex = "|".join(Subject.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SubjectConverter, "subject")

app_name = "policy"
urlpatterns = [
    path("", views.policies, name="list"),
    path("desk/", views.desk, name="desk"),
    path("desk/new/", views.new, name="new"),
    path("desk/<slug:public_id>/", views.work, name="work"),
    path("desk/<slug:public_id>/edit/", views.edit, name="edit"),
    path("desk/<slug:public_id>/lines/new/", views.new_line, name="new_line"),
    path("desk/<slug:public_id>/rules/<subject:subject>/", views.new_rule, name="new_rule"),
    path("desk/<slug:public_id>/remove/<slug:part>/", views.remove, name="remove"),
    path("desk/<slug:public_id>/send/", views.send, name="send"),
    path("desk/<slug:public_id>/review/", views.review, name="review"),
    path("desk/<slug:public_id>/send-back/", views.send_back, name="send_back"),
    path("desk/<slug:public_id>/publish/", views.publish, name="publish"),
    path("desk/<slug:public_id>/amend/", views.amend, name="amend"),
    path("desk/<slug:public_id>/repeal/", views.repeal, name="repeal"),
    path("<slug:public_id>/", views.policy, name="page"),
]
