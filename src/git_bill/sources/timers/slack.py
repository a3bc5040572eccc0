"""Slack: the export of a workspace, or the messages of one channel. Only when somebody wrote is read, never what.

The export has `users.json` and a folder for each channel with a file for each day: a list of messages.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import PurePath
from typing import Any

from git_bill.problem import Problem
from git_bill.sources.faults import Faults
from git_bill.sources.timers.heartbeats import Span, intervals, span
from git_bill.sources.timers.timed import Timed, Timers, in_order, instant, records, shown, wrong

_WRITING = timedelta(minutes=2)  # what one message stands for
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTS = frozenset({"users", "org_users"})
_OTHERS = frozenset(
    {"channels", "groups", "dms", "mpims", "integration_logs", "canvases", "lists", "file_conversations"}
)
_WRITTEN = frozenset({None, "thread_broadcast", "reply_broadcast", "me_message", "file_share"})  # others are notices
_EXAMPLE = '[{"type": "message", "user": "U02ABC", "ts": "1791184200.000200", "text": "…"}]'
_SUPPORT = "support"  # the activity
_Spans = dict[str, list[Span]]  # by person


def read(files: Sequence[tuple[str, str]], zone: tzinfo) -> Timers:
    """Conversations of each person by channel: messages less than 15 minutes apart, with two minutes before each."""
    people: dict[str, str] = {}
    problems: list[Problem] = []
    channels: list[tuple[str, str, Any]] = []
    for file, text in files:
        name = PurePath(file).stem
        if name in _OTHERS:
            continue
        content, broken = records(text, file, _EXAMPLE)
        problems += broken
        if not broken and name in _LISTS:
            people.update(_people(content))
        elif not broken:
            channels.append((file, PurePath(file).parent.name if _DAY.fullmatch(name) else name, content))
    spans: _Spans = defaultdict(list)
    for file, channel, content in channels:
        problems += _read(content, file, channel, people=people, spans=spans, zone=zone)
    return replace(in_order(_timed(spans), problems, whole=False), shared=True)


def _people(users: Any) -> Iterator[tuple[str, str]]:
    """Id and e-mail, else name, of each user."""
    for user in users if isinstance(users, list) else ():
        if isinstance(user, Mapping) and isinstance(user.get("id"), str):
            yield user["id"], _name(user) or user["id"]


def _name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile")
    about = profile if isinstance(profile, Mapping) else {}
    told = (about.get("email"), about.get("real_name"), user.get("real_name"), user.get("name"))
    return next((name for name in told if isinstance(name, str) and name), "")


def _read(
    content: Any, file: str, channel: str, *, people: Mapping[str, str], spans: _Spans, zone: tzinfo
) -> Iterator[Problem]:
    """Adds when somebody wrote in one file of a channel."""
    messages = content.get("messages") if isinstance(content, Mapping) else content
    if not isinstance(messages, list):
        yield wrong(file, 1, "this is no list of messages", _EXAMPLE, error=True)
        return
    faults = Faults()
    found: list[tuple[str, Span]] = []
    for number, message in faults.watched(enumerate(messages, 1)):
        try:
            for user, at in _written(message, zone):
                found.append((people.get(user) or _own_name(message) or user, span(at - _WRITING, at, channel)))
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, None, f"message {number} can't be read: {error}", _EXAMPLE))
    for person, one in found if not faults.hopeless else ():
        spans[person].append(one)
    yield from faults


def _written(message: Any, zone: tzinfo) -> Iterator[tuple[str, datetime]]:
    """Who wrote it and when; nothing for what a program or Slack itself wrote."""
    if not isinstance(message, Mapping):
        raise ValueError("it is no object")
    subtype, user = message.get("subtype"), message.get("user")
    if message.get("type") != "message" or "bot_id" in message or not isinstance(user, str):
        return
    if subtype is None or (isinstance(subtype, str) and subtype in _WRITTEN):
        stamp = message.get("ts")
        try:
            seconds = float(stamp) if isinstance(stamp, str) else stamp
        except ValueError:
            raise ValueError(f"{shown(stamp)} is no instant") from None
        yield user, instant(seconds, zone)


def _own_name(message: Mapping[str, Any]) -> str:
    """The name that a message has of its writer, where no list of users was exported."""
    profile = message.get("user_profile")
    return _name({"profile": profile}) if isinstance(profile, Mapping) else ""


def _timed(spans: Mapping[str, Iterable[Span]]) -> Iterator[Timed]:
    for person, own in spans.items():
        for one in intervals(own):
            key = f"slack:{person}:{one.begin.isoformat()}:{one.project}"
            yield replace(one, key=key, person=person, text=f"#{one.project}", tags=(_SUPPORT,))
