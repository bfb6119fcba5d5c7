"""Addresses of episodes."""

from django.urls import path

from harbourlight.record.episodes import views

app_name = "episodes"

urlpatterns = [
    path("<str:episode_id>/", views.see, name="episode"),
    path("<str:episode_id>/allocate/", views.allocate, name="allocate"),
    path("<str:episode_id>/close/", views.close, name="close"),
    path("<str:episode_id>/correct/", views.correct, name="correct"),
    path("<str:episode_id>/strike-out/", views.strike_out, name="strike_out"),
]
