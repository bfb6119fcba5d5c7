"""Every address of the service, and the pages for when one fails.

A view says what it takes to use it (`foundation.access`); a test walks these and fails on one that
does not.
"""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from harbourlight.foundation.access import public

urlpatterns = [
    path("", include("harbourlight.foundation.accounts.urls")),
    path("", include("harbourlight.pages.urls")),
    path("language/", public(set_language), name="set_language"),
    path("begun/", include("harbourlight.foundation.drafts.urls")),
    path("people/<str:person_id>/chronology/", include("harbourlight.record.chronology.urls")),
    path("duplicates/", include("harbourlight.record.matching.urls")),
    path("people/", include("harbourlight.record.people.urls")),
    path("contacts/", include("harbourlight.record.front_door.urls")),
    path("episodes/", include("harbourlight.record.episodes.urls")),
    path("assessments/", include("harbourlight.record.assessment.urls")),
    path("questionnaires/", include("harbourlight.record.questionnaires.urls")),
    path("instruments/", include("harbourlight.foundation.instruments.urls")),
    path("documents/", include("harbourlight.record.documents.urls")),
    path("notices/", include("harbourlight.foundation.notices.urls")),
    path("confidentiality/", include("harbourlight.record.confidentiality.urls")),
    path("looking/", include("harbourlight.record.looking.urls")),
    path("returns/", include("harbourlight.record.census.urls")),
    path("jobs/", include("harbourlight.foundation.jobs.urls")),
]

if settings.GALLERY:
    urlpatterns.append(path("gallery/", include("harbourlight.ui.gallery.urls")))

handler400 = "harbourlight.ui.errors.bad_request"
handler403 = "harbourlight.ui.errors.permission_denied"
handler404 = "harbourlight.ui.errors.page_not_found"
handler500 = "harbourlight.ui.errors.server_error"
