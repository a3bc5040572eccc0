"""Notes, discussions and events of the GitLab facade: the same below an issue and below a merge request."""

import re
from typing import Any

from tests.testbed.gitlab_store import MAINTAINER, Call, Endpoint, Failed, Json, Project, find, missing, person

_SECONDS = {"mo": 576000, "w": 144000, "d": 28800, "h": 3600, "m": 60, "s": 1}
_ACTION = re.compile(r"^/(spend|estimate) (.+)$", re.MULTILINE)


def seconds(text: str) -> int:
    """GitLab's durations: `1h30m`; a day has eight hours, a week five days, a month four weeks."""
    found = re.findall(r"(-?\d+)\s*(mo|w|d|h|m|s)", text)
    if not found:
        raise Failed(400, "400 Bad request - Invalid duration")
    return sum(int(number) * _SECONDS[unit] for number, unit in found)


def add_note(
    project: Project, kind: str, owner: Json, call: Call, body: str, *, system: bool = False, thread: str | None = None
) -> Json:
    """A note below an issue or a merge request."""
    number = call.store.number()
    note = {
        "id": number,
        "type": "DiscussionNote" if thread else None,
        "body": body,
        "author": person(call.user),
        "created_at": call.now,
        "updated_at": call.now,
        "system": system,
        "noteable_id": owner["id"],
        "noteable_type": "Issue" if kind == "issues" else "MergeRequest",
        "noteable_iid": owner["iid"],
        "resolvable": thread is not None,
        "confidential": False,
        "internal": False,
        "_thread": thread or f"{number:040x}",
    }  # fmt: skip
    if thread is not None:
        note["resolved"], note["resolved_by"], note["resolved_at"] = False, None, None
    project.notes.setdefault((kind, owner["iid"]), []).append(note)
    owner["updated_at"] = call.now
    return note


def add_event(project: Project, kind: str, what: str, owner: Json, call: Call, **facts: Any) -> None:
    """A label, milestone or state event."""
    event = {"id": call.store.number(), "user": person(call.user), "created_at": call.now,
             "resource_type": owner["_type"], "resource_id": owner["id"], **facts}  # fmt: skip
    project.events.setdefault((kind, what, owner["iid"]), []).append(event)


def owner_of(call: Call, kind: str) -> Json:
    """The issue or merge request that a path names."""
    if kind == "issues":
        return find(call.project.issues, "iid", call.args[1], "Issue")
    return find(call.project.requests, "iid", call.args[1], "Merge Request")


def act(call: Call, owner: Json, body: str) -> str:
    """Carry out quick actions; what is left of the note."""
    for action, text in _ACTION.findall(body):
        stats = owner["time_stats"]
        if action == "spend":
            much, _, day = text.partition(" 20")
            stats["total_time_spent"] += seconds(much)
            call.project.timelogs.append(
                {
                    "timeSpent": seconds(much),
                    "spentAt": f"20{day}T00:00:00Z" if day else call.now,
                    "user": person(call.user),
                    "issue" if owner["_type"] == "Issue" else "mergeRequest": owner,
                }
            )
        else:
            stats["time_estimate"] = seconds(text)
        owner["updated_at"] = call.now
    return _ACTION.sub("", body).strip()


