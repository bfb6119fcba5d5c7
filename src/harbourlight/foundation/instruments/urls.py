"""Addresses of the pages on which an authority sees and changes what it asks."""

from django.urls import path

from harbourlight.foundation.instruments import views

app_name = "instruments"

urlpatterns = [
    path("", views.all_instruments, name="all"),
    path("answered/", views.answered, name="answered"),
    path("<str:code>/", views.instrument, name="instrument"),
    path("<str:code>/answered/", views.answered_of, name="answered_of"),
    path("<str:code>/go-back/<int:number>/", views.go_back, name="go_back"),
    path("<str:code>/take-back/<int:number>/", views.take_back, name="take_back"),
    path("<str:code>/compare/", views.compare, name="compare"),
    path("<str:code>/file/", views.export, name="export"),
    path("<str:code>/changes/begin/", views.begin, name="begin"),
    path("<str:code>/changes/", views.changes, name="changes"),
    path("<str:code>/changes/file/", views.changes_file, name="changes_file"),
    path("<str:code>/changes/preview/", views.preview, name="preview"),
    path("<str:code>/changes/in-force/", views.put_in_force, name="put_in_force"),
    path("<str:code>/changes/throw-away/", views.throw_away, name="throw_away"),
    path("<str:code>/changes/add/<str:section>/", views.add_question, name="add"),
    path("<str:code>/changes/question/<str:question_name>/", views.question, name="question"),
    path("<str:code>/changes/move/<str:question_name>/", views.move, name="move"),
]
