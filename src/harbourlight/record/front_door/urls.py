"""Addresses of the front door."""

from django.urls import path

from harbourlight.record.front_door.views import contacts, deciding, receiving

app_name = "front_door"

urlpatterns = [
    path("", contacts.queue, name="queue"),
    path("new/", receiving.record, name="record"),
    path("child/<str:line_id>/", contacts.see_line, name="line"),
    path("<str:contact_id>/", contacts.see, name="contact"),
    path("<str:contact_id>/decide/", deciding.decide, name="decide"),
    path("<str:contact_id>/decided/", deciding.decided, name="decided"),
    path("<str:contact_id>/correct/", contacts.correct, name="correct"),
    path("<str:contact_id>/strike-out/", contacts.strike_out, name="strike_out"),
]