def endpoints(kind: str) -> dict[str, Endpoint]:  # noqa: C901  one function for each
    """Those of notes, discussions, times and events of `issues` or `merge_requests`."""

    def notes(call: Call) -> list[Json]:
        found = list(call.project.notes.get((kind, owner_of(call, kind)["iid"]), []))
        newest = call.data.get("sort", "desc") == "desc"
        return sorted(found, key=lambda note: (note["created_at"], note["id"]), reverse=newest)

    def write(call: Call) -> Json:
        call.need("body")
        owner, project = owner_of(call, kind), call.project
        left = act(call, owner, call.data["body"])
        if not left:
            call.status = 202
            return {"commands_changes": {}, "summary": ["Added spent time."]}
        call.status = 201
        return add_note(project, kind, owner, call, left)

    def note(call: Call) -> Json:
        return find(notes(call), "id", call.args[-1], "Note")

    def change(call: Call) -> Json:
        found = note(call)
        if "body" in call.data:
            _require_own(call, found)
        if "body" in call.data:
            found["body"] = call.data["body"]
        if "resolved" in call.data:
            found["resolved"], found["resolved_at"] = bool(call.data["resolved"]), call.now
            found["resolved_by"] = person(call.user)
        found["updated_at"] = call.now
        return found

    def remove(call: Call) -> None:
        found = note(call)
        _require_own(call, found)
        call.project.notes[kind, int(call.args[1])].remove(found)
        call.status = 204

    def talks(call: Call) -> list[Json]:
        threads: dict[str, list[Json]] = {}
        for one in reversed(notes(call)):
            threads.setdefault(one["_thread"], []).append(one)
        return [
            {"id": thread, "individual_note": not found[0]["resolvable"], "notes": found}
            for thread, found in threads.items()
        ]

    def talk(call: Call) -> Json:
        found = next((one for one in talks(call) if one["id"] == call.args[2]), None)
        if found is None:
            raise missing("Discussion")
        return found

    def start(call: Call) -> Json:
        call.need("body")
        thread = f"{call.store.number():040x}"
        made = add_note(call.project, kind, owner_of(call, kind), call, call.data["body"], thread=thread)
        call.status = 201
        return {"id": thread, "individual_note": False, "notes": [made]}

    def reply(call: Call) -> Json:
        call.need("body")
        talk(call)
        call.status = 201
        return add_note(call.project, kind, owner_of(call, kind), call, call.data["body"], thread=call.args[2])

    def times(call: Call) -> Json:
        stats: Json = owner_of(call, kind)["time_stats"]
        return stats

    def set_time(call: Call) -> Json:
        owner, path = owner_of(call, kind), call.args[2]
        stats = owner["time_stats"]
        if path == "time_estimate":
            call.need("duration")
            stats["time_estimate"] = seconds(call.data["duration"])
        elif path == "add_spent_time":
            call.need("duration")
            stats["total_time_spent"] += seconds(call.data["duration"])
        else:
            stats["time_estimate" if path == "reset_time_estimate" else "total_time_spent"] = 0
        owner["updated_at"] = call.now
        call.status = 201 if path == "add_spent_time" else 200
        return dict(stats)

    def events(call: Call) -> Any:
        found = call.project.events.get((kind, call.args[2], int(call.args[1])), [])
        return found if len(call.args) < 4 else find(found, "id", call.args[3], "Event")

    here = rf"projects/:x/{kind}/:x"
    return {
        f"GET {here}/notes": notes,
        f"POST {here}/notes": write,
        f"GET {here}/notes/:x": note,
        f"PUT {here}/notes/:x": change,
        f"DELETE {here}/notes/:x": remove,
        f"GET {here}/discussions": talks,
        f"POST {here}/discussions": start,
        f"GET {here}/discussions/:x": talk,
        f"POST {here}/discussions/:x/notes": reply,
        f"GET {here}/discussions/:x/notes/:x": note,
        f"PUT {here}/discussions/:x/notes/:x": change,
        f"DELETE {here}/discussions/:x/notes/:x": remove,
        f"GET {here}/time_stats": times,
        f"POST {here}/(time_estimate|reset_time_estimate|add_spent_time|reset_spent_time)": set_time,
        f"GET {here}/resource_(label|milestone)_events": events,
        f"GET {here}/resource_(label|milestone)_events/:x": events,
    }


def _require_own(call: Call, note: Json) -> None:
    """One's own notes; maintainers may change and remove those of others."""
    if note["author"]["username"] != call.user["username"] and call.project.level(call.user) < MAINTAINER:
        raise Failed(403, "403 Forbidden")
