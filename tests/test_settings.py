"""Settings: typed, checked at start, and silent about what they hold."""

import pytest

from service.errors import SettingsError
from service.settings import Settings, read_settings


def test_nothing_set_gives_safe_defaults():
    settings = read_settings({})
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.redis_url is None


def test_empty_counts_as_not_set():
    assert read_settings({"PORT": "", "REDIS_URL": " ", "DATABASE_URL": ""}) == Settings()


def test_every_setting_is_read():
    settings = read_settings(
        {
            "DATABASE_URL": "postgresql+psycopg://u@h/d",
            "REDIS_URL": "rediss://h:1/2",
            "HOST": "0.0.0.0",
            "PORT": "80",
            "WEB_CONCURRENCY": "3",
            "LOG_LEVEL": "debug",
            "MAX_BODY_BYTES": "2000",
            "CACHE_TTL_S": "60",
        }
    )
    assert settings == Settings(
        "postgresql+psycopg://u@h/d", "rediss://h:1/2", "0.0.0.0", 80, 3, "DEBUG", 2000, 60
    )


def test_a_secret_of_sessions_may_have_former_ones_behind_it():
    assert read_settings({}).session_secret == ()
    first, second = "a" * 32, "b" * 40
    assert read_settings({"SESSION_SECRET": f"{first}, {second}"}).session_secret == (first, second)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_SECRET", "a" * 31),
        ("SESSION_SECRET", "a" * 32 + ",short"),
        ("PORT", "web"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("WEB_CONCURRENCY", "0"),
        ("MAX_BODY_BYTES", "1e6"),
        ("CACHE_TTL_S", "9" * 5000),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "postgres://h/d"),
        ("DATABASE_READ_URL", "sqlite:///replica.sqlite3"),
        ("DATABASE_READ_URL", "postgresql+psycopg://h/replica"),  # of an SQLite file there is none
        ("REDIS_URL", "http://h"),
        ("REDIS_URL", "redis://[bad"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_all_faults_are_told_at_once():
    with pytest.raises(SettingsError, match=r"PORT.*LOG_LEVEL|LOG_LEVEL.*PORT"):
        read_settings({"PORT": "x", "LOG_LEVEL": "y"})


def test_a_url_is_never_shown():
    secret = "mysql://user:hunter2@host/db"
    with pytest.raises(SettingsError) as caught:
        read_settings({"DATABASE_URL": secret})
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(read_settings({"REDIS_URL": "redis://:hunter2@host"}))


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({}, "locked"),
        ({"HOST": "localhost"}, "locked"),
        ({"HOST": "::1"}, "locked"),
        ({"HOST": "0.0.0.0"}, "locked"),
        ({"HOST": "::"}, "locked"),
        ({"HOST": "verbatim.example"}, "locked"),
        ({"ACCESS": "locked"}, "locked"),
        ({"ACCESS": "Open"}, "open"),
        ({"HOST": "::1", "ACCESS": "open"}, "open"),
    ],
)
def test_who_needs_no_key(environ, mode):
    assert read_settings(environ).access == mode


@pytest.mark.parametrize(
    "environ",
    [
        {"ACCESS": "open", "HOST": "0.0.0.0"},
        {"ACCESS": "none"},
        {"ACCESS": "auto"},
        {"ACCESS": "open-to-all"},
        {"CORS_ORIGINS": "*"},
        {"CORS_ORIGINS": "https://*.example.org"},
        {"CORS_ORIGINS": "https://cms.example.org/path"},
        {"CORS_ORIGINS": "cms.example.org"},
        {"RATE_LIMIT_KEY": "600/minute"},
        {"MAX_COMPUTING": "0"},
    ],
)
def test_what_would_let_too_many_in_is_refused(environ):
    with pytest.raises(SettingsError, match=next(iter(environ))):
        read_settings(environ)


OIDC = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "v", "OIDC_CLIENT_SECRET": "s"}


def test_the_secret_of_a_client_may_be_in_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    given = {
        **OIDC,
        "OIDC_CLIENT_SECRET": "",
        "OIDC_CLIENT_SECRET_FILE": str(file),
        "OIDC_ROLES": "a b=editor, it=admin",
    }
    settings = read_settings(given)
    assert settings.oidc_client_secret == "from a file"
    assert settings.oidc_roles == (("a b", "editor"), ("it", "admin"))
    assert "from a file" not in repr(settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"OIDC_ISSUER": "http://login.example"},
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_CLIENT_SECRET": ""},
        {"OIDC_CLIENT_SECRET_FILE": "/nowhere/at/all"},
        {"OIDC_ROLES": "news"},
        {"OIDC_ROLES": "news=owner"},
    ],
)
def test_half_a_provider_is_refused(wrong):
    with pytest.raises(SettingsError, match="OIDC_"):
        read_settings(OIDC | wrong)
