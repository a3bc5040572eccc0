"""The people behind author lines, found without any settings: for an estimate, before anybody is a contributor."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.worklog.agent import apart, is_program
from git_bill.worklog.identity import address

Authors = Mapping[tuple[str, str], int]  # name and e-mail as committed → commits


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`id`: the address with most commits; `emails`: all of them, as compared; `names`: as written, the usual first."""

    id: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    commits: int = 0


def people(authors: Authors) -> tuple[Person, ...]:
    """Everyone but bots and agents, most commits first. Addresses with the same full name are one person.

    Full means two words: there is more than one David. An address counts by its usual name, so that one which many
    people share (`root@localhost`) links nobody.
    """
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, email), commits in authors.items():
        if not is_program(name, email) and (key := address(email) or name.strip().lower()):
            names[key][_written(name)] += commits
    alike: dict[str, list[str]] = defaultdict(list)
    for key, found in names.items():
        alike[_full(_usual(found)[0]) or key].append(key)
    persons = (_person(keys, names) for keys in alike.values())
    return tuple(sorted(persons, key=lambda person: (-person.commits, person.id)))


def caller(persons: Iterable[Person], emails: Iterable[str], names: Iterable[str]) -> Person | None:
    """The person with any of these addresses or full names, as git's configurations tell; None without an address.

    The id is the one of these addresses with most commits, the first where none has any.
    """
    own = dict.fromkeys(address(email) for email in emails if email.strip())
    if not own:
        return None
    called = {full for name in names if (full := _full(_written(name)))}
    mine = [p for p in persons if not own.keys().isdisjoint(p.emails) or _full(p.names[0]) in called]
    found = [email for person in mine for email in person.emails]
    known = next((email for email in found if email in own), next(iter(own)))
    written = (name for person in mine for name in person.names)
    return Person(
        id=known,
        names=tuple(dict.fromkeys((*written, *names))),
        emails=tuple(dict.fromkeys((known, *found))),
        commits=sum(person.commits for person in mine),
    )


def matching(persons: Iterable[Person], words: Iterable[str]) -> tuple[Person, ...]:
    """Those of whom any of the words is part of a name or an address, without case."""
    wanted = [word.casefold() for word in words]
    return tuple(
        person
        for person in persons
        if any(word in text.casefold() for word in wanted for text in (*person.names, *person.emails))
    )


def owners(persons: Iterable[Person]) -> dict[str, str]:
    """Address → id of its person."""
    return {email: person.id for person in persons for email in person.emails}


def _person(keys: Iterable[str], names: Mapping[str, Counter[str]]) -> Person:
    emails = sorted(keys, key=lambda key: (-names[key].total(), key))
    every = sum((names[email] for email in emails), Counter[str]())
    return Person(id=emails[0], names=_usual(every), emails=tuple(emails), commits=every.total())


def _usual(found: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(found, key=lambda name: (-found[name], name)))


def _written(name: str) -> str:
    return " ".join(apart(name)[0].split())


def _full(name: str) -> str:
    """A name as compared; empty where it is a single word."""
    return name.casefold() if " " in name else ""
