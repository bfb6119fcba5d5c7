"""Addresses of questionnaires. They carry identifiers alone, never a name."""

from django.urls import path

from harbourlight.record.questionnaires import views

app_name = "questionnaires"

urlpatterns = [
    path("start/<str:child_id>/", views.begin, name="start"),
    path("blank/<str:code>/", views.blank, name="blank"),
    path("together/<str:occasion>/", views.together, name="together"),
    path("together/<str:occasion>/check/", views.check, name="check"),
    path("<str:response_id>/", views.see, name="response"),
    path("<str:response_id>/shared/<str:section>/", views.answer_shared, name="shared"),
    path("<str:response_id>/answer/<str:section>/", views.answer_own, name="answer"),
    path("<str:response_id>/pdf/", views.pdf, name="pdf"),
    path("<str:response_id>/compare/", views.compare, name="compare"),
    path("<str:response_id>/correct/<str:section>/", views.correct, name="correct"),
    path("<str:response_id>/strike-out/", views.strike_out, name="strike_out"),
]
