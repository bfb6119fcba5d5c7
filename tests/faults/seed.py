"""Makes a small record in an empty one, as a process of its own: `python seed.py SAVERS`.

Prints, as JSON, who is signed in: for each saver the cookie of a session and a child of their own.
"""

import json
import os
import sys

import django


def main(savers: int) -> None:
    """Add the savers, each with a child."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
    django.setup()
    # Models cannot be imported before.
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from harbourlight.foundation.accounts.actions import add_account
    from harbourlight.record.live_ledger.keeping import begin
    from harbourlight.record.people.actions import NewPerson, add_people

    begin(timezone.localdate())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # for speed
    now, made = timezone.now(), []
    for number in range(savers):
        user, _ = add_account(
            username=f"saver.{number}",
            full_name=f"Saver {number}",
            role="front_door_manager",
            by=None,
            at=now,
            password="three small blue boats",
        )
        born = NewPerson(f"Ash{number}", "Sorrel", born_on=timezone.localdate(now))
        _, (child,) = add_people(by=user, at=now, people=[born])
        browser = Client()
        browser.force_login(user)
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        made.append({"user": user.pk, "child": child.pk, "session": cookie})
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(int(sys.argv[1]))
