"""AI agents: which one wrote a commit, or helped to, as its author line and its message say.

A mark tells work apart and never makes time: minutes are a person's. What leaves no trace can't be told.
"""

import functools
import re
from collections.abc import Iterable, Iterator

from git_bill.worklog.directives import Trailers, values
from git_bill.worklog.directives import people as co_authors
from git_bill.worklog.identity import address, is_bot

# By what a name, an address or a forge's account is, as the programs write them (2026-11). First names of people
# are left alone: Claude Monet, Devin Booker and Jules Verne are known by the addresses of the programs only.
_AGENTS = {
    "Claude": r"claude[ ](?:code|opus|sonnet|haiku|\d).* | (?:noreply|claude|claude-code)@anthropic\.com"
    r" | (?:anthropic-)?claude(?:-code-action)?\[bot\]",
    "Copilot": r"(?:github[ ])?copilot(?:[ ](?:cli|agent|coding[ ]agent|autofix).*)? | (?:github-)?copilot\[bot\]"
    r" | copilot-swe-agent(?:\[bot\])? | copilot@github\.com",
    "Cursor": r"cursor[ ]?agent | cursor\[bot\] | (?:cursoragent|agent|noreply)@cursor\.(?:com|sh)",
    "aider": r"aider(?:[ ]\(.*\))? | (?:aider|noreply)@aider\.chat",
    "Devin": r"devin[ ]ai | devin-ai-integration(?:\[bot\])? | (?:devin|bot|noreply)@(?:devin|cognition)\.ai",
    "Codex": r"(?:openai[ ])?codex(?:[ ]cli)? | gpt-[\d.]+-codex.* | (?:openai-)?codex\[bot\]"
    r" | chatgpt-codex-connector(?:\[bot\])? | (?:codex|noreply)@openai\.com",
    "Gemini": r"(?:google[ ])?gemini(?:[ -](?:cli|code[ -]assist|\d).*)? | gemini-(?:cli|code-assist)\[bot\]"
    r" | gemini(?:-cli|-cli-agent|-code-assist)?@google\.com",
    "Jules": r"google[ -]labs[ -]jules(?:\[bot\])? | jules@google\.com",
    "Windsurf": r"windsurf(?:[ ](?:agent|cascade))? | windsurf(?:-bot)?\[bot\]"
    r" | (?:cascade|windsurf|agent|noreply)@(?:windsurf\.(?:ai|com)|codeium\.com)",
    "OpenHands": r"openhands(?:[ -](?:agent|ai|bot))? | openhands(?:-agent|-ai)?\[bot\]"
    r" | (?:openhands|contact)@(?:all-hands|openhands)\.dev",
    "Amp": r"amp@ampcode\.com | (?:amp|ampcode)\[bot\]",
    "opencode": r"opencode(?:[ -]agent)? | opencode(?:-agent)?\[bot\] | (?:noreply|opencode)@opencode\.ai",
    "Amazon Q": r"amazon[ ]q(?:[ ]developer)? | amazon-q-developer(?:\[bot\])?",
    "Augment": r"augment[ ](?:agent|code) | (?:augmentcode|augment-agent)\[bot\]",
    "Cline": r"cline\[bot\] | (?:cline|noreply)@cline\.bot",
    "Codegen": r"codegen-sh(?:\[bot\])?",
    "Continue": r"continue(?:-agent)?\[bot\] | noreply@continue\.dev",
    "Crush": r"crush@charm\.land",
    "Droid": r"factory[ -]droid(?:\[bot\])?",
    "Junie": r"(?:junie(?:-agent|-eap)?|jetbrains-(?:ai|junie))\[bot\] | junie@jetbrains\.com",
    "Lovable": r"(?:gpt-engineer-app|lovable-dev)(?:\[bot\])?",
    "Qwen": r"qwen[ -]coder? | qwen-coder@alibabacloud\.com",
    "Replit": r"replit[ ]agent | agent@replit\.com",
    "Roo Code": r"roo[ ]code | roomote(?:\[bot\])? | roomote@roocode\.com",
    "Sweep": r"sweep-ai(?:\[bot\])?",
    "v0": r"v0\[bot\]",
    "Warp": r"(?:oz-)?agent@warp\.dev",
}
_KNOWN = tuple((label, re.compile(pattern, re.VERBOSE | re.IGNORECASE)) for label, pattern in _AGENTS.items())
_BARE = {label.casefold(): label for label in _AGENTS}

_BESIDE = re.compile(r"(?P<person>.*\S)\s*\((?P<agent>[^()]*)\)")  # `Mira Kovac (aider)`
_CREDITS = ("Assisted-by", "Generated-by")  # `Assisted-by: Claude:claude-opus-4-5`, as the kernel asks for it
_FOOTER = re.compile(
    r"^\W{0,8}generated (?:with|by) \[?(?P<agent>[\w .-]{2,40}?)\]?(?:\(https?://\S*\))?\W{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)


@functools.lru_cache(maxsize=4096)
def agent_of(name: str, email: str) -> str:
    """The agent that an author line names, `"Claude"`; empty for a person."""
    told = address(email)
    account, _, host = told.partition("@")
    words = (name.strip(), account if host.startswith("users.noreply.") else told)
    return next((label for label, known in _KNOWN if any(map(known.fullmatch, words))), "")


@functools.lru_cache(maxsize=4096)
def is_program(name: str, email: str) -> bool:
    """Whether an author is no person: a bot or an agent."""
    return is_bot(name, email) or bool(agent_of(name, email))


def apart(name: str) -> tuple[str, str]:
    """A person's name as written, and the agent that stands behind it: `Mira Kovac (aider)`."""
    beside = _BESIDE.fullmatch(name)
    agent = _named(beside["agent"]) if beside else ""
    return (beside["person"], agent) if beside and agent else (name, "")


def agents_in(message: str, found: Trailers) -> Iterator[str]:
    """The agents that a message credits: in its trailers `found`, or in a line like `Generated with [Claude Code]`."""
    for person in co_authors(found):
        yield agent_of(*person)
    for trailer in _CREDITS:
        for value in values(found, trailer):
            yield _named(re.split(r"[:<(\[]", value, maxsplit=1)[0])
    if values(found, "Amp-Thread-ID"):
        yield "Amp"
    if "enerated " in message:
        for footer in _FOOTER.finditer(message[-4000:]):
            yield _named(footer["agent"])


def _named(word: str) -> str:
    """The agent of a name that stands where no person's does."""
    name = word.strip()
    return _BARE.get(name.casefold()) or agent_of(name, "")


def joined(agents: Iterable[str]) -> str:
    """Agents as evidence and entries name them: each once, by name, `"Claude, Copilot"`."""
    return ", ".join(sorted({name for agent in agents for name in agent.split(", ") if name}))
