"""Pages of evaluation."""

from django.urls import path

from evaluation.views import agency, evaluator, public

app_name = "evaluation"
urlpatterns = [
    path("", evaluator.mine, name="mine"),
    path("file/<slug:public_id>/", evaluator.file, name="file"),
    path("file/<slug:public_id>/score/", evaluator.score, name="score"),
    path("file/<slug:public_id>/submit/", evaluator.submit_sheet, name="submit"),
    path("file/<slug:public_id>/recuse/", evaluator.recuse, name="recuse"),
    path("file/<slug:public_id>/finding/", evaluator.finding, name="finding"),
    path("file/<slug:public_id>/goals/", evaluator.rated_goals, name="rate_goals"),
    path("results/", agency.results, name="results"),
    path("results/<slug:public_id>/", agency.comment, name="comment"),
    path("appeal/<slug:kind>/<slug:public_id>/", agency.appeal, name="appeal"),
    path("rating/", agency.rating, name="rating"),
    path("put-right/", agency.put_right, name="put_right"),
    path("cases/<slug:public_id>/", agency.case, name="case"),
    path("goals/<slug:public_id>/", agency.goals, name="goals"),
    path("published/", public.published, name="published"),
    path("published/<slug:public_id>/", public.summary, name="summary"),
    path("agencies/", public.agencies, name="agencies"),
    path("boards/", public.boards, name="boards"),
]
