"""Composition: which mailer and which network there are here, with what they need of this machine."""

import os
import platform
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from git_bill.cli.session import Session
from git_bill.problem import Exit, stop

if TYPE_CHECKING:
    from git_bill.post import Mailer, Network

_VARIABLE = "GIT_BILL_SMTP_PASSWORD"


def mailer(session: Session) -> "Mailer":
    """The server that the settings name; without one, the folder of mails to be sent by hand."""
    found = session.workspace.settings.mail
    if found.server is None:
        from git_bill.adapters.maildrop import MailDrop

        return MailDrop(folder=session.outbox, machine=platform.node(), between=session.between)
    from git_bill.adapters.smtp import Smtp

    return Smtp(
        server=found.server,
        port=found.at_port,
        security=found.secured,
        user=found.user,
        password=lambda: _password(session),
        sender=found.from_,
        between=session.between,
    )


def network(session: Session, name: str, drop: Path | None) -> "Network":
    """A folder, or the program that this machine's git configuration names. Stops (exit 2) where there is neither.

    The program is never taken from a file of the books: whoever can write there could run anything here.
    """
    if drop is not None:
        from git_bill.adapters.filedrop import FileDrop

        return FileDrop(folder=session.start / drop, machine=platform.node(), between=session.between)
    setting = f"bill.network.{name}"
    configured = session.books.configured(setting)
    try:
        words = tuple(shlex.split(configured or ""))
    except ValueError as error:
        raise stop(Exit.SETTINGS, "bad-command", f"{setting} can't be read: {error}", _example(setting)) from None
    if not words:
        hint = f"name a folder: --drop DIR; or a program of yours: {_example(setting)}"
        raise stop(Exit.USAGE, "no-network", f"nothing here takes files to {name}", hint)
    if not any("{file}" in word for word in words):
        raise stop(Exit.SETTINGS, "bad-command", f"{setting} has no {{file}} among its words", _example(setting))
    from git_bill.adapters.carrier_program import CarrierProgram

    return CarrierProgram(command=words, environment=dict(os.environ), between=session.between)


def _example(setting: str) -> str:
    return f"git config {setting} 'as4-send --to-access-point {{file}}'"


def _password(session: Session) -> str | None:
    """Given once by the environment, else what git's credential helper knows; never printed."""
    found = session.workspace.settings.mail
    secret = os.environ.get(_VARIABLE)
    if not secret and found.server is not None and found.user is not None:
        from git_bill.adapters.git.credential import known

        secret = known(session.books.top, "smtp", f"{found.server}:{found.at_port}", found.user)
    if secret:
        session.secrets.learn(secret)
    return secret or None
