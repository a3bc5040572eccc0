"""AI agents are known as their programs sign, and nobody who shares a first name with one is."""

import pytest

from git_bill.worklog.agent import agent_of, agents_in, apart, is_program, joined
from git_bill.worklog.directives import trailers

SIGNED = {
    "Claude <noreply@anthropic.com>": "Claude",
    "Claude Opus 4.5 <noreply@anthropic.com>": "Claude",
    "claude[bot] <209825114+claude[bot]@users.noreply.github.com>": "Claude",
    "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>": "Copilot",
    "Copilot <175728472+Copilot@users.noreply.github.com>": "Copilot",
    "GitHub Copilot <copilot@github.com>": "Copilot",
    "Cursor <cursoragent@cursor.com>": "Cursor",
    "Cursor Agent <cursoragent@cursor.com>": "Cursor",
    "aider (openai/gpt-4o) <aider@aider.chat>": "aider",
    "Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>": "Devin",
    "devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>": "Devin",
    "Codex <noreply@openai.com>": "Codex",
    "chatgpt-codex-connector[bot] <199175422+chatgpt-codex-connector[bot]@users.noreply.github.com>": "Codex",
    "Gemini CLI <gemini@example.com>": "Gemini",
    "gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>": "Gemini",
    "google-labs-jules[bot] <161369871+google-labs-jules[bot]@users.noreply.github.com>": "Jules",
    "Windsurf Cascade <cascade@windsurf.ai>": "Windsurf",
    "openhands <openhands@all-hands.dev>": "OpenHands",
    "Amp <amp@ampcode.com>": "Amp",
    "opencode <noreply@opencode.ai>": "opencode",
    "Qwen-Coder <qwen-coder@alibabacloud.com>": "Qwen",
}

PEOPLE = (
    "Claude Monet <claude@monet.example>",
    "Claude <claude@example.fr>",
    "Devin Booker <devin@example.com>",
    "Jules Verne <jules@example.fr>",
    "Julia Cursor <julia@cursor.example>",
    "Boris <boris@anthropic.com>",
    "Ann Amp <amp@example.org>",
    "Ada <12345+ada@users.noreply.github.com>",
    " <>",
)


def person(line: str) -> tuple[str, str]:
    name, _, email = line.partition(" <")
    return name, email.rstrip(">")


@pytest.mark.parametrize(("line", "agent"), SIGNED.items())
def test_agents_are_known_by_how_they_sign(line: str, agent: str) -> None:
    assert agent_of(*person(line)) == agent
    assert is_program(*person(line))
    message = f"WEB-5 Totals\n\nCo-Authored-By: {line}\n"
    assert list(agents_in(message, trailers(message))) == [agent]


@pytest.mark.parametrize("line", PEOPLE)
def test_people_are_no_agents(line: str) -> None:
    assert agent_of(*person(line)) == ""
    assert not is_program(*person(line))


def test_a_bot_is_a_program_and_no_agent() -> None:
    bot = ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
    assert (is_program(*bot), agent_of(*bot)) == (True, "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Mira Kovac (aider)", ("Mira Kovac", "aider")),
        ("Mira Kovac (Claude Code)", ("Mira Kovac", "Claude")),
        ("Mira Kovac (she/her)", ("Mira Kovac (she/her)", "")),
        ("Mira Kovac", ("Mira Kovac", "")),
        ("(aider)", ("(aider)", "")),
    ],
)
def test_an_agent_behind_a_persons_name(name: str, told: tuple[str, str]) -> None:
    assert apart(name) == told


@pytest.mark.parametrize(
    ("message", "agents"),
    [
        ("Totals\n\nAssisted-by: Claude:claude-opus-4-5 [coccinelle]\n", "Claude"),
        ("Totals\n\nGenerated-by: GitHub Copilot\n", "Copilot"),
        ("Totals\n\nGenerated-by: openapi-generator 7\n", ""),
        ("Totals\n\nAmp-Thread-ID: https://ampcode.com/threads/T-1\n", "Amp"),
        ("Totals\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n", "Claude"),
        ("Totals\n\nGenerated with Cursor\n", "Cursor"),
        ("Totals\n\nThe parser is generated with Bison.\n", ""),
        ("Generated with [Some Tool](https://example.com)\n", ""),
        ("Totals\n\nCo-authored-by: Jo <jo@example.net>\nCo-authored-by: Claude <noreply@anthropic.com>\n", "Claude"),
        ("Claude wrote to us: totals are wrong\n", ""),
    ],
)
def test_what_a_message_credits(message: str, agents: str) -> None:
    assert joined(agents_in(message, trailers(message))) == agents


def test_agents_are_joined_once_each() -> None:
    assert joined(("Copilot", "Claude, Copilot", "")) == "Claude, Copilot"
    assert joined(()) == ""
