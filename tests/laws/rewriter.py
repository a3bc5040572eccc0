"""A developer who rewrites history in every way that git and forges know: a clone, the forge's repository, a clock.

Acts of work add commits; acts of rewriting only make other commits of the same work. All chance is the seeded `order`.
"""

import random
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.repositories import repository, run

START = datetime.fromisoformat("2026-10-05T09:00:00+02:00")
WEB_FLOW = {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
_COMMON = ("import os", "return None", "}", "", "else:", "    pass")
_MARKER = re.compile(r"^(<{7}|={7}|>{7}|\|{7}).*\n", re.MULTILINE)

Acts = Mapping[str, Callable[["Developer"], None]]


@dataclass(slots=True)
class Developer:
    """Mira at her clone. `forge`: the bare repository that she pushes to. Every commit takes some minutes."""

    clone: Path
    forge: Path
    order: random.Random
    minutes: int = 0
    lines: int = 0
    done: list[str] = field(default_factory=list)

    def git(self, *args: str, **env: str) -> str:
        """Git in her clone, at her time; what it prints, whether it fails or not."""
        return run(self.clone, "-c", "advice.mergeConflict=false", *args, at=self.now, env=env, check=False)

    @property
    def now(self) -> str:
        return (START + timedelta(minutes=self.minutes)).isoformat()

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    @property
    def topic(self) -> str:
        """The newest topic branch; empty without one."""
        return self.git("branch", "--list", "--format=%(refname:short)", "topic*").split("\n")[-1]

    def text(self, count: int) -> str:
        """New lines, some of which stand in every program."""
        self.lines += count
        own = [f"value_{self.lines - n} = compute({self.order.random():.9f})" for n in range(count)]
        common = self.order.sample(_COMMON, self.order.randint(0, 2))
        return "".join(f"{line}\n" for line in (*own, *common))

    def write(self, file: str, count: int) -> None:
        """Put new lines somewhere into a file, and take one out."""
        path = self.clone / file
        path.parent.mkdir(parents=True, exist_ok=True)
        old = path.read_text().splitlines(keepends=True) if path.exists() else []
        at = self.order.randint(0, len(old))
        path.write_text("".join((*old[:at], self.text(count), *old[at + 1 :])))
        self.git("add", "-A")

    def commit(self, message: str, *options: str, **env: str) -> str:
        """Commit what is staged, if anything is."""
        self.minutes += self.order.choice((4, 20, 45, 130, 900))
        self.git("commit", "-q", "-m", message, *options, **env)
        return self.head

    def commit_without(self, later: Collection[str], path: Path, whole: Sequence[str], message: str) -> None:
        """Commit a file with all its lines but those that come later."""
        path.write_text("".join(line for line in whole if line not in later))
        self.git("add", "-A")
        self.commit(message)

    def settle(self, go_on: str = "") -> None:
        """Resolve conflicts by keeping both sides, as often as there are any."""
        for _ in range(20):
            for file in self.git("diff", "--name-only", "--diff-filter=U").splitlines():
                path = self.clone / file
                if path.exists():
                    path.write_text(_MARKER.sub("", path.read_text()))
            self.git("add", "-A")
            if not go_on or not any((self.clone / ".git" / name).exists() for name in _HELD):
                return
            self.git(go_on, "--continue", GIT_EDITOR="true")
            if go_on != "rebase" and "CHERRY_PICK_HEAD" in "".join(p.name for p in (self.clone / ".git").iterdir()):
                self.git(go_on, "--skip")
        self.git(go_on, "--abort")

    def publish(self) -> None:
        """The forge has her branches and no others, whatever it had."""
        self.git("push", "-q", "--force", "--prune", "origin", "refs/heads/*:refs/heads/*")


_HELD = ("rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")


def developer(folder: Path, order: random.Random) -> Developer:
    """One with three commits on the trunk."""
    forge = folder / "forge.git"
    run(folder, "init", "-q", "--bare", "-b", "main", str(forge))
    clone = repository(folder / "laptop")
    run(clone, "remote", "add", "origin", str(forge))
    person = Developer(clone, forge, order)
    for number in range(3):
        person.write(f"file{number}.py", 12)
        person.commit(f"WEB-{number} Start {number}")
    return person


# Acts of work: a new author second each.


def work(person: Developer) -> None:
    """A piece of work on the branch that is checked out."""
    person.write(f"file{person.order.randint(0, 4)}.py", person.order.choice((6, 12, 40, 200)))
    person.commit(f"WEB-{person.order.randint(1, 4)} Work {person.lines}")


def begin_topic(person: Developer) -> None:
    """A branch with two commits."""
    person.git("checkout", "-q", "-b", f"topic{person.lines:05}", "main")
    work(person)
    work(person)


def bump(person: Developer) -> None:
    """A new version: one line changes."""
    (person.clone / "version").write_text(f"version = 1.0.{person.lines}\n")
    person.git("add", "-A")
    person.commit(f"Release 1.0.{person.lines}")


def merge(person: Developer) -> None:
    """The topic lands by a merge commit."""
    if topic := person.topic:
        person.git("checkout", "-q", "main")
        person.minutes += 5
        person.git("merge", "-q", "--no-ff", "--no-commit", topic)
        person.settle()
        person.commit(f"Merge branch '{topic}'")


def revert(person: Developer) -> None:
    """The newest change is taken back; where that is a revert, it comes again."""
    person.minutes += 5
    person.git("revert", "--no-edit", "HEAD")
    person.settle("revert")


def trunk(person: Developer) -> None:
    """Work on the trunk, which the topic does not have."""
    person.git("checkout", "-q", "main")
    work(person)


# Acts of rewriting: no new work.


def amend_now(person: Developer) -> None:
    """`git commit --amend --date=now` with a line more."""
    before = person.git("show", "--format=", "--numstat", "HEAD").split("\n")[0].split("\t")
    if before[0].isdigit() and int(before[0]) > 11:
        person.write(before[2], 1)
    person.commit("Said anew", "--amend", f"--date={person.now}", "--allow-empty")


def reset_author(person: Developer) -> None:
    person.commit("Said better, at another time", "--amend", "--reset-author", "--allow-empty")


def reword(person: Developer) -> None:
    person.git("commit", "-q", "--amend", "--allow-empty", "-m", f"WEB-{person.order.randint(1, 4)} Said better")


def rebase(person: Developer) -> None:
    """The topic goes on top of the trunk, conflicts resolved."""
    if topic := person.topic:
        person.minutes += 5
        person.git("checkout", "-q", topic)
        person.git("rebase", "-q", "main")
        person.settle("rebase")


def onto_main(person: Developer) -> str:
    """The topic, with the trunk checked out; empty where it has nothing more."""
    topic = person.topic
    if topic:
        person.git("checkout", "-q", "main")
        if not person.git("rev-list", "--no-merges", f"main..{topic}"):
            return ""
    return topic


def squash(person: Developer) -> None:
    """`git merge --squash`, conflicts resolved, and the branch is deleted."""
    if topic := onto_main(person):
        person.git("merge", "-q", "--squash", topic)
        person.settle()
        person.commit(f"{topic}: all of it")
        person.git("branch", "-q", "-D", topic)


def squash_on_forge(person: Developer) -> None:
    """As a forge does it: its committer, the person as author, a number and co-authors in the message."""
    if topic := onto_main(person):
        said = "\n\n* one\n\n* two\n\nCo-authored-by: Jonas Weber <jonas@example.net>"
        person.git("merge", "-q", "--squash", topic)
        person.settle()
        person.commit(f"{topic} (#{person.lines}){said}", **WEB_FLOW)
        person.git("branch", "-q", "-D", topic)


def squash_while_rebasing(person: Developer) -> None:
    """`git rebase -i` with `squash` for all but the first commit."""
    if topic := person.topic:
        person.git("checkout", "-q", topic)
        edit = "sed -i '2,$s/^pick/squash/'"
        person.git("rebase", "-q", "-i", "main", GIT_SEQUENCE_EDITOR=edit, GIT_EDITOR="true")
        person.settle("rebase")


def split(person: Developer) -> None:
    """`git reset HEAD^`, then a commit for each half of the lines that the last commit added."""
    path, whole, new = last_change(person)
    if len(new) < 2:
        return
    person.git("reset", "-q", "HEAD^")
    for part, later in (("First half", new[len(new) // 2 :]), ("Second half", [])):
        person.commit_without(later, path, whole, part)


def last_change(person: Developer) -> tuple[Path, list[str], list[str]]:
    """The one file that the last commit changed, its lines, and the new ones of them; none of a merge or of several."""
    changed = person.git("show", "--format=", "--name-only", "HEAD").splitlines()
    if len(changed) != 1 or person.git("rev-parse", "-q", "--verify", "HEAD^2"):
        return person.clone, [], []
    path = person.clone / changed[0]
    whole = path.read_text().splitlines(keepends=True) if path.exists() else []
    before = set(person.git("show", f"HEAD^:{changed[0]}").splitlines(keepends=True))
    return path, whole, [line for line in whole if line not in before and line.startswith("value")]


def split_small(person: Developer) -> None:
    """`git reset HEAD^`, then days later a commit for every few lines."""
    path, whole, new = last_change(person)
    if not 2 <= len(new) <= 12:
        return
    person.git("reset", "-q", "HEAD^")
    person.minutes += 3 * 24 * 60
    size = person.order.randint(1, 4)
    for done in range(size, len(new) + size, size):
        person.commit_without(new[done:], path, whole, f"Part {done}")


def autosquash(person: Developer) -> None:
    """A fixup goes into the commit that it belongs to; making it was work before."""
    target = person.git("log", "--no-merges", "-1", "--skip=1", "--format=%H")
    person.git("rebase", "-q", "-i", "--autosquash", f"{target}^", GIT_SEQUENCE_EDITOR="true", GIT_EDITOR="true")
    person.settle("rebase")


def pick(person: Developer) -> None:
    """`git cherry-pick -x` of the last change onto a release branch."""
    change = person.git("rev-list", "--no-merges", "-1", "HEAD")
    back = person.git("symbolic-ref", "--short", "HEAD")
    made = person.git("rev-parse", "-q", "--verify", "refs/heads/release")
    person.git("checkout", "-q", *(["release"] if made else ["-b", "release", "main~1"]))
    person.git("cherry-pick", "-x", change)
    person.settle("cherry-pick")
    person.git("checkout", "-q", back)


def pick_as_new(person: Developer) -> None:
    """The same without its author time: `cherry-pick --no-commit`, then a commit."""
    change = person.git("rev-list", "--no-merges", "-1", "HEAD")
    back = person.git("symbolic-ref", "--short", "HEAD")
    made = person.git("rev-parse", "-q", "--verify", "refs/heads/release")
    person.git("checkout", "-q", *(["release"] if made else ["-b", "release", "main~1"]))
    person.git("cherry-pick", "--no-commit", change)
    person.settle()
    person.commit("Picked by hand")
    person.git("checkout", "-q", back)


def into_folder(person: Developer) -> None:
    """All of history moves into a folder, every commit's id with it."""
    exported = person.git("fast-export", "--all", "--no-data", "--signed-tags=strip")
    moved = re.sub(r"^(M \d+ \w+|D) (?!part/)(\S)", r"\1 part/\2", exported, flags=re.MULTILINE)
    run(person.clone, "fast-import", "--quiet", "--force", input=moved + "\n")
    person.git("reset", "-q", "--hard")


def delete_branch(person: Developer) -> None:
    """The topic goes, unmerged."""
    if topic := person.topic:
        person.git("checkout", "-q", "main")
        person.git("branch", "-q", "-D", topic)


def force_push(person: Developer) -> None:
    """What the forge had goes."""
    person.publish()


WORK: Acts = {f.__name__: f for f in (work, begin_topic, bump, merge, revert, trunk)}
REWRITING: Acts = {
    f.__name__: f
    for f in (
        amend_now,
        reset_author,
        reword,
        rebase,
        squash,
        squash_on_forge,
        squash_while_rebasing,
        split,
        split_small,
        autosquash,
        pick,
        pick_as_new,
        into_folder,
        delete_branch,
        force_push,
    )
}
