"""Migrations follow each other in one line, whoever added the last one."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from api.database import MIGRATIONS


def test_migrations_have_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
