"""Addresses of the page of background work."""

from django.urls import path

from harbourlight.foundation.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.now, name="now"),
    path("regular/", views.regular, name="regular"),
    path("regular/<str:job_name>/now/", views.do_now, name="do_now"),
    path("ended/", views.ended, name="ended"),
    path("<int:job_id>/", views.see, name="job"),
    path("<int:job_id>/try-again/", views.try_again, name="try_again"),
    path("<int:job_id>/cancel/", views.cancel, name="cancel"),
]
