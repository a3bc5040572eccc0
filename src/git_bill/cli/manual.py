"""The manual page git-bill(1) and a Markdown page per command, from the commands themselves."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

import click

import git_bill
from git_bill.cli.commands import COMMANDS, SECTIONS
from git_bill.cli.group import git_bill as group

EXIT_CODES = (
    (0, "done, or nothing to do"),
    (1, "problems of severity error"),
    (2, "wrong usage"),
    (3, "settings that can't be used, or none"),
    (4, "a git repository that can't be used"),
    (5, "the forge or the remote refused"),
    (6, "payment or mail failed"),
    (7, "a sign-off is missing"),
    (70, "an internal error; a report to paste was written"),
    (130, "interrupted"),
)
ENVIRONMENT = (
    ("GIT_BILL_WORKSPACE", "Folder of the books, where no `-C` names one."),
    ("GIT_BILL_SMTP_PASSWORD", "Password of `[mail] user`, where git's credential helper does not know it."),
    ("GIT_BILL_STRIPE_KEY", "Key of Stripe's, where git's credential helper does not know it: docs/rails.md."),
    ("SSL_CERT_FILE", "Certificates of authorities that vouch for the mail server. [the system's]"),
    ("NO_COLOR", "No colour, also on a terminal."),
    ("XDG_DATA_HOME", "Where mails to be sent are dropped: `git-bill/outbox` below it. [`~/.local/share`]"),
)
CONFIGURATION = (
    ("bill.workspace", "In a clone: the books that its work is for."),
    ("bill.source.NAME.path", "In the books: where the clone of a source lies on this machine."),
    ("bill.outbox", "In the books: folder that mails to be sent are dropped into."),
    ("bill.network.NAME", "In the books: program that takes an e-invoice, `{file}`, to that network."),
)
FILES = (
    ("billing/billing.toml", "Who bills, who works, sources, numbers, limits."),
    ("billing/clients/ID.toml", "A client and what is agreed with it."),
    ("billing/evidence/", "What was seen, one file per source, actor and month; written by collect alone."),
    ("billing/edits/", "What people confirmed or corrected, each with a reason."),
    ("billing/expenses/", "Receipts, drives and days away, by client and month."),
    ("billing/receipts/", "The receipts of expenses, each named by its hash."),
    ("billing/usage/", "What clients used of what is metered, by client and month."),
    ("billing/manifest/", "Work entries; written by collect alone."),
    ("billing/drafts/", "Approved drafts that are not issued yet."),
    ("billing/invoices/", "Issued documents; they never change."),
    ("billing/disputes/", "What clients object to, every step since, and the files of both."),
    ("billing/holds.toml", "Invoices that nobody is reminded of, and until when."),
    ("billing/ledger/", "The chain of hashes over what was issued."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One command as text: its usage, paragraphs (`True`: to be kept as they are laid out), options, subcommands."""

    name: str
    usage: str
    paragraphs: tuple[tuple[str, bool], ...]
    options: tuple[tuple[str, str], ...]
    below: tuple["Page", ...]


def pages() -> tuple[Page, ...]:
    """Every command, in the order of the help."""
    ctx = _root()
    found = ((name, group.get_command(ctx, name)) for name in COMMANDS)
    return tuple(_page(command, name, ctx) for name, command in found if command is not None)


def _root() -> click.Context:
    return click.Context(group, info_name="git bill", **group.context_settings)


def _page(command: click.Command, name: str, parent: click.Context) -> Page:
    ctx = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[options]")
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return Page(
        name=ctx.command_path,
        usage=f"{ctx.command_path} {usage}".rstrip(),
        paragraphs=tuple(_paragraphs(command.help or "")),
        options=tuple(_options(command, ctx)),
        below=tuple(_page(inner, key, ctx) for key, inner in below),
    )


def _options(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, str]]:
    """What the command takes beyond what every command takes."""
    everywhere = {option.name for option in group.get_params(ctx)}
    for option in command.get_params(ctx):
        if isinstance(option, click.Option) and option.name not in everywhere:
            yield option.get_help_record(ctx) or ("", "")


