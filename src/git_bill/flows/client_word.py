"""The client's word for a draft, kept on the books branch: from the forge, or from a mail that is kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.contract.party import Client
from git_bill.custody.client_word import BINARY, ClientWord, Way, attachment_file, client_word_file
from git_bill.custody.ledger import sha256
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows.approve import standing_draft
from git_bill.flows.attributes import with_attribute
from git_bill.flows.filed import filed
from git_bill.flows.landing import land, ledger_line
from git_bill.forge import Forge
from git_bill.layout import draft_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, stop
from git_bill.shape import write

_LARGEST = 10 * 1024 * 1024  # bytes of an attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the client said. `attachment`: name and bytes of what proves it; `blob`: the content, None: as it stands."""

    who: str
    way: Way
    ref: str = ""
    attachment: tuple[str, bytes] | None = None
    blob: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The word as it is on file; `already`: it was before."""

    name: str
    word: ClientWord
    already: bool


def record_word(
    books: Books, clock: Clock, name: str, given: Given, *, by: str = "", forge: Forge | None = None
) -> Flow[Recorded]:
    """Record the client's approval of a draft. `by`: id of who records it; `forge`: tells what on file counts.

    Stops (exit 1) for no draft, for an attachment above 10 MB, and where the draft is not the one that was approved.
    """
    books.settle()
    books.fetch()
    draft, blob = standing_draft(books, name)
    if given.blob not in {None, blob}:
        raise stop(Exit.PROBLEMS, "approved-unseen", f"{name} changed since", "let the client look at it again")
    proof = _proof(draft.id, given)
    word = ClientWord(
        draft=draft.id,
        blob=blob,
        who=given.who,
        way=given.way,
        ref=next((file.rpartition("/")[2] for file in proof), given.ref),
        sha256=next(map(sha256, proof.values()), None),
        recorded_by=by,
        at=clock.now(),
    )

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        found = filed(books, snapshot, draft.id, forge).client
        if found is not None and _same(found, word):
            return None
        facts = {"draft": draft.id, "blob": blob, "for": "client", "way": given.way, "sha256": word.sha256}
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={
                client_word_file(draft.id): write(word).encode(),
                **({**proof, **with_attribute(snapshot, BINARY)} if proof else {}),
                **ledger_line(snapshot, at=word.at, kind="sign-off", by=by, facts=facts),
            },
            message=f"Record the client's word for {name}\n\nDraft {draft.id}, blob {blob}.",
            at=word.at,
        )
        return Plan(why=f"record the client's word for {name}", effects=(publish,))

    landed = yield from land(books, plan)
    return Recorded(name=name, word=word, already=not landed)


def _proof(draft: str, given: Given) -> Mapping[str, bytes]:
    """What is kept beside the word, by path. Stops (exit 1) above 10 MB."""
    if given.attachment is None:
        return {}
    name, content = given.attachment
    refuse_large(name, content, hint="save the reply alone, without its pictures, as .eml or .txt")
    return {attachment_file(draft, name): content}


def refuse_large(name: str, content: bytes, *, hint: str) -> None:
    """Stops (exit 1) at an attachment that is too large to be kept."""
    if len(content) > _LARGEST:
        raise stop(Exit.PROBLEMS, "attachment-too-large", f"{name} is larger than 10 MB", hint)


def reviews(client: Client) -> bool:
    """Whether a client sees drafts before they are issued, and has to approve them."""
    return client.review in {"repository", "mail"}


def client_problems(client: Client, name: str, word: ClientWord | None, blob: str) -> tuple[Problem, ...]:
    """That a client who reviews drafts has not approved this content yet (`client-approval-missing`)."""
    if not reviews(client) or (word is not None and word.blob == blob):
        return ()
    state = "approved another content of it" if word is not None else "has not approved it"
    return (
        Problem(
            rule="client-approval-missing",
            message=f"{name} waits for {client.name}, who {state}",
            hint="it is approved in the client's repository; where the client wrote a mail, record it: "
            f'git bill approve {name} --by "Anna Schmidt" --attach reply.eml',
            file=draft_file(name),
        ),
    )


def _same(old: ClientWord, new: ClientWord) -> bool:
    return (old.blob, old.who, old.way, old.sha256) == (new.blob, new.who, new.way, new.sha256)
