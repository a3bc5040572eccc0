"""Moves branches: a publish and the removal of a draft's branch, on the books remote where there is one, and here."""

from collections.abc import Callable
from dataclasses import dataclass

from git_bill.adapters.git import refs
from git_bill.adapters.git.checkout import checkouts
from git_bill.adapters.git.follow import Follower
from git_bill.adapters.git.make import Identity, Made, make
from git_bill.adapters.git.refs import HEADS, REVIEWED, TAGS, Advance
from git_bill.adapters.git.run import attempt
from git_bill.adapters.git.snapshot import Objects
from git_bill.adapters.git.transport import Transport
from git_bill.effects import Done, DropBranch, Moved, Publish, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Publishes as one identity. `between` hears each step's name: committed, noted, pushed, moved, followed."""

    objects: Objects
    follower: Follower
    remote: str | None
    identity: Identity
    between: Callable[[str], None]
    transport: Transport

    def publish(self, effect: Publish) -> Done | Moved | Refused:
        """Make the commit, then move branch and tags by one atomic ref update; checked-out work trees follow.

        Raises Stop (exit 4) where the remote can't be reached; nothing here has moved then.
        """
        made = make(self.objects.repository, effect, self.identity)
        self.between("committed")
        with self.follower.alone():
            self.follower.settle()
            if self.remote is not None and effect.push:
                return self._there(self.remote, effect, made)
            return self._here(effect, made)

    def fetch(self, branch: str) -> None:
        """Bring the books branch, those under review and their tags from the remote. Raises Stop (exit 4) offline.

        A branch under review that is gone there goes here too, unless it has more than was there or is checked out.
        """
        if self.remote is None:
            return
        repository, place = self.objects.repository, f"refs/remotes/{self.remote}/"
        with self.follower.alone():
            before = refs.listed(repository, *(place + each for each in REVIEWED))
            refs.fetch(repository, self.remote, branch, self.transport)
            left = dict(refs.listed(repository, *(place + each for each in REVIEWED)))
            for ref, was in ((ref, was) for ref, was in before if ref not in left):
                own = ref.removeprefix(place)
                here = refs.resolve(repository, HEADS + own)
                if here and refs.is_ancestor(repository, here, was) and not checkouts(self.objects, own):
                    refs.delete(repository, HEADS + own, here)
            self.follower.settle(fetched=True)

    def drop(self, effect: DropBranch) -> Done | Moved | Refused:
        """Remove a branch on the remote and here, if neither has what `expect` has not."""
        repository, ref = self.objects.repository, HEADS + effect.branch
        trees = checkouts(self.objects, effect.branch)
        if trees:
            return Refused(
                reason=f"{effect.branch} is checked out in {trees[0].top}",
                remedy="check out another branch there first, for example: git switch -",
            )
        with self.follower.alone():
            here = refs.resolve(repository, ref)
            if here is not None and not refs.is_ancestor(repository, here, effect.expect):
                return Moved(tip=here)
            there = None
            if self.remote is not None:
                there = refs.advertised(repository, self.remote, ref, transport=self.transport).get(ref)
                if there is not None:
                    outcome = refs.remove(repository, self.remote, effect.branch, effect.expect, self.transport)
                    if not isinstance(outcome, Done):
                        return outcome
                refs.delete(repository, f"refs/remotes/{self.remote}/{effect.branch}")
            if here is not None:
                refs.delete(repository, ref, here)
            return Done(ref=effect.expect, already=here is None and there is None)

    def _here(self, effect: Publish, made: Made) -> Done | Moved | Refused:
        repository = self.objects.repository
        tip = refs.resolve(repository, HEADS + effect.branch)
        step = Advance(branch=effect.branch, old=effect.expect, new=made.commit, tags=made.tags)
        if tip == made.commit:
            self._tag(made)
            return Done(ref=made.commit, already=True)
        if tip != effect.expect:
            return Moved(tip=tip)
        following = self.follower.consider(step, effect.files)
        if following.obstacles:
            return _dirty(following.obstacles)
        self.follower.begin(step)
        outcome = refs.move(repository, step, _why(made))
        if not isinstance(outcome, Done):
            self.follower.forget()
            return outcome
        self.between("moved")
        self.follower.finish(step)
        return outcome

    def _there(self, remote: str, effect: Publish, made: Made) -> Done | Moved | Refused:
        repository = self.objects.repository
        ref, tracking = HEADS + effect.branch, f"refs/remotes/{remote}/{effect.branch}"
        known = refs.resolve(repository, tracking)
        tip = refs.resolve(repository, ref)
        own = Advance(branch=effect.branch, old=tip, new=made.commit)
        following = self.follower.consider(own, effect.files)
        if tip == effect.expect and following.obstacles:
            return _dirty(following.obstacles)
        if following.possible:
            self.follower.begin(own)
        step = Advance(branch=effect.branch, old=effect.expect, new=made.commit, tags=made.tags)
        outcome = refs.push(repository, remote, step, self.transport)
        if not isinstance(outcome, Done):
            self.follower.forget()
            return outcome
        self.between("pushed")
        refs.track(repository, tracking, known, made.commit)
        self._tag(made)
        if following.possible and isinstance(refs.move(repository, own, _why(made)), Done):
            self.between("moved")
            self.follower.finish(own)
        return outcome

    def _tag(self, made: Made) -> None:
        """Tags that this clone lacks. One of that name that the user made stays."""
        for name, tag in made.tags.items():
            attempt(self.objects.repository, "update-ref", TAGS + name, tag, "")


def _dirty(paths: tuple[str, ...]) -> Refused:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return Refused(
        reason=f"changed here and not committed: {', '.join(paths[:3])}{more}",
        remedy=f"commit it or put it aside, for example: git stash push -- {paths[0]}",
    )


def _why(made: Made) -> str:
    return f"git-bill: {made.subject}"
