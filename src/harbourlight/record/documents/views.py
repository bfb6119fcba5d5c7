"""Documents of a child: the list, adding, opening, correcting.

A file is given as bytes, whole, inside the transaction that writes down that it was read. It is
never given as a page: what could run is an attachment, and even a picture comes under a policy
that lets it load and run nothing.
"""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.documents import inspecting, keeping
from harbourlight.foundation.documents.printing import (
    CannotPrint,
    pdf_response,
    printed,
    render_pdf,
)
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.chronology.presenters import entries_of
from harbourlight.record.chronology.selectors import Asked, happenings
from harbourlight.record.confidentiality.policy import read_whole
from harbourlight.record.documents import actions, letters, presenters, selectors
from harbourlight.record.documents.forms import (
    AddForm,
    CorrectDocumentForm,
    LetterForm,
    MoveForm,
    VersionForm,
)
from harbourlight.record.documents.models import Document
from harbourlight.record.documents.policies import check_may_open
from harbourlight.record.documents.whole_record import parts_of
from harbourlight.record.people import selectors as people
from harbourlight.record.people.chronology import chronology
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import sections_of
from harbourlight.record.people.presenters import sub_navigation
from harbourlight.ui.errors import NotAllowed
from harbourlight.ui.listing import list_page

FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
# A browser's own reader of PDF does not open in a sandbox; it runs nothing as our pages do.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


def _page(request: SignedInRequest, template: str, child: Person, **context: Any) -> HttpResponse:
    now = timezone.now()
    record_reading(name="child:documents", by=request.user, at=now, children=[child.pk])
    context |= {
        "person": child,
        "identity": identity_bar(child, on=timezone.localdate(now)),
        "navigation": sub_navigation(child, "documents:list"),
        "may_add": request.user.can(Capability.ADD_DOCUMENT),
        "may_correct": request.user.can(Capability.CORRECT_RECORD),
    }
    return render(request, f"documents/{template}", context)


def _child(request: SignedInRequest, person_id: str) -> Person:
    return get_object_or_404(_read(request), pk=person_id)


def _read(request: SignedInRequest) -> QuerySet[Person]:
    """The people whose whole record this person reads."""
    return read_whole(request.user, Person.objects.standing(), "pk")


def _document(request: SignedInRequest, document_id: str) -> Document:
    found = selectors.with_versions(selectors.visible_to(request.user)).select_related("child")
    return get_object_or_404(found, pk=document_id)


def _files(given: list[UploadedFile]) -> list[actions.File]:
    return [actions.File(one.name or "file", one.read()) for one in given]


@requires(Capability.SEE_CHILDREN)
def list_documents(request: SignedInRequest, person_id: str) -> HttpResponse:
    """A child's documents, the latest first; those added in error at the end of a press."""
    child = _child(request, person_id)
    found = selectors.with_versions(selectors.visible_to(request.user).filter(child=child))
    listing = list_page(request, found.standing(), one=_("document"), many=_("documents"))
    return _page(
        request,
        "list.html",
        child,
        listing=listing,
        documents=presenters.documents_shown(listing.items),
        struck_out=presenters.documents_shown(found.filter(struck_out_at__isnull=False)[:50]),
    )


@requires(Capability.ADD_DOCUMENT)
def add(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Add files to a child's record, and to those of brothers and sisters they are about."""
    child, now = _child(request, person_id), timezone.now()
    family = {child.pk: child} | {
        one.person_id: one.person
        for one in people.families_of([child.pk])
        if one.person.held_as == Person.HeldAs.CHILD
    }
    offered = _read(request).filter(pk__in=family)
    children = {one.pk: one for one in sorted(offered, key=lambda one: one.pk != child.pk)}
    form = AddForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        children=[(one.pk, one.name) for one in children.values()],
        initial={"child": [child.pk], "area": "record"},
    )
    back = reverse("documents:list", args=[child.pk])

    def act(given: dict[str, Any]) -> str:
        area = given.get("area") or "record"
        actions.add_documents(
            by=request.user,
            at=now,
            children=[children[one] for one in given.get("child") or [child.pk]],
            files=_files(given["files"]),
            kind=given["kind"],
            received_on=given["received_on"],
            title=given["title"],
            from_whom=given["from_whom"],
            is_significant=given["is_significant"],
            area="" if area == "record" else area,
        )
        return back

    answer = answer_form(request, form, act, at=now, done=_("Added."))
    if others := children.keys() - {child.pk}:
        record_reading(name="people:family", by=request.user, at=now, children=others)
    return answer or _page(request, "add.html", child, form=form, back=back)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, document_id: str) -> HttpResponse:
    """One document: what it is, each of its files, and what was believed of it before."""
    document = _document(request, document_id)
    return _page(
        request,
        "document.html",
        document.child,
        document=presenters.document_shown(document),
        believed=believed_before(document, CorrectDocumentForm),
    )


