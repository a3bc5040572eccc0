"""Which commands there are: name → where its click command is, and its one-line help. Loads nothing."""

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "start here": {
        "estimate": ("git_bill.cli.estimate:command", "Your hours in a repository or folder, nothing set up"),
        "init": ("git_bill.cli.init:command", "Set up books: who bills, whom, at what rate"),
        "source": ("git_bill.cli.source:command", "Add or list repositories that work is read from"),
        "client": ("git_bill.cli.client:command", "Add, list or check clients"),
        "demo": ("git_bill.cli.demo:command", "Walk through the whole job in a scratch folder"),
    },
    "record what was worked": {
        "hooks": ("git_bill.cli.hooks:command", "Let commits name their ticket and amends be remembered"),
        "collect": ("git_bill.cli.collect:command", "Read new commits and turn them into work entries"),
        "confirm": ("git_bill.cli.confirm:command", "Walk through estimated entries and confirm them"),
        "add": ("git_bill.cli.add:command", "Record time that left no commit, expenses, usage"),
        "usage": ("git_bill.cli.usage:command", "Import or list what clients used"),
        "edit": ("git_bill.cli.edit:command", "Change the time or the facts of entries"),
        "drop": ("git_bill.cli.drop:command", "Say that an entry was no work"),
        "split": ("git_bill.cli.split:command", "Make several entries of one"),
        "merge": ("git_bill.cli.merge:command", "Make one entry of several"),
        "move": ("git_bill.cli.move:command", "Give entries to another client"),
    },
    "look at it": {
        "status": ("git_bill.cli.status:command", "What is unbilled, open and overdue, and what comes next"),
        "log": ("git_bill.cli.log:command", "List work entries and expenses"),
        "show": ("git_bill.cli.show:command", "Show a draft, an invoice or an entry"),
        "render": ("git_bill.cli.render:command", "Write an invoice or a draft as PDF, e-invoice, HTML, CSV, JSON"),
        "explain": ("git_bill.cli.explain:command", "Why an amount is what it is, down to the commits"),
    },
    "bill it": {
        "timesheet": ("git_bill.cli.timesheet:command", "Write what was done day by day, for the client to sign"),
        "draft": ("git_bill.cli.draft:command", "Make or update drafts, each a branch to review"),
        "contract": ("git_bill.cli.contract:command", "What was agreed, and what other terms would come to"),
        "tax": ("git_bill.cli.tax:command", "How work is taxed, by which law, and newer rules"),
        "rates": ("git_bill.cli.rates:command", "Rates of exchange, and newer ones"),
        "check": ("git_bill.cli.check:command", "Check the books and the drafts"),
        "attach": ("git_bill.cli.attach:command", "Attach a receipt, timesheet or order to a draft"),
        "approve": ("git_bill.cli.approve:command", "Sign off a draft"),
        "answer": ("git_bill.cli.answer:command", "Carry out what people ask for in comments about drafts"),
        "issue": ("git_bill.cli.issue:command", "Number, freeze and deliver what was merged"),
        "send": ("git_bill.cli.send:command", "Send an issued document by mail or to a network"),
        "sent": ("git_bill.cli.sent:command", "Record how it was delivered, or that it came back"),
        "credit": ("git_bill.cli.credit:command", "Credit an issued invoice, all of it or a part"),
        "correct": ("git_bill.cli.correct:command", "Cancel an issued invoice and replace it"),
    },
    "follow the money": {
        "reconcile": ("git_bill.cli.reconcile:command", "Match bank statements and providers with open invoices"),
        "paid": ("git_bill.cli.paid:command", "Record a payment, or take one back, without a statement"),
        "write-off": ("git_bill.cli.write_off:command", "Give up what is not expected any more of an invoice"),
        "dispute": ("git_bill.cli.dispute:command", "Record, answer and end what clients object to"),
        "hold": ("git_bill.cli.hold:command", "Remind nobody of an invoice until a day"),
        "export": ("git_bill.cli.export:command", "Hand the books on: adviser, DATEV, hledger, beancount, CSV"),
    },
    "let it run by itself": {
        "ci": ("git_bill.cli.ci:command", "Run what an event of GitHub asks for"),
    },
    "trust it": {
        "verify": ("git_bill.cli.verify:command", "Check an invoice's PDF against a repository"),
        "ledger": ("git_bill.cli.ledger:command", "Check the ledger's chain and the frozen files"),
        "doctor": ("git_bill.cli.doctor:command", "Look for what would get in the way"),
        "whoami": ("git_bill.cli.whoami:command", "Who you are to these books, and what you may do"),
    },
    "keep it to yourself": {
        "seal": ("git_bill.cli.seal:command", "Encrypt bank and personal data in the settings"),
        "unseal": ("git_bill.cli.unseal:command", "Write sealed values in clear again"),
    },
    "get help": {
        "help": ("git_bill.cli.help:command", "Show the help of a command"),
    },
}

COMMANDS: dict[str, tuple[str, str]] = {name: entry for section in SECTIONS.values() for name, entry in section.items()}
