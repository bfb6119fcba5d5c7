"""Addresses of a person's notices."""

from django.urls import path

from harbourlight.foundation.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.list_notices, name="list"),
    path("<int:notice_id>/open/", views.open_notice, name="open"),
    path("mark/", views.mark, name="mark"),
    path("by-email/", views.choose, name="choose"),
    path("by-email/confirm/<str:token>/", views.confirm, name="confirm"),
]