@requires(Capability.SEE_CHILDREN)
def open_file(request: SignedInRequest, version_id: str) -> HttpResponse:
    """Give the file of one version; the reading is written down."""
    found = selectors.versions_visible_to(request.user)
    version = get_object_or_404(found, pk=version_id)
    if version.document.is_struck_out:
        raise NotAllowed(_("This document was recorded in error, so its file is not opened."))
    try:
        check_may_open(version)
    except Refused as refused:
        raise NotAllowed(refused.message) from refused
    record_reading(
        name="document:open",
        by=request.user,
        at=timezone.now(),
        children=[version.document.child_id],
        subjects={"document": version.document_id, "version": version.pk},
    )
    kind = inspecting.kind_for(version.media_type)
    content = keeping.read(version.checksum, folder=settings.DOCUMENTS)
    name = f"{actions.title_of(version.file_name)}.{kind.extension}"
    inline = kind.shown_inline and "download" not in request.GET
    response = HttpResponse(content, content_type=kind.media_type)
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PDF_POLICY if kind is inspecting.PDF else FILE_POLICY
    return response


@requires(Capability.ADD_DOCUMENT)
def add_version(request: SignedInRequest, document_id: str) -> HttpResponse:
    """Add a newer file of a document; those before it are kept."""
    document, now = _document(request, document_id), timezone.now()
    form = VersionForm(request.POST or None, request.FILES or None)
    back = reverse("documents:document", args=[document.pk])

    def act(given: dict[str, Any]) -> str:
        [file] = _files(given["files"])
        actions.add_version(document, by=request.user, at=now, file=file)
        return back

    done = _("Added. The file before it is kept.")
    answer = answer_form(request, form, act, at=now, done=done)
    context = {"form": form, "back": back, "document": document}
    return answer or _page(request, "add-version.html", document.child, **context)


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, document_id: str) -> HttpResponse:
    """Correct what is said of a document, with the reason."""
    document = _document(request, document_id)
    form = CorrectDocumentForm(request.POST or None, row=document)
    back = reverse("documents:document", args=[document.pk])
    answer = answer_correction(
        request, form, document, actions.correct_document, at=timezone.now(), address=back
    )
    context = {"form": form, "back": back, "document": document}
    return answer or _page(request, "correct.html", document.child, **context)


@requires(Capability.CORRECT_RECORD)
def move(request: SignedInRequest, document_id: str) -> HttpResponse:
    """Put a document that was added to the wrong child on the right one's record."""
    document, now = _document(request, document_id), timezone.now()
    form = MoveForm(request.POST or None)
    back = reverse("documents:document", args=[document.pk])

    def act(given: dict[str, Any]) -> str:
        to = _read(request).filter(pk=given["child"].strip().upper()).first()
        if to is None:
            to = _read(request).filter(pk=given["child"].strip()).first()
        if to is None:
            raise Refused(_("No child you may see has this identifier"), field="child")
        actions.move(document, to=to, by=request.user, at=now, because=given["because"])
        return back

    done = _("Moved. Where it was before is kept, with the reason.")
    answer = answer_form(request, form, act, at=now, done=done)
    context = {"form": form, "back": back, "document": document}
    return answer or _page(request, "move.html", document.child, **context)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, document_id: str) -> HttpResponse:
    """Say that a document was added in error, with the reason."""
    document, now = _document(request, document_id), timezone.now()
    form = StrikeOutForm(request.POST or None)
    back = reverse("documents:document", args=[document.pk])

    def act(given: dict[str, Any]) -> str:
        actions.strike_out_document(document, by=request.user, at=now, because=given["because"])
        return reverse("documents:list", args=[document.child_id])

    done = _("Struck out. It is kept, and leaves every list.")
    answer = answer_form(request, form, act, at=now, done=done)
    context = {"form": form, "back": back, "document": document}
    return answer or _page(request, "strike-out.html", document.child, **context)


