"""The gallery's addresses. They need no one signed in: nothing there is real."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from harbourlight.ui.gallery import views

urlpatterns = [
    path("", login_not_required(views.gallery), name="gallery"),
    path("form/", login_not_required(views.every_field), name="gallery_form"),
    path("repeating/", login_not_required(views.repeating), name="gallery_repeating"),
    path("confirm/", login_not_required(views.confirm), name="gallery_confirm"),
    path("session/", login_not_required(views.session), name="gallery_session"),
    path("broken/", login_not_required(views.broken), name="gallery_broken"),
]
