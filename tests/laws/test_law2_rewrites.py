"""Law 2 on a real repository: whatever is done to history, never more minutes than before, and nothing seen is lost."""

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.laws.rewriter import REWRITING, WORK, Developer, developer
from tests.laws.test_law1_timeline import assert_lawful
from tests.repositories import live_in, run
from tests.worklog.workday import Workday, minutes

from git_bill.adapters.git.history import GitHistory
from git_bill.sources import git, journal
from git_bill.sources.commit import Reading
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.flags import PARTLY_FLAG
from git_bill.worklog.identity import addresses
from git_bill.worklog.manifest import Collected

LOW = 9  # minutes that the low end of one estimate has at most
READING = Reading(
    source="web-shop",
    identity=addresses({"mira": ["mira@example.net"], "jonas": ["jonas@example.net"]}),
    ticket_pattern=r"[A-Z]+-\d+",
)


@pytest.fixture(autouse=True)
def _at_home(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@dataclass(slots=True)
class Observer:
    """Books that see the work from one place: her clone with its reflog, or a fresh clone of the forge each time."""

    person: Developer
    fresh: bool
    day: Workday = field(default_factory=Workday)
    result: Collected | None = None
    seen: set[str] = field(default_factory=set)

    def collect(self) -> int:
        """Gather and allocate; the minutes that are there now."""
        clone = self.person.clone
        if self.fresh:
            self.person.publish()
            clone = self.person.forge.with_name("fresh")
            shutil.rmtree(clone, ignore_errors=True)
            run(clone.parent, "clone", "-q", str(self.person.forge), clone.name)
        self.seen |= set(run(clone, "rev-list", "--all").split())
        self.result = self.day.collect(*self._new(clone))
        return minutes(self.day.live)

    def _new(self, clone: Path) -> Iterable[Evidence]:
        history, known = GitHistory(clone), self.day.evidence
        found = git.read(history, READING, known=[r for r in known if r.kind == "commit"]).evidence
        return (*found, *journal.read(history.journal(), (*known, *found)))

    def assert_nothing_lost(self) -> None:
        """Every commit ever seen is evidence, and an entry or a verdict tells it."""
        assert self.result is not None
        assert self.seen <= {record.key for record in self.day.evidence}
        told = {fact for w in self.day.worked.values() for fact in w.entry.evidence}
        told |= {verdict.evidence for verdict in self.result.verdicts}
        assert {f"{r.source}:{r.key[:12]}" for r in self.day.evidence if r.kind == "commit"} <= told
        assert_lawful(self.day.worked.values())


def replay(folder: Path, seed: int, length: int, *, fresh: bool) -> None:
    """A random sequence: all is seen after work, and after one to three rewritings."""
    order = random.Random(seed)  # noqa: S311  not for secrets
    person = developer(folder, order)
    observer = Observer(person, fresh)
    before = observer.collect()
    while len(person.done) < length:
        if order.random() < 0.4:
            before = worked(observer, order)
            continue
        kept = confirmed(observer, order)
        known = {record.key for record in observer.day.evidence}
        for name in order.choices(sorted(REWRITING), k=order.randint(1, 3)):
            REWRITING[name](person)
            person.done.append(name)
        before, earlier = observer.collect(), before
        undecided = [r for r in observer.day.evidence if r.partly and r.key not in known]
        assert before <= earlier + LOW * len(undecided), (seed, person.done)
        assert {entry: observer.day.worked[entry].entry.minutes for entry in kept} == kept
        for record in undecided:
            assert flagged(observer, record), (seed, person.done)
        observer.assert_nothing_lost()


def worked(observer: Observer, order: random.Random) -> int:
    """Real work, which is no repetition of anything; the minutes then."""
    name = order.choice(sorted(WORK))
    WORK[name](observer.person)
    observer.person.done.append(name)
    known = {record.key for record in observer.day.evidence}
    now = observer.collect()
    new = [r for r in observer.day.evidence if r.key not in known and r.kind == "commit" and r.parents < 2]
    if name in {"work", "trunk", "begin_topic"}:
        assert [r.text for r in new if r.covers or r.partly] == [], observer.person.done
    return now


def flagged(observer: Observer, record: Evidence) -> bool:
    """Whether what can't be decided is flagged where it counts."""
    name = f"{record.source}:{record.key[:12]}"
    return all(PARTLY_FLAG in w.entry.flags for w in observer.day.live if name in w.entry.evidence)


def confirmed(observer: Observer, order: random.Random) -> dict[str, int]:
    """The minutes of an entry that she confirms now and then, by its id."""
    if not observer.day.live or order.random() < 0.7:
        return {}
    chosen = order.choice(observer.day.live)
    observer.day.edit("confirm", chosen.id, minutes=chosen.entry.minutes, facts=len(chosen.entry.evidence))
    observer.collect()
    return {chosen.id: chosen.entry.minutes}


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_rewriting_never_adds_and_nothing_is_lost(tmp_path: Path, seed: int, fresh: bool) -> None:
    replay(tmp_path, seed, 10, fresh=fresh)


@pytest.mark.slow
@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("seed", range(100, 130))
def test_the_same_for_long(tmp_path: Path, seed: int, fresh: bool) -> None:
    replay(tmp_path, seed, 16, fresh=fresh)
