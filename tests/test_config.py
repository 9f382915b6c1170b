"""The configuration: what is read, in which order sources win, and how faults are named."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.config import Config, ConfigurationError, example_config, load_config, write_first_config
from governance.config.model import Database, GoogleSignIn, Site, Smtp
from governance.config.sources import known_keys
from governance.domain.errors import ConfigurationFault

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
KEY = "k" * 32


def config_of(folder: Path, text: str = "", environ: Mapping[str, str] | None = None) -> Config:
    path = folder / "config.toml"
    path.write_text(f'site.secret_key = "{KEY}"\n{text}', encoding="utf-8")
    return load_config(path, environ or {})


def faults_of(folder: Path, text: str = "", environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        config_of(folder, text, environ)
    return [str(fault) for fault in refused.value.faults]


class TestWhatIsRead:
    def test_a_file_with_nothing_but_the_key_gives_the_defaults(self, tmp_path: Path) -> None:
        config = config_of(tmp_path)

        defaults = Config(path=tmp_path / "config.toml", site=Site(secret_key=KEY))
        database = Database(url=f"sqlite:///{tmp_path}/governance.db")
        mail = dataclasses.replace(defaults.mail, folder=tmp_path / "mail")
        assert config == dataclasses.replace(defaults, database=database, mail=mail)

    def test_every_table_of_the_file_is_read(self, tmp_path: Path) -> None:
        config = config_of(
            tmp_path,
            """
            mail.sender = "Board <board@example.com>"
            mail.transport = "smtp"
            [web]
            port = 9000
            [mail.smtp]
            host = "smtp.example.com"
            password = " spaces count "
            [sign_in.google]
            client_id = "id"
            client_secret = "secret"
            """,
        )

        assert config.web.port == 9000
        assert config.mail.smtp == Smtp(host="smtp.example.com", password=" spaces count ")
        assert config.sign_in.google == GoogleSignIn(client_id="id", client_secret="secret")

    def test_an_empty_text_means_the_same_as_leaving_it_out(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, 'google.api_root = ""\ngoogle.subject = ""\nsign_in.google.client_id = ""')

        assert config == config_of(tmp_path)

    def test_addresses_and_domains_are_folded_and_come_once(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, 'site.admins = [" Ops@Example.com", "ops@example.com"]\nsite.domains = ["A.Com"]')

        assert config.site.admins == ("ops@example.com",)
        assert config.site.domains == ("a.com",)

    def test_a_byte_order_mark_is_no_part_of_the_first_key(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_text(f'site.secret_key = "{KEY}"', encoding="utf-8-sig")

        assert load_config(path, {}).site.secret_key == KEY

    def test_the_values_cannot_be_changed(self, tmp_path: Path) -> None:
        config = config_of(tmp_path)

        with pytest.raises(dataclasses.FrozenInstanceError):
            config.web.port = 1  # type: ignore[misc]


class TestWhichFile:
    def test_the_path_given_comes_first_then_the_environment_then_the_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("given", "environment", "config"):
            (tmp_path / f"{name}.toml").write_text(f'site = {{secret_key = "{KEY}", name = "{name}"}}')
        monkeypatch.chdir(tmp_path)
        environ = {"GOVERNANCE_CONFIG": "environment.toml"}

        found = [
            load_config(Path("given.toml"), environ).site.name,
            load_config(None, environ).site.name,
            load_config(None, {}).site.name,
        ]

        assert found == ["given", "environment", "config"]

    def test_a_missing_file_is_answered_with_how_to_make_one(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"^Run `governance init` .*: there is no .*config\.toml\.$"):
            load_config(tmp_path / "config.toml", {})

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"[site\n", r"^Correct the TOML of .*line 1"),
            (b'site.name = "M\xfcnchen"', r"^Save .* as UTF-8: byte 15"),
        ],
    )
    def test_a_file_that_is_no_toml_is_named_with_the_place(
        self, content: bytes, sentence: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "config.toml"
        path.write_bytes(content)

        with pytest.raises(ConfigurationError, match=sentence):
            load_config(path, {})

    def test_a_folder_in_its_place_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"^Let this account read "):
            load_config(tmp_path, {})


class TestPaths:
    def test_paths_begin_at_the_file_and_not_where_the_command_was_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = 'google.credentials = "keys/robot.json"\ndatabase.url = "sqlite:///data/g.db?timeout=5"'
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")

        config = config_of(tmp_path, text)

        assert config.google.credentials == tmp_path / "keys/robot.json"
        assert config.database.url == f"sqlite:///{tmp_path}/data/g.db?timeout=5"

    def test_an_absolute_path_stays(self, tmp_path: Path) -> None:
        config = config_of(tmp_path, 'google.credentials = "/etc/robot.json"\ndatabase.url = "sqlite:////var/g.db"')

        assert config.google.credentials == Path("/etc/robot.json")
        assert config.database.url == "sqlite:////var/g.db"

    @pytest.mark.parametrize("url", ["postgresql://me@db/governance", "postgresql+psycopg://me@/g?host=/run/pg"])
    def test_a_postgresql_address_stays_as_it_is(self, url: str, tmp_path: Path) -> None:
        assert config_of(tmp_path, f'database.url = "{url}"').database.url == url


class TestEnvironment:
    def test_the_environment_wins_over_the_file(self, tmp_path: Path) -> None:
        environ = {"GOVERNANCE_WEB__PORT": "9001", "GOVERNANCE_SIGN_IN__LINK": "false"}

        config = config_of(tmp_path, "web.port = 9000", environ)

        assert (config.web.port, config.sign_in.link) == (9001, False)

    def test_it_mends_a_fault_of_the_file(self, tmp_path: Path) -> None:
        assert config_of(tmp_path, 'web.port = "x"', {"GOVERNANCE_WEB__PORT": "9001"}).web.port == 9001

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("tiger", "tiger"),
            ('"tiger"', "tiger"),
            ("123456", "123456"),
            ("true", "true"),
            ("2026-01-01", "2026-01-01"),
            ("a\nb = 1", "a\nb = 1"),
            ("'", "'"),
        ],
    )
    def test_a_text_is_read_as_toml_only_where_that_is_a_text(self, value: str, expected: str, tmp_path: Path) -> None:
        assert config_of(tmp_path, "", {"GOVERNANCE_MAIL__SMTP__PASSWORD": value}).mail.smtp.password == expected

    @given(value=st.text(min_size=1).filter(lambda text: "\0" not in text))
    def test_no_text_in_the_environment_breaks_the_reading(
        self, value: str, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        config = config_of(tmp_path_factory.getbasetemp(), "", {"GOVERNANCE_MAIL__SMTP__PASSWORD": value})

        assert config.mail.smtp.password in {value, toml_text(value)}

    def test_lists_are_written_as_in_toml(self, tmp_path: Path) -> None:
        environ = {"GOVERNANCE_SITE__ADMINS": '["ops@example.com", "it@example.com"]'}

        assert config_of(tmp_path, "", environ).site.admins == ("ops@example.com", "it@example.com")

    def test_names_that_are_no_keys_are_left_to_others(self, tmp_path: Path) -> None:
        environ = {"GOVERNANCE_CONFIG": "other.toml", "GOVERNANCE_SOAK": "1", "PATH": "/bin"}

        assert config_of(tmp_path, "", environ) == config_of(tmp_path)

    def test_an_unknown_key_is_named_as_the_variable_is(self, tmp_path: Path) -> None:
        [fault] = faults_of(tmp_path, "", {"GOVERNANCE_WEB__PROT": "1"})

        assert fault.startswith("GOVERNANCE_WEB__PROT is no known key")
        assert fault.endswith("(did you mean GOVERNANCE_WEB__PORT?)")

    def test_a_wrong_value_is_named_with_its_variable(self, tmp_path: Path) -> None:
        faults = faults_of(tmp_path, "", {"GOVERNANCE_WEB__PORT": "many"})

        assert faults == [
            'web.port (from GOVERNANCE_WEB__PORT) is "many", expected a whole number from 0 to 65535',
        ]


class TestSecretFiles:
    def test_every_secret_may_come_from_a_file(self, tmp_path: Path) -> None:
        secrets = [key for key, entry in known_keys() if entry.metadata.get("is_secret")]
        (tmp_path / "url").write_text("postgresql://me@db/g")
        (tmp_path / "text").write_text("0123456789abcdef\n")
        files = {key: "url" if "url" in key else "text" for key in secrets}
        path = tmp_path / "config.toml"
        path.write_text(
            "\n".join(f'{key}_file = "{file}"' for key, file in files.items()) + '\nsign_in.google.client_id = "id"'
        )

        config = load_config(path, {})

        values = {key: value_at(config, key) for key in secrets}
        contents = {"url": "postgresql://me@db/g", "text": "0123456789abcdef"}
        assert values == {key: contents[file] for key, file in files.items()}

    def test_the_environment_may_name_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("tiger\r\n")
        environ = {"GOVERNANCE_MAIL__SMTP__PASSWORD_FILE": str(tmp_path / "secret")}

        assert config_of(tmp_path, 'mail.smtp.password = "old"', environ).mail.smtp.password == "tiger"

    def test_only_secrets_have_such_a_twin(self, tmp_path: Path) -> None:
        [fault] = faults_of(tmp_path, 'site.name_file = "name"')

        assert fault.startswith("site.name_file is no known key")

    def test_a_file_that_cannot_be_read_or_is_empty_is_named_once(self, tmp_path: Path) -> None:
        (tmp_path / "empty").write_text("\n")
        path = tmp_path / "config.toml"
        path.write_text('site.secret_key_file = "missing"\nmail.smtp.password_file = "empty"')

        with pytest.raises(ConfigurationError) as refused:
            load_config(path, {})

        assert [str(fault) for fault in refused.value.faults] == [
            'site.secret_key_file is "missing" (no such file or directory), expected a file that can be read',
            'mail.smtp.password_file is "empty", which is empty, expected a file that holds the secret',
        ]

    def test_a_secret_and_its_file_side_by_side_are_a_riddle(self, tmp_path: Path) -> None:
        assert faults_of(tmp_path, 'site.secret_key_file = "key"') == [
            "site.secret_key_file is set beside secret_key, expected one of the two"
        ]

    def test_secrets_appear_neither_in_the_value_nor_in_a_fault(self, tmp_path: Path) -> None:
        text = 'mail.smtp.password = "tiger"\ndatabase.url = "postgresql://me:tiger@db/g"'
        shown = repr(config_of(tmp_path, text))
        faults = faults_of(tmp_path, 'web.metrics_token = "tiger"\ndatabase.url = "mysql://me:tiger@db/g"')

        assert "tiger" not in shown
        assert KEY not in shown
        assert "tiger" not in " ".join(faults)
        assert faults[0] == "web.metrics_token is a text of 5 characters, expected at least 16 characters"


class TestFaults:
    def test_all_faults_are_named_at_once(self, tmp_path: Path) -> None:
        faults = faults_of(
            tmp_path,
            """
            nonsense = 1
            mail = 3
            site.naem = "x"
            site.time_zone = "Europe/Berln"
            google.services = ["calender"]
            """,
        )

        assert [fault.partition(" is ")[0] for fault in faults] == [
            "site.naem",
            "nonsense",
            "mail",
            "site.time_zone",
            "google.services",
        ]

    def test_they_make_one_sentence_that_begins_with_the_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError) as refused:
            config_of(tmp_path, "web.port = -1\ngoogle.poll_seconds = 0")

        path = tmp_path / "config.toml"
        assert str(refused.value) == (
            f"Correct {path}: web.port is -1, expected a whole number from 0 to 65535; "
            "google.poll_seconds is 0, expected a whole number of at least 1."
        )
        assert refused.value.path == path

    def test_a_fault_can_be_taken_apart(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError) as refused:
            config_of(tmp_path, 'log.format = "jsno"')

        assert refused.value.faults == (
            ConfigurationFault(key="log.format", found='"jsno"', expected='"text" or "json"', suggestion='"json"'),
        )

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ('site.name = " "', 'site.name is " ", expected text'),
            ('site.public_url = "ftp://x"', "site.public_url is"),
            ('site.public_url = "https://x/?a=1"', "site.public_url is"),
            ('site.public_url = "https://x:y"', "site.public_url is"),
            ('site.time_zone = "Europe"', "site.time_zone is"),
            ('site.time_zone = "../etc/passwd"', "site.time_zone is"),
            ('site.currency = "Euro"', "site.currency is"),
            ('site.domains = "example.com"', "site.domains is"),
            ('site.domains = ["@example.com"]', "site.domains is"),
            ("site.domains = [[1]]", "site.domains is"),
            ('site.admins = ["ops"]', "site.admins is"),
            ("web.threads = 0", "web.threads is 0"),
            ("web.port = true", "web.port is true"),
            ("web.port = 80.0", "web.port is 80.0"),
            ('database.url = "sqlite://"', "database.url is a text of 9 characters"),
            ('database.url = "sqlite:///:memory:"', "database.url is"),
            ('database.url = "mysql://x"', "database.url is"),
            ('google.services = ["directory"]', 'google.services is ["directory"], expected "calendar" among them'),
            ('google.api_root = "http://127.0.0.1:9000"', "google.api_root is"),
            ("google.poll_seconds = 0", "google.poll_seconds is 0"),
            ("google.read_only = 1", "google.read_only is 1, expected true or false"),
            ("google.push = true", "google.push is true, expected false, or a site.public_url with https"),
            ("mail.daily_limit = 0", "mail.daily_limit is 0"),
            ('mail.sender = "nobody"', "mail.sender is"),
            ('mail.reply_to = "a@b\\nBcc: c@d"', "mail.reply_to is"),
            ('mail.transport = "smtp"\nmail.sender = "a@b.com"', "mail.smtp.host is missing"),
            ('mail.transport = "gmail"\nmail.sender = "a@b.com"', 'google.services is ["calendar"], expected "gmail"'),
            ('mail.transport = "smtp"\nmail.smtp.host = "h"', "mail.sender is missing"),
            ('sign_in.google.client_id = "x"', "sign_in.google.client_secret is missing"),
            ("log.level = 2026-01-01", 'log.level is "2026-01-01"'),
        ],
    )
    def test_a_wrong_value_is_named_with_what_was_found(self, text: str, fault: str, tmp_path: Path) -> None:
        [found] = faults_of(tmp_path, text)

        assert found.startswith(fault)

    @pytest.mark.parametrize(
        ("issuer", "is_taken"),
        [("https://accounts.example.com", True), ("http://127.0.0.1:9", True), ("http://accounts.example.com", False)],
    )
    def test_who_vouches_for_people_is_asked_by_https_except_on_this_machine(
        self, issuer: str, is_taken: bool, tmp_path: Path
    ) -> None:
        text = f'[sign_in.google]\nclient_id = "x"\nclient_secret = "y"\nissuer = "{issuer}"'

        if is_taken:
            settings = config_of(tmp_path, text).sign_in.google
            assert settings is not None
            assert settings.issuer == issuer
        else:
            [fault] = faults_of(tmp_path, text)
            assert fault.startswith("sign_in.google.issuer is")

    def test_a_missing_key_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text("")

        with pytest.raises(ConfigurationError, match=r"site\.secret_key is missing, expected at least 16 characters"):
            load_config(tmp_path / "config.toml", {})

    def test_push_over_plain_http_is_for_a_sandbox(self, tmp_path: Path) -> None:
        text = 'google.push = true\ngoogle.api_root = "http://127.0.0.1:9000/"'

        assert config_of(tmp_path, text).google.push

    @given(key=st.sampled_from(sorted(key for key, entry in known_keys() if "kind" in entry.metadata)), data=st.data())
    def test_whatever_is_written_is_taken_or_named_and_never_more(
        self, key: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        values = st.one_of(
            st.booleans().map(lambda value: str(value).lower()),
            st.integers(-(10**6), 10**6).map(str),
            st.sampled_from(['""', "[]", "[1]", "{}", "1.5", "nan", "2026-01-01", '"\\u0000"', '"https://["', '"/"']),
        )
        variable = f"GOVERNANCE_{key.upper().replace('.', '__')}"

        with contextlib.suppress(ConfigurationError):
            config_of(tmp_path_factory.getbasetemp(), "", {variable: data.draw(values)})


class TestExample:
    def test_it_loads_as_it_is(self) -> None:
        config = load_config(EXAMPLE, {})

        assert config == dataclasses.replace(
            Config(path=EXAMPLE.absolute(), site=config.site),
            database=Database(url=f"sqlite:///{EXAMPLE.absolute().parent}/governance.db"),
            mail=config.mail,
        )

    def test_it_is_what_the_model_says(self) -> None:
        assert EXAMPLE.read_text(encoding="utf-8") == example_config(), (
            "config.example.toml differs from governance/config/model.py, so it explains keys that are not read, or "
            "hides some that are. Write it anew: python -c 'from governance.config import example_config as e; "
            'print(e(), end="")\' > config.example.toml'
        )

    def test_every_key_is_in_it_and_nothing_else(self) -> None:
        with_all_keys = re.sub(r"^# (?=\[|[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)

        documented = set(flattened(tomllib.loads(with_all_keys)))

        assert documented == {key for key, entry in known_keys() if "kind" in entry.metadata}

    def test_its_examples_are_good_ones(self, tmp_path: Path) -> None:
        text = re.sub(r"^# (?=\[|[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")

        assert load_config(path, {}).google.subject == "chair@example.com"

    def test_its_public_key_is_refused_once_others_could_reach_the_site(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_text(example_config(), encoding="utf-8")

        with pytest.raises(ConfigurationError, match=r"site\.secret_key is the example's, expected a key of its own"):
            load_config(path, {"GOVERNANCE_SITE__PUBLIC_URL": "https://meetings.example.com"})


class TestFirstConfiguration:
    def test_it_loads_and_each_has_a_key_of_its_own(self, tmp_path: Path) -> None:
        write_first_config(tmp_path / "one.toml")
        write_first_config(tmp_path / "two.toml")

        keys = {load_config(tmp_path / name, {}).site.secret_key for name in ("one.toml", "two.toml")}

        assert len(keys) == 2
        assert {len(key) for key in keys} == {64}

    @pytest.mark.skipif(os.name == "nt", reason="Run this on Linux or macOS: Windows keeps no such permissions.")
    def test_nobody_else_may_read_it(self, tmp_path: Path) -> None:
        write_first_config(tmp_path / "config.toml")

        assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600

    def test_a_file_that_is_there_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_text("mine")

        with pytest.raises(ConfigurationError, match=r"^Keep .*config\.toml, or move it away first: it exists"):
            write_first_config(path)

        assert path.read_text() == "mine"

    def test_a_folder_that_is_missing_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"^Choose a folder that can be written to instead of .*nowhere"):
            write_first_config(tmp_path / "nowhere" / "config.toml")


def value_at(config: object, key: str) -> object:
    for name in key.split("."):
        config = getattr(config, name)
    return config


def flattened(document: Mapping[str, object], prefix: str = "") -> list[str]:
    keys: list[str] = []
    for name, value in document.items():
        keys += flattened(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]
    return keys


def toml_text(value: str) -> object:
    try:
        return tomllib.loads(f"value = {value}").get("value")
    except tomllib.TOMLDecodeError:
        return None
