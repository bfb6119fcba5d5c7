"""Addresses of the front door."""

from django.urls import path

from harbourlight.record.front_door import views

app_name = "front_door"

urlpatterns = [
    path("", views.see_queue, name="queue"),
    path("new/", views.record, name="record"),
    path("<str:contact_id>/", views.see, name="contact"),
    path("<str:contact_id>/decide/", views.decide, name="decide"),
    path("<str:contact_id>/correct/", views.correct, name="correct"),
    path("<str:contact_id>/strike-out/", views.strike_out, name="strike_out"),
]
