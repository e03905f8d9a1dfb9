"""Pages of projects."""

from django.urls import path

from projects.views import agency, analyses, drafting, household, public

app_name = "projects"
urlpatterns = [
    path("", public.listing, name="list"),
    path("mine/", agency.mine, name="mine"),
    path("new/", drafting.new, name="new"),
    path("new/check/", drafting.new_check, name="new_check"),
    path("new/<slug:slug>/", drafting.new_part, name="new_part"),
    path("file/<slug:public_id>/", agency.file, name="file"),
    path("file/<slug:public_id>/start/", agency.start, name="start"),
    path("file/<slug:public_id>/complete/", agency.complete, name="complete"),
    path("file/<slug:public_id>/check/", drafting.check, name="check"),
    path("file/<slug:public_id>/capacity/", drafting.capacity, name="capacity"),
    path("file/<slug:public_id>/budget/", drafting.budget, name="budget"),
    path("file/<slug:public_id>/milestones/", drafting.milestones, name="milestones"),
    path("file/<slug:public_id>/parts/<slug:slug>/", drafting.part, name="part"),
    path("milestones/<slug:public_id>/", agency.reached, name="reached"),
    path("analysis/<slug:public_id>/", analyses.analysis, name="analysis"),
    path("analysis/<slug:public_id>/write/", analyses.edit, name="analysis_edit"),
    path("with-us/<slug:public_id>/", household.analysis, name="household_analysis"),
    path("<slug:public_id>/", public.public, name="public"),
]
