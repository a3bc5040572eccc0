"""`git bill collect`: read new commits and turn them into work entries."""

import gc
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from git_bill.cli.bring import bring_sources
from git_bill.cli.clones import clones
from git_bill.cli.evidence_key import key_needed
from git_bill.cli.exports import exports
from git_bill.cli.gathered import gathered_text
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.progress import progress
from git_bill.cli.session import Session
from git_bill.cli.source_forges import source_forges
from git_bill.contract.agreement import Engagement
from git_bill.contract.route import leaves_out
from git_bill.flows.checklist import counted
from git_bill.flows.collect import CollectResult, collect
from git_bill.flows.gather import Log
from git_bill.flows.record import record
from git_bill.period import format_duration
from git_bill.problem import Exit, Problem, stop
from git_bill.workspace import Source


@click.command("collect")
@click.option("--gather", is_flag=True, help="Only read the sources; the books are brought up to date elsewhere.")
@click.option(
    "--log",
    "logs",
    multiple=True,
    metavar="FILE",
    help="Read one plain `git log` output; with several sources write SOURCE=FILE.",
)
@click.option("--clone", is_flag=True, help="Clone the sources that have no clone here, and fetch those clones.")
@click.option("--record", "recorded", is_flag=True, help="Commit what is new onto the books branch, and push it.")
@click.option("--offline", is_flag=True, help="Ask no forge and fetch no calendar.")
@click.option("--reestimate", is_flag=True, help="Estimate anew what is neither billed nor confirmed.")
@common
def command(session: Session, /, logs: tuple[str, ...], clone: bool, recorded: bool, **given: bool) -> Report:
    """Read what is new in the sources and turn it into work entries below billing/.

    Where there is a token for the forge of a source, tickets, pull requests and reviews are read too: titles for the
    lines, and what a squash was made of. Your reviews of others' pull requests are work, ten minutes each at most; so
    is what you booked with GitLab's `/spend`.

    Evidence is only ever added; a second run changes nothing. An estimate on file stays as it is: what you confirm
    calibrates the days to come, and with --reestimate all that is not billed. A repository that is out of reach keeps
    its entries.
    Where nothing can be installed, bring a file:

    \b
    git log --all --no-merges --date=raw --format='%H%x09%an%x09%ae%x09%ad%x09%cn%x09%ce%x09%cd%x09%P%x09%s' > log.txt
    git bill collect --log api=log.txt
    """
    gc.disable()  # a large history makes millions of objects and no cycles
    sources = session.workspace.settings.sources
    if clone and not session.options.dry_run:
        bring_sources(session)
    read = [_log(session, sources, given) for given in logs]
    named = {log.source for log in read}
    with progress("Reading commits") as advance:
        found = clones(session.books, sources, advance)
        histories = {name: history for name, history in found.items() if not _needless(history, name, named)}
        result = session.run(
            collect(
                session.books,
                histories,
                session.actor,
                gather_only=given["gather"],
                logs=read,
                forges={} if given["offline"] else source_forges(session, sources),
                exports=exports(session, sources, offline=given["offline"]),
                now=session.clock.now(),
                key=key_needed(session),
                reestimate=given["reestimate"],
            )
        )
    kept = session.run(record(session.books, session.clock)) if recorded else ()
    return report(result, kept, session.workspace.engagements)


def report(result: CollectResult, recorded: tuple[str, ...], engagements: Mapping[str, Engagement]) -> Report:
    """The result for people and scripts. `recorded`: paths that were put onto the books branch."""
    collected = result.collected
    added, changed = (collected.added, collected.changed) if collected else (0, 0)
    minutes = collected.minutes if collected else 0
    worked = collected.worked.values() if collected else ()
    unbilled = sum(item.entry.minutes for item in worked if leaves_out(item, engagements))
    return Report(
        data={
            "gathered": result.new,
            "entries_added": added,
            "entries_changed": changed,
            "repeats": result.repeats,
            "minutes": minutes,
            "agents_not_billed": unbilled,
            "notices": list(collected.notices) if collected else [],
            "sources": dict(result.gathered),
            "kinds": dict(result.kinds),
            "files": list(result.files),
            "recorded": list(recorded),
        },
        text=[*_text(result, added, changed, minutes, unbilled), *_kept(recorded)],
        problems=result.problems,
        next=(("git bill confirm", "go through the new entries"), ("git bill status", "see where you stand"))
        if added
        else (),
    )


def _text(result: CollectResult, added: int, changed: int, minutes: int, unbilled: int) -> Iterable[Line]:
    if not result.gathered:
        yield "There is no source yet: git bill source add PATH --client ID"
        return
    read = ", ".join(f"{count} in {name}" for name, count in result.gathered.items() if count)
    yield (bold(gathered_text(result.kinds)), f" ({read})" if read else "")
    if result.collected is not None:
        said = f"{added} {'entry' if added == 1 else 'entries'} added" + (f", {changed} changed" if changed else "")
        left = f", {format_duration(unbilled)} with AI agents not billed" if unbilled else ""
        yield (
            f"{said}; {format_duration(minutes)} worked in all{left}."
            if added or changed
            else "The entries are up to date."
        )
        yield from (dim(notice) for notice in result.collected.notices)
    if result.repeats:
        verb = "repeats others and adds" if result.repeats == 1 else "repeat others and add"
        yield dim(f"{counted(result.repeats, 'commit')} {verb} nothing: git bill explain COMMIT")


def _kept(recorded: tuple[str, ...]) -> Iterable[Line]:
    if recorded:
        yield dim(f"Recorded {counted(len(recorded), 'file')} of billing/ on the books branch.")


def _needless(found: object, name: str, named: set[str]) -> bool:
    """A clone that is out of reach is no news where its log is given."""
    return isinstance(found, Problem) and name in named


def _log(session: Session, sources: tuple[Source, ...], given: str) -> Log:
    """`SOURCE=FILE`, or `FILE` where there is one source. Stops (exit 2) where that is not clear."""
    name, equals, file = given.partition("=")
    names = [source.name for source in sources if source.is_repository]
    if not equals:
        name, file = (names[0], given) if len(names) == 1 else ("", given)
    if name not in names:
        raise stop(
            Exit.USAGE,
            "which-source",
            f"{given!r} does not say which source it is of",
            f"write SOURCE=FILE with one of: {', '.join(names) or 'none yet, add one with git bill source add'}",
        )
    path = session.start / Path(file).expanduser()
    if not path.is_file():
        raise stop(
            Exit.USAGE,
            "no-such-file",
            f"there is no file {file}",
            "make it with the git log line of: git bill collect -h",
        )
    return Log(source=name, file=file, content=path.read_bytes())
