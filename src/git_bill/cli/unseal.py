"""`git bill unseal`: write sealed values in clear again."""

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report, bold
from git_bill.cli.session import Session
from git_bill.flows.seal import unseal


@click.command("unseal")
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@common
def command(session: Session, keys: tuple[str, ...]) -> Report:
    """Write sealed values in clear again: issuer.bank.iban, all of issuer.bank, acme.email or all of acme.

    A key that opens them must be on this machine: ~/.ssh/id_ed25519, ~/.ssh/id_rsa, or the text of one in
    GIT_BILL_IDENTITY. To change a value, open it, change it in the file, and seal it again.
    """
    session.unlock()
    result = session.run(unseal(session.books, session.vault, keys, session.today))
    done = bool(result.names)
    said = f"{', '.join(result.names)} can be read by everybody now." if done else "Nothing of that is sealed."
    return Report(
        data={"unsealed": list(result.names), "files": list(result.files)},
        text=((bold(said),) if done else said,),
        next=(("git bill seal", "seal it again when you have changed it"),) if done else (),
    )
