"""``fundwatch office``: keys are printed once, kept as digests, and end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.auth import keys
from api.auth.principal import Doorkeeper
from api.auth.secret import read_or_make
from api.auth.sessions import Sessions
from api.command import serve
from api.database import Database
from api.office_command import office
from contract.errors import ConfigurationError, Unauthenticated


class Desk:
    """The command over one ledger, and whether a key opens it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.sqlite"
        self.url = f"sqlite:///{self.path}"

    def run(self, *args: str) -> str:
        result = CliRunner().invoke(office, [*args, "--database", self.url])
        if result.exception is not None:
            raise result.exception
        return result.stdout.strip()

    def opens(self, key: str) -> bool:
        database = Database(self.url)
        secret = read_or_make(Path(str(self.path) + ".secret"))
        try:
            Doorkeeper(database, secret, Sessions(secret, 1)).by_key(key)
        except Unauthenticated:
            return False
        finally:
            database.close()
        return True


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_added_office_gets_a_key_that_opens_and_is_stored_nowhere(desk: Desk) -> None:
    key = desk.run("add", "--kind", "pboc", "--region", "341300")
    assert desk.opens(key)
    parsed = keys.parse(key)
    assert parsed is not None
    assert len(parsed.secret) == 43
    for file in desk.path.parent.iterdir():
        assert parsed.secret.encode() not in file.read_bytes()
    assert "PBOC-3413\tpboc\tcity\t341300" in desk.run("list")


def test_rotating_gives_a_new_key_and_ends_the_old_one_after_its_time(desk: Desk) -> None:
    old = desk.run("add", "LEAD-341302", "--kind", "lead", "--region", "341302")
    new = desk.run("rotate", "LEAD-341302")
    assert desk.opens(old)
    assert desk.opens(new)
    newest = desk.run("rotate", "LEAD-341302", "--keep-hours", "0")
    assert [desk.opens(key) for key in (old, new, newest)] == [False, False, True]


def test_revoking_ends_all_keys_or_one(desk: Desk) -> None:
    first = desk.run("add", "o", "--kind", "nfra", "--region", "340000")
    second = desk.run("rotate", "o")
    parsed = keys.parse(first)
    assert parsed is not None
    desk.run("revoke", "o", "--key", parsed.key_id)
    assert [desk.opens(key) for key in (first, second)] == [False, True]
    desk.run("revoke", "o")
    assert not desk.opens(second)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("add", "--kind", "csrc", "--region", "341300"), "levels"),
        (("add", "--kind", "pboc", "--region", "999999"), "--region"),
        (("rotate", "nobody"), "no office"),
        (("revoke", "nobody"), "no office"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(desk: Desk, args: tuple[str, ...], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as refused:
        desk.run(*args)
    assert "\n" not in str(refused.value)


def test_an_office_is_added_once(desk: Desk) -> None:
    desk.run("add", "o", "--kind", "pboc", "--region", "341300")
    with pytest.raises(ConfigurationError, match="exists"):
        desk.run("add", "o", "--kind", "pboc", "--region", "341300")


def test_a_secret_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    read_or_make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="600"):
        read_or_make(path)
    path.chmod(0o600)
    path.write_text("abc")
    with pytest.raises(ConfigurationError, match="hexadecimal"):
        read_or_make(path)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--database", "mysql://user:word@host/x"), "--database"),
        (("--database", "postgresql://user:word@host:port/x"), "--database"),
        (("--database", "sqlite:///:memory:"), "--database"),
        (("--port", "70000"), "--port"),
    ],
)
def test_serve_refuses_wrong_settings_without_repeating_them(args: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(serve, list(args))
    assert isinstance(result.exception, ConfigurationError)
    assert says in str(result.exception)
    assert "word" not in str(result.exception)
