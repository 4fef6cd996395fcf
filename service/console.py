"""How the command line meets the world: exit codes, error lines, reading input, writing output."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from model.errors import ArtefactError, InputError, WinnowError
from model.limits import Limits
from service.files import describe_os_error, printable, read_page, write_atomically

PAGE_FAILED, WRONG_USAGE, MODEL_UNUSABLE, INTERRUPTED, PIPE_CLOSED = 1, 2, 3, 130, 141

EXIT_CODES = """\b
Exit codes:
  0    done
  1    a page could not be cleaned, or an answer could not be written
  2    wrong usage: an unknown option or value, a missing file or folder
  3    the model cannot be used
  130  interrupted
  141  the reader of standard output, head for one, wanted no more
"""


class CommandFailure(click.ClickException):
    """Ends the command with one line on standard error and an exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.code = exit_code


class WinnowCommand(click.Command):
    """A command whose --help can be piped into head or onto a full disk."""

    def make_context(self, *given: Any, **extra: Any) -> click.Context:
        """Read the command line. The options that print, --help and --version, do so in here."""
        with _explained_stdout():
            return super().make_context(*given, **extra)


class WinnowGroup(WinnowCommand, click.Group):
    """A group whose errors are all lines that begin with "winnow:", click's own included."""

    command_class = WinnowCommand

    # click has two overloads, for a standalone mode that is always off here.
    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run a command and exit with its code."""
        extra["standalone_mode"] = False
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 is no reason to stop
        try:
            code = super().main(args, prog_name or "winnow", **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            _end(error.format_message(), WRONG_USAGE)
        except click.UsageError as error:
            hint = f"\nTry: {error.ctx.command_path} --help" if error.ctx else ""
            _end(f"winnow: {error.format_message()}{hint}", WRONG_USAGE)
        except CommandFailure as error:
            _end(f"winnow: {error.format_message()}", error.code)
        except click.Abort:
            _end("winnow: Interrupted.", INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)


def _end(message: str, code: int) -> NoReturn:
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python would print a traceback if another came while it exits
    with suppress(OSError):  # nobody reads standard error; the code says it as well
        click.echo(message, err=True)
    sys.exit(code)


@contextmanager
def explained_failures() -> Iterator[None]:
    """Turn Winnow's errors into one line and the exit code that belongs to them."""
    try:
        yield
    except ArtefactError as error:
        raise CommandFailure(str(error), MODEL_UNUSABLE) from error
    except InputError as error:
        raise CommandFailure(str(error), PAGE_FAILED) from error
    except WinnowError as error:  # options, settings, folders
        raise CommandFailure(str(error), WRONG_USAGE) from error
    except OSError as error:
        place = printable(str(error.filename)) if error.filename else "A file"
        raise CommandFailure(f"{place} failed. {describe_os_error(error)}", PAGE_FAILED) from error


@contextmanager
def termination_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end a run as cleanly as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input for "-". Raises InputError or CommandFailure."""
    limit = Limits().max_page_bytes
    if name == "-":
        return sys.stdin.buffer.read(limit + 1) if sys.stdin else b""
    try:
        return read_page(name, limit)
    except InputError as error:
        raise InputError(f"{printable(name)}: {error}") from error
    except IsADirectoryError as error:
        message = f"{printable(name)} is a folder. To clean its pages: winnow batch IN OUT"
        raise CommandFailure(message, WRONG_USAGE) from error
    except OSError as error:
        message = f"{printable(name)} cannot be read. {describe_os_error(error)}"
        raise CommandFailure(message, WRONG_USAGE) from error


def write_output(answer: str, path: Path | None) -> None:
    """Write UTF-8, whatever the locale, to a file or to standard output. Raises CommandFailure."""
    content = (answer + "\n").encode() if answer else b""
    if path is None:
        _write_to_stdout(content)
        return
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # a device or a pipe, /dev/null for one, must not be replaced by a file
        else:
            write_atomically(path.resolve(), content)
    except OSError as error:
        message = f"{printable(str(path))} cannot be written. {describe_os_error(error)}"
        raise CommandFailure(message, PAGE_FAILED) from error


def _write_to_stdout(content: bytes) -> None:
    if sys.stdout is None:  # as Python has it where the shell closed it: >&-
        raise CommandFailure("Standard output is closed. Open it, or name a file with --output.", PAGE_FAILED)
    with _explained_stdout():
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


@contextmanager
def _explained_stdout() -> Iterator[None]:
    """Turn what writing to standard output runs into, click's own help too, into a line and an exit code."""
    try:
        yield
    except BrokenPipeError:
        # The reader, `head` perhaps, has had enough.
        _silence_stdout()
        sys.exit(PIPE_CLOSED)
    except OSError as error:
        _silence_stdout()
        raise CommandFailure(f"Standard output cannot be written. {describe_os_error(error)}", PAGE_FAILED) from error


def _silence_stdout() -> None:
    """Send what is still buffered nowhere; Python would complain of it again when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
