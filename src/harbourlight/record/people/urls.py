"""Addresses of people. They carry identifiers alone, never a name."""

from django.urls import path

from harbourlight.record.people.views import adding, finding, record

app_name = "people"

urlpatterns = [
    path("", finding.search, name="search"),
    path("add/", adding.add, name="add"),
    path("<str:person_id>/", record.see, name="child"),
    path("<str:person_id>/chronology/", record.see_chronology, name="chronology"),
    path("<str:person_id>/family/", record.family, name="family"),
    path("<str:person_id>/family/join/", adding.join, name="join"),
    path("<str:person_id>/family/<str:member_id>/leave/", record.leave_family, name="leave_family"),
    path("<str:person_id>/standards/", record.standards, name="standards"),
    path("<str:person_id>/correct/", record.correct, name="correct"),
]
