"""Settings: where they come from, and the one clear line when a value is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from service.web.keys import add_key
from service.web.settings import SETTINGS, SettingError, Settings


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    add_key(tmp_path / "keys", "crawler")
    return tmp_path / "keys"


def test_without_environment_the_defaults_hold() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.workers >= 1


def test_a_flag_comes_before_the_environment() -> None:
    environment = {"WINNOW_PORT": "9000", "WINNOW_TIMEOUT_S": "5"}
    settings = Settings.from_environment(environment, port="9001", timeout_s=None)
    assert (settings.port, settings.timeout_s) == (9001, 5)


def test_an_empty_variable_is_as_if_unset() -> None:
    assert Settings.from_environment({"WINNOW_PORT": ""}).port == 8000


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_hosts_are_taken(host: str) -> None:
    assert Settings.from_environment({"WINNOW_HOST": host}).host == host.strip("[]")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WINNOW_HOST", "0.0.0.0"),
        ("WINNOW_HOST", "192.168.1.4"),
        ("WINNOW_HOST", "example.org"),
        ("WINNOW_PORT", "80a"),
        ("WINNOW_PORT", "-1"),
        ("WINNOW_PORT", "70000"),
        ("WINNOW_PORT", "٣"),
        ("WINNOW_WORKERS", "0"),
        ("WINNOW_MAX_BODY_BYTES", "9" * 5_000),
        ("WINNOW_TIMEOUT_S", "1.5"),
        ("WINNOW_MODEL", "/nowhere/at/all"),
        ("WINNOW_KEYS_FILE", "/nowhere/at/all"),
        ("WINNOW_RATE_LIMIT", "100001"),
        ("WINNOW_ALLOWED_HOSTS", "https://example.org"),
        ("WINNOW_ALLOWED_HOSTS", "example.org:8000"),
        ("WINNOW_ALLOWED_HOSTS", "example.org,,"),
        ("WINNOW_ALLOWED_HOSTS", "*"),
        ("WINNOW_ALLOWED_HOSTS", "a.*.org"),
    ],
)
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{variable} cannot be"):
        Settings.from_environment({variable: value})


@pytest.mark.parametrize(
    ("name", "meant"),
    [("WINNOW_TIMEOUT", "WINNOW_TIMEOUT_S"), ("WINNOW_KEY_FILE", "WINNOW_KEYS_FILE"), ("WINNOW_port", "WINNOW_PORT")],
)
def test_a_misspelt_variable_is_refused_with_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} is no setting\. Did you mean {meant}\? Unset it"):
        Settings.from_environment({name: ""})


def test_what_kubernetes_sets_for_a_service_named_winnow_is_no_misspelt_setting() -> None:
    links = {
        "WINNOW_SERVICE_HOST": "10.0.0.7",
        "WINNOW_SERVICE_PORT": "80",
        "WINNOW_SERVICE_PORT_HTTP": "80",
        "WINNOW_PORT_80_TCP_ADDR": "10.0.0.7",
        "WINNOW_PORT_80_TCP": "tcp://10.0.0.7:80",
    }
    assert Settings.from_environment(links) == Settings.from_environment({})


def test_an_unknown_variable_is_refused_and_those_of_others_are_not() -> None:
    with pytest.raises(SettingError, match=r"^WINNOW_COLOUR is no setting\. Unset it; winnow serve --help"):
        Settings.from_environment({"WINNOW_COLOUR": "red"})
    assert Settings.from_environment({"WINNOWING": "1", "PORT": "9000"}).port == 8000


def test_a_wrong_flag_is_named_as_a_flag() -> None:
    with pytest.raises(SettingError, match=r"^--timeout-s cannot be"):
        Settings.from_environment({}, timeout_s="soon")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "[2001:db8::1]"])
def test_an_address_that_others_reach_needs_keys(host: str, keys_file: Path) -> None:
    with pytest.raises(SettingError, match=r"^WINNOW_HOST cannot be .* set WINNOW_KEYS_FILE"):
        Settings.from_environment({"WINNOW_HOST": host})
    settings = Settings.from_environment({"WINNOW_HOST": host}, keys_file=str(keys_file))
    assert (settings.host, settings.is_loopback) == (host.strip("[]"), False)


def test_keys_do_not_make_a_name_an_address(keys_file: Path) -> None:
    with pytest.raises(SettingError, match=r"^--host cannot be 'example.org'\. Use an IP address"):
        Settings.from_environment({}, host="example.org", keys_file=str(keys_file))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "It has no key"),
        ("# only a comment\n\n", "It has no key"),
        ("# one\nhunter2-secret\n", "Line 2 of the keys file"),
    ],
)
def test_a_keys_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content)
    with pytest.raises(SettingError, match=f"^WINNOW_KEYS_FILE cannot be .*{words}") as refusal:
        Settings.from_environment({"WINNOW_KEYS_FILE": str(path)})
    assert "hunter2" not in str(refusal.value)


def test_host_names_are_a_list_in_lower_case() -> None:
    settings = Settings.from_environment({"WINNOW_ALLOWED_HOSTS": "Winnow.example.org, *.lan ,[::1]"})
    assert settings.allowed_hosts == ("winnow.example.org", "*.lan", "::1")


def test_the_model_folder_is_a_path(tmp_path: Path) -> None:
    assert Settings.from_environment({"WINNOW_MODEL": str(tmp_path)}).model == tmp_path


def test_every_setting_is_documented() -> None:
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields(Settings)]
    assert all(setting.help and setting.default for setting in SETTINGS)


def test_a_corrections_file_that_cannot_be_written_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("This is no database, but somebody's notes.\n" * 50)
    environment = {"WINNOW_AKISMET": "on", "WINNOW_CORRECTIONS": str(tmp_path / "notes.txt")}
    with pytest.raises(SettingError, match=r"WINNOW_CORRECTIONS cannot be .*file is not a database\. Name a file"):
        Settings.from_environment(environment)
