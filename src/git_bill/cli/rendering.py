"""Composition: what documents are rendered with."""

from git_bill.cli.electronics import electronics
from git_bill.cli.session import Session
from git_bill.flows.render import Tools


def render_tools(session: Session) -> Tools:
    """Typesetting, templates, words, tax rows and e-invoices."""
    from git_bill.adapters import pdf
    from git_bill.adapters.jinja import Jinja
    from git_bill.adapters.tables import vat_table, wording
    from git_bill.adapters.typst import Typst

    return Tools(
        typesetter=Typst(pdf.text),
        renderer=Jinja(),
        wording=wording(),
        vat=vat_table(),
        electronics=electronics(session),
    )
