"""Addresses of the returns. They hold years and identifiers, never a name or a child's number."""

from django.urls import path

from harbourlight.record.census import file_views, views

app_name = "census"

urlpatterns = [
    path("", views.page, name="page"),
    path("make/", views.make_again, name="make"),
    path("mine/", views.mine, name="mine"),
    path("<int:year>/", views.page_of_year, name="year"),
    path("<int:year>/teams/", views.teams, name="teams"),
    path("<int:year>/workers/", views.workers, name="workers"),
    path("<int:year>/findings/", views.findings, name="findings"),
    path("<int:year>/findings/download/", views.download, name="download"),
    path("<int:year>/file/", views.take, name="take"),
    path("files/", file_views.files, name="files"),
    path("files/add/", file_views.add, name="add_file"),
    path("files/<str:file_id>/", file_views.see, name="file"),
    path("files/<str:file_id>/findings/", file_views.findings, name="file_findings"),
    path("files/<str:file_id>/download/", file_views.download, name="file_download"),
    path("files/<str:file_id>/remove/", file_views.remove, name="remove_file"),
]
