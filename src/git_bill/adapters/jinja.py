"""Texts from the packaged templates, by Jinja in its sandbox. A fact is data, whatever it looks like."""

import functools
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


class Jinja:
    """Implements `git_bill.ports.Renderer`."""

    def render(self, template: str, facts: Mapping[str, Any]) -> str:
        """The template's text with the facts filled in; the same for the same input. A missing fact is an error."""
        return _environment().get_template(template).render(facts)


@functools.cache
def _environment() -> "Environment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folder = resources.files("git_bill") / "templates"
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),  # the others are plain text
    )
