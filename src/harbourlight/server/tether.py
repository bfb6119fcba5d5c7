"""Runs a program that must not outlive the process that started it.

    python -m harbourlight.server.tether PARENT PROGRAM ARGUMENT...

PARENT is the number of the process to be tied to. When that process dies, however it dies, Linux
sends the program SIGTERM. Elsewhere the program runs untied. The tie is made here, in a small
process of its own, because Python cannot safely run code between fork and exec in a process with
threads. This module must import nothing but the standard library: it runs before every start.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie this process to its parent and become the program."""
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it died before the tie was made
        sys.exit(f"The process {parent} that started {command[0]} has gone.")
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]} cannot be run: {error.strerror}.")


if __name__ == "__main__":
    main(sys.argv[1:])
