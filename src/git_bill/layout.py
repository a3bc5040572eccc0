"""Where the files of a workspace lie: paths below its root, and names of branches."""

import re
from datetime import date

SETTINGS = "billing/billing.toml"
ATTRIBUTES = ".gitattributes"
RATES = "billing/rates.toml"
RECEIPTS = "billing/receipts"
TEMPLATES = "billing/templates"
PAYMENTS = "billing/payments"
CURSORS = "billing/rails.toml"
PROPOSALS = "billing/proposals"
PROPOSED = "pay/"  # branches on which they are reviewed
DISPUTES = "billing/disputes"
HOLDS = "billing/holds.toml"
_NAME, _KIND = 60, 10  # characters of a receipt's name and of its kind that are kept


def client_file(client: str) -> str:
    """Path of a client's file."""
    return f"billing/clients/{client}.toml"


def evidence_file(source: str, actor: str, month: str) -> str:
    """Path of one actor's evidence of one month (`yyyy-mm`)."""
    return f"billing/evidence/{source}/{actor}/{month}.jsonl"


def tax_file(name: str) -> str:
    """Path of a tax table of the workspace, which goes before the shipped ones."""
    return f"billing/tax/{name}.toml"


def proof_file(client: str, day: date) -> str:
    """Path of what a register said of a client's VAT id on a day."""
    return f"billing/proofs/{client}/vat-{day}.toml"


def edits_file(client: str, month: str) -> str:
    """Path of a client's edits of one month of work."""
    return f"billing/edits/{client}/{month}.toml"


def expenses_file(client: str, month: str) -> str:
    """Path of a client's expenses of one month."""
    return f"billing/expenses/{client}/{month}.toml"


def receipt_file(client: str, digest: str, name: str) -> str:
    """Path of a receipt with a SHA-256; of its name only plain characters stay, and nothing that is a path."""
    return f"{RECEIPTS}/{client}/{_kept(digest, name)}"


def usage_file(client: str, month: str) -> str:
    """Path of a client's readings of one month."""
    return f"billing/usage/{client}/{month}.toml"


def manifest_file(client: str, month: str) -> str:
    """Path of a client's manifest of one month."""
    return f"billing/manifest/{client}/{month}.toml"


def draft_file(name: str) -> str:
    """Path of a draft."""
    return f"billing/drafts/{name}.toml"


def draft_branch(name: str) -> str:
    """Branch that a draft is reviewed on."""
    return f"bill/{name}"


def invoice_folder(number: str, year: int) -> str:
    """Folder of an issued document; slashes in a number become dashes."""
    return f"billing/invoices/{year}/{number.replace('/', '-')}"


def payments_file(month: str) -> str:
    """Path of the payments of one month (`yyyy-mm`)."""
    return f"{PAYMENTS}/{month}.toml"


def proposal_file(name: str) -> str:
    """Path of matches that a person is to confirm."""
    return f"{PROPOSALS}/{name}.toml"


def proposal_branch(name: str) -> str:
    """Branch that a proposal is reviewed on."""
    return f"{PROPOSED}{name}"


def dispute_file(dispute: str) -> str:
    """Path of a dispute."""
    return f"{DISPUTES}/{dispute}.toml"


def dispute_attachment(dispute: str, digest: str, name: str) -> str:
    """Path of a file that belongs to a dispute, with its SHA-256; its name is kept as a receipt's is."""
    return f"{DISPUTES}/{dispute}/{_kept(digest, name)}"


def ledger_file(year: int) -> str:
    """Path of a year's ledger."""
    return f"billing/ledger/{year}.jsonl"


def _kept(digest: str, name: str) -> str:
    """The name under which somebody's file is kept."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name.replace("\\", "/").rpartition("/")[2])
    stem, dot, kind = plain.strip("-._").rpartition(".")
    stem, kind = stem.strip("-._"), kind[:_KIND]
    return f"{digest[:12]}-{(stem or kind)[:_NAME]}{dot and stem and '.' + kind}"
