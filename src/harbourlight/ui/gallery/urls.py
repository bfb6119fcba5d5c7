"""The gallery's address. It needs no one signed in: nothing in it is real."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from harbourlight.ui.gallery import views

urlpatterns = [path("", login_not_required(views.gallery), name="gallery")]
