"""Addresses of who has looked. They carry identifiers alone."""

from django.urls import path

from harbourlight.record.looking import views

app_name = "looking"

urlpatterns = [
    path("people/<str:person_id>/", views.who, name="who"),
    path("people/<str:person_id>/pdf/", views.pdf, name="pdf"),
    path("people/<str:person_id>/openings/", views.openings, name="openings"),
    path("unusual/", views.unusual, name="unusual"),
    path("unusual/<str:access_id>/", views.access, name="access"),
]
