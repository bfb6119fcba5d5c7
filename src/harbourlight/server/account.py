"""The operating-system account that PostgreSQL runs under.

PostgreSQL refuses to run as root, so when we are root it runs as a system account of its own. This
module finds or makes that account and starts programs under it. It must not touch any data.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_ACCOUNT = "harbourlight"
"""The account made on a machine where Harbourlight runs as root."""

_ADMINISTRATION = "/usr/sbin:/sbin:/usr/local/sbin"  # missing from PATH after a plain `su`


class NoAccount(RuntimeError):
    """There is no account PostgreSQL could run under, and none could be made."""


@dataclass(frozen=True)
class Account:
    """An account by number, and whether a program must change to it when started."""

    uid: int
    gid: int
    other: bool
    """True when it is not the account we ourselves run under."""

    @property
    def spawning(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that start a program under this account.

        The working folder is always `/`: the account may not be allowed into ours, and PostgreSQL
        stops when it cannot read where it is. The environment is bare, so that no PG* variable of
        the person at the keyboard changes what the programs do.
        """
        arguments: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
        }
        if self.other:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": ()}
        return arguments

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end under this account, keeping what it says."""
        return subprocess.run(
            [os.fspath(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.spawning,
        )

    def take(self, path: Path) -> None:
        """Make this account the owner of a file or folder."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def can_run(self, program: Path) -> bool:
        """Whether the account can run this program, found by running it."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_write(self, folder: Path) -> bool:
        """Whether the account can reach this folder and write in it, found by doing so."""
        script = 'cd "$1" && : > .reach && rm .reach'
        return self.run(["/bin/sh", "-c", script, "sh", folder]).returncode == 0


def server_account(data: Path) -> Account:
    """The account the server of these data runs under.

    Not being root, it is our own. Being root, it is the owner of the data if there are any, else
    the system account, which is made if it is lacking.

    Raises NoAccount when the account cannot be made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, other=True)
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        _make_system_account()
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid, other=True)


def _make_system_account() -> None:
    command = shutil.which(
        "useradd", path=os.environ.get("PATH", os.defpath) + ":" + _ADMINISTRATION
    )
    wanted = (
        f"PostgreSQL does not run as root and needs a system account called {SYSTEM_ACCOUNT!r}. "
        "Make one, or run Harbourlight as an ordinary user."
    )
    if command is None:
        raise NoAccount(f"{wanted} (This machine has no useradd.)")
    made = subprocess.run(
        [command, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    already_there = 9  # another process made it in the meantime
    if made.returncode not in (0, already_there):
        raise NoAccount(f"{wanted} (useradd said: {made.stderr.strip()})")