def _paragraphs(text: str) -> Iterator[tuple[str, bool]]:
    for block in re.split(r"\n{2,}", inspect.cleandoc(text)):
        kept = block.startswith("\b\n")
        yield block.removeprefix("\b\n") if kept else " ".join(block.splitlines()), kept


def markdown(page: Page, level: int = 1) -> str:
    """The page of a command for docs/commands."""
    lines = [f"{'#' * level} {page.name}", "", "```", page.usage, "```", ""]
    for text, kept in page.paragraphs:
        lines += ["```", text, "```", ""] if kept else [text, ""]
    if page.options:
        lines += [f"- `{option}`: {text}" for option, text in page.options] + [""]
    for inner in page.below:
        lines += [markdown(inner, level + 1)]
    if level == 1:
        lines += ["It also takes the [options of every command](README.md#options-of-every-command).", ""]
    return "\n".join(lines)


def index(all_pages: tuple[Page, ...]) -> str:
    """docs/commands/README.md."""
    lines = ["# Commands", ""]
    there = {page.name.removeprefix("git bill ") for page in all_pages}
    for title, commands in SECTIONS.items():
        lines += [f"## {title.capitalize()}", ""]
        lines += [f"- [`git bill {name}`]({name}.md): {text}" for name, (_, text) in commands.items() if name in there]
        lines += [""]
    lines += ["## Options of every command", "", "They may stand before or after the command's name.", ""]
    lines += [f"- `{option}`: {text}" for option, text in _everywhere()]
    for heading, rows in _facts():
        lines += ["", f"## {heading.capitalize()}", "", *(f"- `{name}`: {text}" for name, text in rows)]
    return "\n".join(lines) + "\n"


def man(all_pages: tuple[Page, ...]) -> str:
    """git-bill.1 in the macros of man(7)."""
    lines = [
        f'.TH GIT\\-BILL 1 "" "git\\-bill {git_bill.__version__}" "git\\-bill manual"',
        *(".SH NAME", "git\\-bill \\- turn work in git into reviewed, issued invoices"),
        *(".SH SYNOPSIS", "\\fBgit bill\\fR [options] [\\fIcommand\\fR] [arguments]"),
        ".SH DESCRIPTION",
        *(_roff(text) + "\n.PP" for text, _ in _paragraphs(group.help or "")),
        *(".SH OPTIONS", "They may stand before or after the command's name."),
        *(line for option in _everywhere() for line in _entry(*option)),
    ]
    by_name = {page.name.removeprefix("git bill "): page for page in all_pages}
    for title, commands in SECTIONS.items():
        lines.append(f".SH {_roff(title.upper())}")
        for name in commands:
            if name in by_name:
                lines += _man_command(by_name[name])
    for heading, rows in _facts():
        lines += [f".SH {heading.upper()}", *(line for row in rows for line in _entry(*row))]
    lines += [".SH SEE ALSO", "\\fBgit\\fR(1), \\fBgit\\-log\\fR(1)"]
    return "\n".join(lines) + "\n"


def _man_command(page: Page) -> Iterator[str]:
    yield f".SS {_roff(page.usage)}"
    for text, kept in page.paragraphs:
        yield from (".nf", _roff(text), ".fi", ".PP") if kept else (_roff(text), ".PP")
    for option in page.options:
        yield from _entry(*option)
    for inner in page.below:
        yield from _man_command(inner)


def _entry(name: str, text: str) -> tuple[str, ...]:
    return ".TP", f"\\fB{_roff(name)}\\fR", _roff(text)


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", escaped)
    escaped = re.sub(r"[^\x00-\x7f]", lambda m: f"\\[u{ord(m[0]):04X}]", escaped)
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.splitlines())


def _everywhere() -> Iterator[tuple[str, str]]:
    ctx = _root()
    for option in group.get_params(ctx):
        if record := option.get_help_record(ctx):
            yield record


def _facts() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    yield "exit status", tuple((str(code), text) for code, text in EXIT_CODES)
    yield "environment", ENVIRONMENT
    yield "configuration", CONFIGURATION
    yield "files", FILES
