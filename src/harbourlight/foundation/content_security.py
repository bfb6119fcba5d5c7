"""What a page may load and run: our own files, nothing inline, nothing from elsewhere.

Neither GOV.UK Frontend nor MOJ Frontend needs an inline script or style. A chart drawn on the
server is one of our own files or is part of the page; its styles must be attributes, not `style`.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # MOJ Frontend's icons are in its style sheet as data
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADER = "; ".join(f"{directive} {sources}" for directive, sources in POLICY.items())


class ContentSecurityMiddleware:
    """Sends the policy with every response, and keeps pages out of shared and browser caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", HEADER)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        # A record must not be read with the Back button after its reader has signed out.
        # WhiteNoise says how long its own files are good for.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
