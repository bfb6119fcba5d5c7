"""What a WSGI server runs. It must do nothing but name the settings and make the application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")

application = get_wsgi_application()
