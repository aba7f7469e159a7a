"""One list of settings: the environment wins over the file, errors name the variable, nothing shows a secret."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields

import pytest

from bot.errors import SettingsUnusable
from bot.settings import Basics, Channel, Hub, Settings, read_basics, read_settings


def test_nothing_set_gives_the_defaults():
    assert read_settings({}) == Settings()


def test_the_environment_wins_over_the_file_hub_by_hub(tmp_path):
    file = tmp_path / "hubmedic.toml"
    file.write_text('kb = "from-file"\nport = 8080\n[hubs.Lab]\nhost = "lab.example"\n', encoding="utf-8")
    settings = read_settings(
        {
            "HUBMEDIC_CONFIG": str(file),
            "HUBMEDIC_KB": "from-environment",
            "HUBMEDIC_HUBS__LAB__CONNECTION_STRING": "HostName=lab",
            "HUBMEDIC_HUBS__PLANT__HOST": "plant.example",
        }
    )
    assert (settings.kb, settings.port) == ("from-environment", 8080)
    assert settings.hubs == {"lab": Hub("HostName=lab", "lab.example"), "plant": Hub(host="plant.example")}


def test_channels_and_admins_come_from_the_file_alone(tmp_path):
    file = tmp_path / "hubmedic.toml"
    file.write_text(
        'admins = ["U1"]\n[channels.C1]\nmode = "auto"\nmay_check = ["*"]\nthreshold = 0.7\n',
        encoding="utf-8",
    )
    settings = read_settings(
        {"HUBMEDIC_CONFIG": str(file), "HUBMEDIC_ADMINS": '["U2"]', "HUBMEDIC_CHANNELS": "{}"}
    )
    assert settings.admins == ("U1",)
    assert settings.channels == {"C1": Channel(mode="auto", may_check=("*",), threshold=0.7)}


def test_an_empty_variable_counts_as_unset():
    assert read_settings({"PORT": "", "HUBMEDIC_KB": "", "HUBMEDIC_LOG_LEVEL": "info"}) == Settings(
        log_level="info"
    )


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({"PORT": "s3cret"}, "PORT"),
        ({"PORT": "99999"}, "PORT"),
        ({"HUBMEDIC_RETENTION_DAYS": "0"}, "HUBMEDIC_RETENTION_DAYS"),
        ({"HUBMEDIC_LOG_LEVEL": "s3cret"}, "HUBMEDIC_LOG_LEVEL"),
        ({"HUBMEDIC_LOG_FORMAT": "s3cret"}, "HUBMEDIC_LOG_FORMAT"),
        ({"HUBMEDIC_LOCALE": "s3cret s3cret"}, "HUBMEDIC_LOCALE"),
        ({"SLACK_API_BASE_URL": "http://s3cret.example/"}, "SLACK_API_BASE_URL"),
        ({"HUBMEDIC_HUBS__LAB": "s3cret"}, "HUBMEDIC_HUBS__LAB"),
        ({"HUBMEDIC_HUBS__LAB__KEY": "s3cret"}, "HUBMEDIC_HUBS__LAB__KEY"),
        ({"HUBMEDIC_HUBS": "s3cret"}, "HUBMEDIC_HUBS"),
    ],
)
def test_a_value_that_cannot_be_right_is_told_by_its_variable_never_by_itself(environment, variable):
    with pytest.raises(SettingsUnusable) as caught:
        read_settings(environment)
    assert variable in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert (
        caught.value.__cause__ is None
        or "s3cret" not in str(caught.value.__cause__)
        or environment.get("HUBMEDIC_LOCALE")
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kb = [", ":1: not valid TOML"),
        ("colour = 'red'", "there is no setting colour"),
        ("[channels.C1]\nmode = 'shout'", "channels.C1.mode must be one of mention, auto, off"),
        ("[channels.C1]\nmood = 'good'", "there is no setting channels.C1.mood"),
        ("admins = 5", "admins has a value of the wrong kind"),
    ],
)
def test_a_settings_file_that_cannot_be_right_is_told_by_place_or_name(tmp_path, text, told):
    file = tmp_path / "hubmedic.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsUnusable) as caught:
        read_settings({"HUBMEDIC_CONFIG": str(file)})
    assert told in str(caught.value)


def test_a_settings_file_that_is_missing_says_what_to_set(tmp_path):
    with pytest.raises(SettingsUnusable, match="set HUBMEDIC_CONFIG"):
        read_settings({"HUBMEDIC_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(
    "url",
    ["https://slack.example/api/", "http://127.0.0.1:5000/api/", "http://localhost:1/", "http://[::1]:2/"],
)
def test_another_place_for_slack_is_https_or_this_machine(url):
    assert read_settings({"SLACK_API_BASE_URL": url}).slack_api_base_url == url


def test_no_secret_shows_in_what_python_prints_of_the_settings():
    secrets = {
        one.metadata["variable"]: f"s3cret-{one.name}"
        for one in fields(Settings)
        if one.metadata.get("variable") and not one.repr
    }
    settings = read_settings({**secrets, "HUBMEDIC_HUBS__LAB__CONNECTION_STRING": "s3cret-hub"})
    assert "DATABASE_URL" in secrets
    assert settings.hubs["lab"].connection_string == "s3cret-hub"
    assert "s3cret" not in repr(settings)


def test_plain_text_settings_are_read_without_pydantic():
    code = (
        "import sys; from bot.settings import read_settings; read_settings({'HUBMEDIC_KB': 'x', 'DATABASE_URL': 'y'}); "
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_question_reads_file_and_environment_as_the_whole_settings_do(tmp_path):
    file = tmp_path / "hubmedic.toml"
    file.write_text('locale = "fr"\nkb = "docs"\n[hubs.lab]\nhost = "lab.azure-devices.net"\n')
    environment = {"HUBMEDIC_CONFIG": str(file), "HUBMEDIC_KB": "index"}
    basics, settings = read_basics(environment), read_settings(environment)
    assert (basics.locale, basics.kb) == ("fr", "index")
    assert all(getattr(basics, one.name) == getattr(settings, one.name) for one in fields(Basics))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('lokale = "fr"', "there is no setting lokale"),
        ("locale = 3", "HUBMEDIC_LOCALE has a value of the wrong kind"),
        ('locale = "not a tag"', "HUBMEDIC_LOCALE is not a language tag"),
        ("locale =", ":1: not valid TOML"),
    ],
)
def test_a_question_tells_what_is_wrong_with_what_it_reads(tmp_path, text, told):
    file = tmp_path / "hubmedic.toml"
    file.write_text(text)
    with pytest.raises(SettingsUnusable, match=told):
        read_basics({"HUBMEDIC_CONFIG": str(file)})


def test_a_question_is_answered_though_a_setting_it_does_not_need_is_wrong():
    assert read_basics({"PORT": "many", "HUBMEDIC_HUBS__LAB__CONECTION_STRING": "x"}) == Basics()


def test_hubs_and_a_settings_file_cost_a_question_no_pydantic(tmp_path):
    file = tmp_path / "hubmedic.toml"
    file.write_text('locale = "fr"\n[channels.C1]\nmode = "auto"\n')
    code = (
        "import sys; from bot.settings import read_basics; read_basics();"
        "print(*(m for m in sys.modules if m.startswith('pydantic')))"
    )
    environment = os.environ | {
        "HUBMEDIC_CONFIG": str(file),
        "HUBMEDIC_HUBS__LAB__HOST": "lab.azure-devices.net",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
