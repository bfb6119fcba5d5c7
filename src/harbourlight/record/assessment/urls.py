"""Addresses of assessments."""

from django.urls import path

from harbourlight.record.assessment import views

app_name = "assessment"

urlpatterns = [
    path("start/<str:episode_id>/", views.start, name="start"),
    path("<str:assessment_id>/", views.see, name="assessment"),
    path("<str:assessment_id>/write/", views.write, name="write"),
    path("<str:assessment_id>/send/", views.send, name="send"),
    path("<str:assessment_id>/decide/", views.decide, name="decide"),
    path("<str:assessment_id>/correct/", views.correct, name="correct"),
    path("<str:assessment_id>/strike-out/", views.strike_out, name="strike_out"),
]
