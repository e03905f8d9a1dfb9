"""Pages of the encyclopedia."""

from django.urls import path, register_converter

from knowledge import views

STEP_NAMES = tuple(views.STEPS)


class StepConverter:
    """Only the steps there are."""

    regex = "|".join(STEP_NAMES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StepConverter, "articlestep")

app_name = "knowledge"
urlpatterns = [
    path("", views.article_list, name="list"),
    path("desk/", views.desk, name="desk"),
    path("write/", views.write, name="write"),
    path("<slug:public_id>/", views.article, name="article"),
    path("<slug:public_id>/edit/", views.edit, name="edit"),
    path("<slug:public_id>/<articlestep:act>/", views.step, name="step"),
]
