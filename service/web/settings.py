"""The service's settings: defaults, then WINNOW_ environment variables, then flags of `winnow serve`."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import WinnowError


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
    model: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **flags: Any) -> Settings:
        """Read WINNOW_… variables; a flag that is not None comes before its variable.

        Raises SettingError, which names the variable or flag, its value and what is allowed.
        """
        from joblib import cpu_count  # it knows the limits of containers, and takes long to import

        values: dict[str, Any] = {"workers": cpu_count()}
        for setting in SETTINGS:
            given, source = flags.get(setting.name), setting.flag
            if given is None:
                given, source = environment.get(setting.variable), setting.variable
            if given is not None and given != "":
                values[setting.name] = setting.read(source, str(given))
        return cls(**values)


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


def _loopback_host(source: str, value: str) -> str:
    """A loopback address: the service asks for no key, so only this machine may reach it."""
    if value == "localhost":
        return value
    try:
        address = ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise SettingError(
            f"{source} cannot be {value!r}. Winnow answers without a key, so only on this machine. "
            "Use 127.0.0.1, ::1 or localhost, and a reverse proxy to reach it from elsewhere."
        )
    return str(address)


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


SETTINGS = (
    Setting("host", "loopback address to answer on", _loopback_host, "127.0.0.1"),
    Setting("port", "TCP port, 0 for any free one", _whole_number(0, 65_535), "8000"),
    Setting("workers", "worker processes, each with its own model", _whole_number(1, 256), "one per core"),
    Setting("max_body_bytes", "bytes of a request body", _whole_number(1_000, 1_000_000_000), "30000000"),
    Setting("timeout_s", "seconds a request may take", _whole_number(1, 3_600), "30"),
    Setting("model", "folder of the model", _folder, "the shipped model"),
)
"""Every setting, in the order in which it is documented."""
