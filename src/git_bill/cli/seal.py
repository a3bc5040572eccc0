"""`git bill seal`: encrypt bank and personal data in the settings."""

import os
from pathlib import Path

import click

from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim, table
from git_bill.cli.session import Session
from git_bill.flows.readers import Reader, readers
from git_bill.flows.seal import SealWish, add_recipient, seal
from git_bill.layout import SETTINGS
from git_bill.problem import Exit, Problem, stop


@click.command("seal")
@click.argument("keys", nargs=-1, metavar="[KEY…]")
@click.option("--recipients", "listed", is_flag=True, help="Show who can open what is sealed.")
@click.option("--recovery", metavar="FILE", help="Make a recovery key and write its secret half to FILE.")
@click.option("--alone", is_flag=True, help="One person's key will do, though what is sealed is lost with it.")
@click.option("--blind", is_flag=True, help="Seal although no key on this machine opens it again.")
@common
def command(session: Session, /, keys: tuple[str, ...], listed: bool, recovery: str | None, **given: bool) -> Report:
    """Encrypt values in billing.toml and the clients' files, for the owners and accountants that have `keys`.

    Without KEY: bank data, phone, street and tax number of the issuer, e-mail, street and contact of the clients, and
    whatever is sealed already. With KEY: issuer.bank.iban, all of issuer.bank, acme.email or all of acme. Rates are
    never sealed. Run it again when a role or a key has changed; otherwise it changes nothing.

    What git's history holds in clear stays there. Documents state what they must in clear.

    \b
    git bill seal --recovery ~/usb/git-bill-recovery.txt
    git bill seal
    git bill seal --recipients
    """
    found = readers(session.workspace.settings, session.today)
    if listed:
        return _list(found)
    if recovery is not None:
        return _recovery(session, recovery)
    session.unlock()
    for reader in found:
        if reader.why_not is not None:
            session.warn(_unusable(reader))
    result = session.run(seal(session.books, session.vault, SealWish(names=keys, **given), session.today))
    names = sorted({reader.name for reader in result.readers})
    data = {"sealed": list(result.names), "kept": list(result.kept), "files": list(result.files), "readers": names}
    if not result.names:
        said = "What is sealed stays as it is." if result.kept else "There is nothing to seal yet."
        return Report(data=data, text=(said,))
    return Report(
        data=data,
        text=(
            (bold(f"Sealed {', '.join(result.names)}"), f" for {', '.join(names)}."),
            *([dim("Older commits still hold it in clear.")] if result.committed else []),
        ),
        next=(("git bill check", "see that everything can be read"),),
    )


def _recovery(session: Session, file: str) -> Report:
    """A new key: its public half joins the settings, the other goes into a file outside of the repository."""
    path = (session.start / Path(file).expanduser()).resolve()
    if path.is_relative_to(session.books.top.resolve()):
        raise stop(
            Exit.USAGE, "inside-the-books", f"{file} lies in the repository", "write it elsewhere: ~/recovery.txt"
        )
    if path.exists() or not path.parent.is_dir():
        why = "is there already" if path.exists() else "can't be made: there is no such folder"
        raise stop(Exit.USAGE, "no-place", f"{file} {why}", "name a new file in a folder that there is")
    identity, recipient = session.vault.new_identity()
    session.secrets.learn(identity)
    if not session.options.dry_run:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"# Opens what git-bill sealed for {recipient}\n{identity}\n")
    session.run(add_recipient(session.state, recipient))
    return Report(
        data={"recipient": recipient, "file": str(path)},
        text=((bold("The recovery key"), f" is in {path}: print it or put it away, not on this machine."),),
        next=(("git bill seal", "seal for it too"),),
    )


def _list(found: tuple[Reader, ...]) -> Report:
    rows = [(r.name, r.fingerprint, r.key.split()[0][:20], r.why_not or "opens what is sealed") for r in found]
    text: list[Line] = table(rows, head=("who", "key", "kind", ""))
    if not rows:
        text = ["Nobody: give owners keys in [[contributors]], or make a recovery key."]
    return Report(
        data={
            "readers": [
                {"name": r.name, "key": r.key, "fingerprint": r.fingerprint, "why_not": r.why_not} for r in found
            ]
        },
        text=text,
    )


def _unusable(reader: Reader) -> Problem:
    return Problem(
        rule="unusable-key",
        severity="warning",
        message=f"{reader.name}'s key {reader.fingerprint} can't open anything: {reader.why_not}",
        hint='add another one for sealing: keys = ["ssh-ed25519 AAAA…"]; an age key goes into [sealing] recipients',
        file=SETTINGS,
    )
