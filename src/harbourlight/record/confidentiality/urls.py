"""Addresses of restricted and opened records. They carry identifiers alone."""

from django.urls import path

from harbourlight.record.confidentiality import views

app_name = "confidentiality"

urlpatterns = [
    path("people/<str:person_id>/outline/", views.outline, name="outline"),
    path("people/<str:person_id>/open/", views.open_record, name="open"),
    path("people/<str:person_id>/who-may-know/", views.who_may_know, name="who_may_know"),
    path("people/<str:person_id>/restrict/", views.restrict, name="restrict"),
    path("people/<str:person_id>/lift/", views.lift, name="lift"),
    path("people/<str:person_id>/grant/", views.grant, name="grant"),
    path("grants/<str:grant_id>/end/", views.end_grant, name="end_grant"),
    path("restricted/", views.restricted, name="restricted"),
    path("openings/", views.openings, name="openings"),
    path("openings/<str:opening_id>/", views.opening, name="opening"),
]
