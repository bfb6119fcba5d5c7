"""Addresses of the pages that gather. They hold identifiers and months, never a name."""

from datetime import date

from django.urls import path, register_converter

from harbourlight.pages.views import board, home, standards, team, work


class MonthConverter:
    """A month in an address, `2026-03`, as its first day."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The first day. Raises `ValueError` for no month, and the address is not found."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """As it is written."""
        return f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

app_name = "pages"

urlpatterns = [
    path("", home.home, name="home"),
    path("my-work/", work.my_work, name="my_work"),
    path("team/", team.team, name="team"),
    path("team/without-worker/", team.without_worker, name="without_worker"),
    path("team/<str:worker_id>/", team.worker, name="worker"),
    path("board/", board.board, name="board"),
    path("board/<str:code>/", board.standard, name="board_standard"),
    path("board/<str:code>/unmet/", board.unmet_now, name="board_unmet"),
    path("board/<str:code>/undated/", board.in_no_month, name="board_undated"),
    path("board/<str:code>/download/", board.download_months, name="board_download"),
    path("board/<str:code>/<month:first>/", board.month, name="board_month"),
    path(
        "board/<str:code>/<month:first>/download/",
        board.download_entries,
        name="board_month_download",
    ),
    path("standards/", standards.standards, name="standards"),
    path("standards/<str:code>/", standards.standard, name="standard"),
]
