"""Addresses of documents. They carry identifiers alone, never a file's name."""

from django.urls import path

from harbourlight.record.documents import views

app_name = "documents"

urlpatterns = [
    path("of/<str:person_id>/", views.list_documents, name="list"),
    path("of/<str:person_id>/add/", views.add, name="add"),
    path("of/<str:person_id>/letter/", views.letter, name="letter"),
    path("of/<str:person_id>/summary/", views.summary, name="summary"),
    path("of/<str:person_id>/record/", views.whole_record, name="whole"),
    path("files/<str:version_id>/", views.open_file, name="open"),
    path("<str:document_id>/", views.see, name="document"),
    path("<str:document_id>/new-version/", views.add_version, name="add_version"),
    path("<str:document_id>/correct/", views.correct, name="correct"),
    path("<str:document_id>/move/", views.move, name="move"),
    path("<str:document_id>/strike-out/", views.strike_out, name="strike_out"),
    path("files/<str:version_id>/strike-out/", views.strike_out_version, name="strike_out_version"),
]
