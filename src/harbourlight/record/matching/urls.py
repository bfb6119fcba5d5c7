"""Addresses of possible duplicates and mergers. They carry identifiers alone."""

from django.urls import path

from harbourlight.record.matching import views

app_name = "matching"

urlpatterns = [
    path("", views.duplicates, name="duplicates"),
    path("merged/", views.mergers, name="mergers"),
    path("<str:proposal_id>/", views.compare, name="compare"),
    path("merged/<str:merger_id>/", views.merger, name="merger"),
]
