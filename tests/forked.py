"""The program, loaded once and forked for every run: loading it takes longer than most of what is asked of it.

Each run is a process of its own all the same, with its own folder, environment, streams and end. Run as a script this
is the process that is forked: no test runs in it, so all that a run finds there is what the program itself loads.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, NoReturn

ALONE = (sys.executable, "-c", "from git_bill.cli.main import run; run()")  # the program without all this
SECONDS = 120  # that a run may take
_OF_PYTHON = ("PYTHON", "LANG", "LC_")  # read when Python starts
_LATE = (  # what the program loads when it is needed
    *("babel.dates", "babel.messages.pofile", "babel.numbers", "currency_converter", "holidays", "icalendar"),
    *("jinja2.sandbox", "lxml.etree", "pikepdf", "pypdfium2", "pyrage", "recurring_ical_events", "segno"),
    *("stdnum.iban", "typst", "xlsxwriter"),
)

Ran = subprocess.CompletedProcess[str]


class Program:
    """The program, ready to run. It is loaded by the first run."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._orders: socket.socket | None = None
        self._loaded: subprocess.Popen[bytes] | None = None

    def run(self, *args: str, cwd: Path, env: Mapping[str, str], input: str | None = None) -> Ran:
        """One run. What asks Python itself for something else gets a Python of its own."""
        if not hasattr(os, "fork") or sys.platform == "darwin" or _of_python(env) != _of_python(self._environment):
            return run_alone(args, cwd, env, input)
        with ExitStack() as stack:
            order, given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(4))
            order.write(json.dumps({"args": args, "cwd": str(cwd), "env": dict(env)}).encode())
            given.write((input or "").encode())
            order.seek(0)
            given.seek(0)
            answer, end = socket.socketpair()
            with answer:
                with end:
                    told = [each.fileno() for each in (end, order, given, out, err)]
                    socket.send_fds(self._told(), [b"."], told)
                code = _ended(answer, args)
            return subprocess.CompletedProcess([*ALONE, *args], code, _text(out), _text(err))

    def close(self) -> None:
        """Nothing runs any more."""
        if self._orders and self._loaded:
            self._orders.close()
            self._loaded.wait(SECONDS)

    def _told(self) -> socket.socket:
        """Where the loaded program takes orders."""
        if self._orders is None:
            self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._loaded = subprocess.Popen(
                    [sys.executable, "-P", __file__, str(theirs.fileno())],
                    env=dict(self._environment),
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        return self._orders


def _of_python(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_OF_PYTHON)}


def run_alone(args: tuple[str, ...], cwd: Path, env: Mapping[str, str], input: str | None = None) -> Ran:
    """One run by a Python of its own."""
    return subprocess.run(
        [*ALONE, *args],
        cwd=cwd,
        env=env,
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def _ended(answer: socket.socket, args: tuple[str, ...]) -> int:
    """How a run ended, as `Popen.returncode` says it."""
    with answer.makefile() as lines:
        process = int(lines.readline())
        answer.settimeout(SECONDS)
        try:
            return int(lines.readline())
        except TimeoutError as late:
            os.kill(process, signal.SIGKILL)
            raise subprocess.TimeoutExpired(args, SECONDS) from late


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


def _serve(orders: socket.socket) -> None:
    """Load all there is; then one fork for each order, until nobody can give any more."""
    import git_bill

    names = (module.name for module in pkgutil.walk_packages(git_bill.__path__, "git_bill."))
    for name in (*(name for name in names if not name.endswith("__main__")), *_LATE):
        with suppress(ImportError, SyntaxError):  # told by the run that needs it
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that forks share it
    while True:
        message, files, _, _ = socket.recv_fds(orders, 1, 5)
        with suppress(ChildProcessError):  # waited for, so that their time counts
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not message:
            return
        if os.fork() == 0:
            orders.close()
            _watch(socket.socket(fileno=files[0]), *files[1:])
        for file in files:
            os.close(file)


def _watch(answer: socket.socket, order: int, *streams: int) -> NoReturn:
    """Tell which process it is, and how it ended."""
    process = os.fork()
    if process == 0:
        answer.close()
        _run(order, *streams)
    answer.sendall(f"{process}\n".encode())
    _, status = os.waitpid(process, 0)
    answer.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _run(order: int, *streams: int) -> NoReturn:
    """Be the program as if it had just been started."""
    with open(order, encoding="utf-8") as file:
        told = json.load(file)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(told["env"])
    time.tzset()
    tempfile.tempdir = None
    os.chdir(told["cwd"])
    sys.argv = ["-c", *told["args"]]
    code: object = 1
    try:
        from git_bill.cli.main import run

        run()
        code = 0
    except SystemExit as left:
        code = left.code
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