@requires(Capability.CORRECT_RECORD)
def strike_out_version(request: SignedInRequest, version_id: str) -> HttpResponse:
    """Say that one file of a document was added in error; the one before it is the document."""
    found = selectors.versions_visible_to(request.user).select_related("document__child")
    version, now = get_object_or_404(found, pk=version_id), timezone.now()
    document = version.document
    form = StrikeOutForm(request.POST or None)
    back = reverse("documents:document", args=[document.pk])

    def act(given: dict[str, Any]) -> str:
        actions.strike_out_version(version, by=request.user, at=now, because=given["because"])
        return back

    answer = answer_form(request, form, act, at=now, done=_("Struck out. It is kept, unopened."))
    context = {"form": form, "back": back, "document": document, "version": version}
    return answer or _page(request, "strike-out-version.html", document.child, **context)


# ---- Letters and the record on paper ------------------------------------------------------------


@requires(Capability.ADD_DOCUMENT)
def letter(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Write a letter about a child; it is made into PDF and put on the record."""
    child, now = _child(request, person_id), timezone.now()
    kind = letters.LETTERS.get(request.GET.get("letter", "feedback"), letters.LETTERS["plain"])
    form = LetterForm(request.POST or None, initial={"words": letters.begin(kind, child)})

    def act(given: dict[str, Any]) -> str:
        try:
            made = letters.write(
                kind,
                child=child,
                to=given["to"],
                words=given["words"],
                by=request.user,
                at=now,
                request=request,
            )
        except CannotPrint as error:
            raise Refused(str(error)) from error
        return reverse("documents:document", args=[made.pk])

    answer = answer_form(request, form, act, at=now, done=_("The letter is on the record."))
    context = {"form": form, "letter": kind, "letters": letters.LETTERS.values()}
    back = reverse("documents:list", args=[child.pk])
    return answer or _page(request, "letter.html", child, back=back, **context)


@requires(Capability.SEE_CHILDREN)
def summary(request: SignedInRequest, person_id: str) -> HttpResponse:
    """A child's page as PDF, with what was significant. That it was made is written down."""
    child, now = _child(request, person_id), timezone.now()
    record_reading(name="child:summary-printed", by=request.user, at=now, children=[child.pk])
    on = timezone.localdate(now)
    context = {
        "person": child,
        "identity": identity_bar(child, on=on),
        "sections": sections_of(child, user=request.user, on=on, on_paper=True),
        "significant": [one for one in chronology([child.pk]) if one.is_significant],
    }
    heading = _("Summary of the record of {name}").format(name=child.name)
    return _printed(request, "summary-printed.html", heading, child, context)


@requires(Capability.SEE_CHILDREN)
def whole_record(request: SignedInRequest, person_id: str) -> HttpResponse:
    """The whole of a child's record as PDF: what happened, and all that is written, in full.

    As far as the person who prints it may see. That it was made is written down.
    """
    child, now = _child(request, person_id), timezone.now()
    record_reading(name="child:record-printed", by=request.user, at=now, children=[child.pk])
    context = {
        "identity": identity_bar(child, on=timezone.localdate(now)),
        "entries": entries_of(happenings([child.pk], Asked()), {child.pk: child.name}),
        "parts": parts_of(child, request.user),
    }
    heading = _("Record of {name}").format(name=child.name)
    return _printed(request, "record-printed.html", heading, child, context)


def _printed(
    request: SignedInRequest, template: str, heading: str, child: Person, context: dict[str, Any]
) -> HttpResponse:
    on_each_page = printed(heading, by=request.user, at=timezone.now())
    try:
        content = render_pdf(
            f"documents/{template}", context, on_each_page=on_each_page, request=request
        )
    except CannotPrint as error:
        messages.warning(request, str(error))
        return redirect("people:child", person_id=child.pk)
    return pdf_response(content, file_name="record")
