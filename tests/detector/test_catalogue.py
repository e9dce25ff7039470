"""What a configuration may say: every wrong word is named in one line, every change gives the catalogue another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.errors import ConfigurationError
from detector.catalogue import RiverModel, load_catalogue


def configured(path: Path, text: str) -> Path:
    """A configuration file of ``text``."""
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[nothing]\nx = 1\n", "nothing"),
        ('off = ["nothing"]\n', "nothing"),
        ("[typology.pass_through]\nnothing = 1\n", "nothing"),
        ('[typology.pass_through]\nleast_inflow_minor = "x"\n', "least_inflow_minor"),
        ("[decision]\nlegal_persons = -1\n", "legal_persons"),
        ("[stream]\nlateness_days = 4\n", "duplicate_window_days"),
        ("[links]\nuse_devices = 1\n", "true or false"),
        ("[links]\nleast_device_days = 0\n", "at least 1"),
        ("[links]\nleast_device_days = true\n", "whole number"),
        ('[[river]]\nname = "Nothing"\n', "Nothing"),
        ('[[river]]\nname = "LODA"\nparameters = { n_bin = 3 }\n', "n_bin"),
        ('[[river]]\nname = "LODA"\nparameters = { seed = "x" }\n', "numbers"),
        ("[[river]]\nparameters = {}\n", "name"),
        ('[[river]]\nname = "LODA"\n[[river]]\nname = "LODA"\n', "twice"),
    ],
)
def test_what_cannot_be_configured_is_named_in_one_line(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=named) as refused:
        load_catalogue(configured(tmp_path / "c.toml", text))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        'off = ["night_activity"]\n',
        "[typology.pass_through]\nleast_inflow_minor = 1\n",
        "[decision]\nlegal_persons = 151\n",
        "[models]\nheight = 7\n",
        '[[river]]\nname = "LODA"\n',
    ],
)
def test_every_change_gives_another_name_and_none_the_same(text: str, tmp_path: Path) -> None:
    changed = load_catalogue(configured(tmp_path / "c.toml", text))
    assert changed.name != load_catalogue().name == load_catalogue(configured(tmp_path / "empty.toml", "")).name


def test_rivers_detectors_are_taken_with_their_arguments(tmp_path: Path) -> None:
    text = '[[river]]\nname = "LODA"\nparameters = { seed = 1 }\n[[river]]\nname = "OneClassSVM"\n'
    found = load_catalogue(configured(tmp_path / "c.toml", text)).river
    assert found == (RiverModel("LODA", {"seed": 1}), RiverModel("OneClassSVM", {}))
