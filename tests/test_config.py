"""Settings: read once, every fault named."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from organizer import config as config_module
from organizer.config import Config, ConfigError, lasting_secret

PRODUCTION = {"ORGANIZER_SECRET_KEY": "s" * 40, "ORGANIZER_BASE_URL": "https://enishi.example"}


def test_production_is_the_default_and_wants_its_secret_and_address() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_environ({})
    assert len(caught.value.faults) == 2
    assert "ORGANIZER_SECRET_KEY" in str(caught.value)
    assert "ORGANIZER_BASE_URL" in str(caught.value)


def test_production_runs_with_both() -> None:
    config = Config.from_environ(PRODUCTION)
    assert (config.env, config.https, config.development) == ("production", True, False)


def test_production_needs_https_where_others_can_reach_it() -> None:
    with pytest.raises(ConfigError, match="needs https"):
        Config.from_environ(PRODUCTION | {"ORGANIZER_BASE_URL": "http://enishi.example"})
    assert not Config.from_environ(PRODUCTION | {"ORGANIZER_BASE_URL": "http://localhost:8000"}).https


def test_all_faults_are_named_at_once() -> None:
    faulty = {
        "ORGANIZER_ENV": "staging",
        "PORT": "eighty",
        "ORGANIZER_DATABASE_URL": "mysql://x",
        "ORGANIZER_SECRET_KEY": "short",
        "ORGANIZER_BASE_URL": "enishi.example",
        "ORGANIZER_TRUSTED_PROXIES": "-1",
        "ORGANIZER_SMTP_URL": "http://mail",
        "ORGANIZER_REDIS_URL": "localhost",
        "ORGANIZER_NOW": "noon",
    }
    with pytest.raises(ConfigError) as caught:
        Config.from_environ(faulty)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(faulty)
    assert all(any(line.startswith(name) for line in lines) for name in faulty)


def test_the_secret_is_never_printed() -> None:
    assert "s" * 40 not in repr(
        Config.from_environ(PRODUCTION | {"ORGANIZER_SMTP_URL": "smtp://u:geheim@mail"})
    )
    assert "geheim" not in repr(
        Config.from_environ(PRODUCTION | {"ORGANIZER_SMTP_URL": "smtp://u:geheim@mail"})
    )


def test_the_clock_is_moved_in_tests_alone() -> None:
    with pytest.raises(ConfigError, match="ORGANIZER_NOW"):
        Config.from_environ(PRODUCTION | {"ORGANIZER_NOW": "+1d"})
    assert Config.from_environ(PRODUCTION | {"ORGANIZER_ENV": "test", "ORGANIZER_NOW": "+1d"}).now == "+1d"


def test_development_keeps_a_secret_of_its_own(tmp_path: Path) -> None:
    environ = {"ORGANIZER_ENV": "development", "ORGANIZER_DATA_DIR": str(tmp_path / "var")}
    first, second = Config.from_environ(environ), Config.from_environ(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: lasting_secret(tmp_path / "var"), range(64)))
    assert len(secrets) == 1


def test_the_readme_lists_every_setting_with_its_default() -> None:
    """The table in the README and the names that are read agree, in both directions."""
    root = Path(__file__).parent.parent
    table = re.findall(
        r"^\| `([A-Z_]+)` \|.*\| (.*) \|$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    source = Path(config_module.__file__).read_text(encoding="utf-8")
    assert {name for name, _ in table} == set(re.findall(r'"(PORT|ORGANIZER_[A-Z_]+)"', source))
    told, plain = dict(table), Config.from_environ(PRODUCTION)
    assert told["PORT"] == str(plain.port)
    assert told["ORGANIZER_ENV"] == f"`{plain.env}`"
    assert told["ORGANIZER_DATA_DIR"] == f"`{plain.data_dir.name}`"
    assert told["ORGANIZER_TRUSTED_PROXIES"] == str(plain.trusted_proxies)
