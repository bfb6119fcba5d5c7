"""Addresses of chronologies."""

from django.urls import path

from harbourlight.record.chronology import views

app_name = "chronology"

urlpatterns = [
    path("", views.see, name="page"),
    path("pdf/", views.pdf, name="pdf"),
    path("mark/", views.mark, name="mark"),
]
