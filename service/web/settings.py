"""The service's settings: defaults, then WINNOW_ environment variables, then flags of `winnow serve`."""

from __future__ import annotations

import ipaddress
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from model.errors import WinnowError
from service.memorylimit import PAGE_MEMORY_MB
from service.web.ratelimit import MAX_PER_MINUTE


class SettingError(WinnowError):
    """A setting has a value that cannot be used."""

    code = "bad-setting"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs. `Settings.from_environment` is the way to make one from outside values."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    max_body_bytes: int = 30_000_000
    timeout_s: int = 30
    page_memory_mb: int = PAGE_MEMORY_MB
    graceful_timeout_s: int = 30
    max_requests: int = 10_000
    model: Path | None = None
    keys_file: Path | None = None
    rate_limit: int = 0
    allowed_hosts: tuple[str, ...] = ()
    corrections: Path | None = None
    akismet: Literal["off", "on", "shadow"] = "off"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **flags: Any) -> Settings:
        """Read WINNOW_… variables; a flag that is not None comes before its variable.

        Raises SettingError, which names the variable or flag, its value and what is allowed. A WINNOW_… variable
        that is no setting is refused as well: most likely it is a misspelt one.
        """
        _refuse_unknown(environment)
        from joblib import cpu_count  # it knows the limits of containers, and takes long to import

        values: dict[str, Any] = {"workers": cpu_count()}
        sources: dict[str, str] = {}
        for setting in SETTINGS:
            given, source = flags.get(setting.name), setting.flag
            if given is None:
                given, source = environment.get(setting.variable), setting.variable
            if given is not None and given != "":
                values[setting.name] = setting.read(source, str(given))
                sources[setting.name] = source
        settings = cls(**values)
        if not settings.is_loopback and settings.keys_file is None:
            raise SettingError(
                f"{sources['host']} cannot be {settings.host!r} without keys: whoever reaches it could use it. Make a "
                "key with winnow key NAME --file FILE and set WINNOW_KEYS_FILE to FILE, or stay on 127.0.0.1."
            )
        if settings.akismet != "off" and settings.corrections is None:
            raise SettingError(
                f"{sources['akismet']} cannot be {settings.akismet!r} without a file for what callers report. Set "
                "WINNOW_CORRECTIONS to one; it is made if it is not there."
            )
        if settings.akismet != "off" and settings.corrections is not None:
            _try_corrections(sources["corrections"], settings.corrections)
        return settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings' reference: `winnow serve --help` and the documentation print it."""

    name: str
    help: str
    read: Callable[[str, str], object]
    default: str

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"WINNOW_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """Its flag of `winnow serve`."""
        return f"--{self.name.replace('_', '-')}"


_SERVICE_LINK = re.compile(r"WINNOW_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP)(?:_\w+)?)")
"""Kubernetes sets these in every container beside a Service named winnow. It sets WINNOW_PORT as well, to an address:
that is refused below, and `enableServiceLinks: false` avoids it."""


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [setting.variable for setting in SETTINGS]
    for name in sorted(environment):
        if name.startswith("WINNOW_") and name not in known and not _SERVICE_LINK.fullmatch(name):
            meant = "".join(
                f" Did you mean {near}?" for near in get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            )
            raise SettingError(f"{ascii(name)[1:-1]} is no setting.{meant} Unset it; winnow serve --help lists all.")


def _address(source: str, value: str) -> str:
    if value == "localhost":
        return value
    try:
        return str(ipaddress.ip_address(value.strip("[]")))
    except ValueError as error:
        detail = "Use an IP address of this machine, 0.0.0.0 for all it has, or localhost."
        raise SettingError(f"{source} cannot be {value!r}. {detail}") from error


def _whole_number(least: int, most: int) -> Callable[[str, str], int]:
    def read(source: str, value: str) -> int:
        # isdecimal alone would let other scripts' digits and endless ones through
        if value.isascii() and value.isdecimal() and len(value) < 12 and least <= int(value) <= most:
            return int(value)
        raise SettingError(f"{source} cannot be {value!r}. Use a whole number from {least:,} to {most:,}.")

    return read


def _folder(source: str, value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise SettingError(f"{source} cannot be {value!r}. There is no such folder.")
    return path


def _corrections_file(source: str, value: str) -> Path:
    path = Path(value)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise SettingError(f"{source} cannot be {value!r}. Name a file in a folder that exists.")
    return path


def _try_corrections(source: str, path: Path) -> None:
    """Make the tables: a worker that cannot would end the service with its place in the code."""
    from service.web.feedback import FeedbackStore

    try:
        FeedbackStore(path)
    except sqlite3.Error as error:
        detail = f"SQLite cannot write it: {error}. Name a file of its own in a folder that can be written to."
        raise SettingError(f"{source} cannot be {str(path)!r}. {detail}") from error


def _one_of(*allowed: str) -> Callable[[str, str], str]:
    def read(source: str, value: str) -> str:
        if value in allowed:
            return value
        raise SettingError(f"{source} cannot be {value!r}. Use one of: {', '.join(allowed)}.")

    return read


def _keys_file(source: str, value: str) -> Path:
    """A file with at least one key: a service that nobody may use is a slip."""
    from service.web.keys import KeysFileError, read_keys  # it logs, and so brings Flask along

    path = Path(value)
    try:
        if read_keys(path):
            return path
    except KeysFileError as error:
        raise SettingError(f"{source} cannot be {value!r}. {error}") from error
    raise SettingError(f"{source} cannot be {value!r}. It has no key. Make one: winnow key NAME --file {value}")


def _host_names(source: str, value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower().strip("[]") for name in value.split(","))
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise SettingError(
                f"{source} cannot be {value!r}. {name!r} is not a host name. Use names without scheme and port, "
                "parted by commas; *.example.org stands for every name below example.org."
            )
    return names


_HOST_NAME = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name in lower case, or an IPv6 address. Names of other scripts stand here as browsers send them: xn--…"""


SETTINGS = (
    Setting("host", "IP address to answer on; all but loopback need keys", _address, "127.0.0.1"),
    Setting("port", "TCP port, 0 for any free one", _whole_number(0, 65_535), "8000"),
    Setting("workers", "worker processes, each with its own model", _whole_number(1, 256), "one per core"),
    Setting("max_body_bytes", "bytes of a request body", _whole_number(1_000, 1_000_000_000), "30000000"),
    Setting("timeout_s", "seconds a page may take", _whole_number(1, 3_600), "30"),
    Setting(
        "page_memory_mb",
        "megabytes a page may need beside the model, 0 for any number",
        _whole_number(0, 1_000_000),
        str(PAGE_MEMORY_MB),
    ),
    Setting(
        "graceful_timeout_s", "seconds that requests under way may take after SIGTERM", _whole_number(1, 3_600), "30"
    ),
    Setting("max_requests", "requests after which a worker is replaced, 0 for never", _whole_number(0, 10**9), "10000"),
    Setting("model", "folder of the model", _folder, "the shipped model"),
    Setting("keys_file", "file of the API keys that callers must have", _keys_file, "no keys"),
    Setting("rate_limit", "requests a minute for each key, 0 for any number", _whole_number(0, MAX_PER_MINUTE), "0"),
    Setting("allowed_hosts", "host names to answer to, parted by commas", _host_names, "loopback's, or any"),
    Setting("corrections", "SQLite file that keeps what callers report, for make train", _corrections_file, "no file"),
    Setting(
        "akismet",
        "answer as Akismet's API does: off, on, or shadow, which lets all through and only records",
        _one_of("off", "on", "shadow"),
        "off",
    ),
)
"""Every setting, in the order in which it is documented."""
