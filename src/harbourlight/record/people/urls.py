"""Addresses of people. They carry identifiers alone, never a name."""

from django.urls import path

from harbourlight.record.people.views import adding, details, family, finding, known, record

app_name = "people"

urlpatterns = [
    path("", finding.search, name="search"),
    path("add/", adding.add, name="add"),
    path("<str:person_id>/", record.see, name="child"),
    path("<str:person_id>/family/", family.see, name="family"),
    path("<str:person_id>/family/relate/", family.relate, name="relate"),
    path("<str:person_id>/family/join/", adding.join, name="join"),
    path("<str:person_id>/family/<str:member_id>/leave/", family.leave, name="leave_family"),
    path("<str:person_id>/details/", details.see, name="details"),
    path("<str:person_id>/details/born/", details.born, name="born"),
    path("<str:person_id>/details/died/", details.died, name="died"),
    path("<str:person_id>/details/<slug:kind>/", details.history, name="detail_history"),
    path("<str:person_id>/details/<slug:kind>/add/", details.add, name="add_detail"),
    path(
        "<str:person_id>/details/<slug:kind>/<str:fact_id>/correct/",
        details.correct,
        name="correct_detail",
    ),
    path("<str:person_id>/details/<slug:kind>/<str:fact_id>/end/", details.end, name="end_detail"),
    path(
        "<str:person_id>/details/<slug:kind>/<str:fact_id>/strike-out/",
        details.strike_out,
        name="strike_out_detail",
    ),
    path("<str:person_id>/standards/", record.standards, name="standards"),
    path("<str:person_id>/known-then/", known.see, name="known_then"),
    path(
        "<str:person_id>/known-then/details/",
        known.see,
        {"part": "details"},
        name="known_then_details",
    ),
    path(
        "<str:person_id>/known-then/chronology/",
        known.see,
        {"part": "chronology"},
        name="known_then_chronology",
    ),
    path("<str:person_id>/correct/", record.correct, name="correct"),
]
