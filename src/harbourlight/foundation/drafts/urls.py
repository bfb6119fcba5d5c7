"""Addresses of drafts."""

from django.urls import path

from harbourlight.foundation.drafts import views

app_name = "drafts"

urlpatterns = [
    path("", views.begun, name="begun"),
    path("save/", views.save, name="save"),
    path("token/", views.token, name="token"),
    path("<str:draft_id>/throw-away/", views.throw_away, name="throw_away"),
]
