"""Credentials are found where they should be, and are in no text that is made of them."""

from __future__ import annotations

import os
import pickle
import time
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters import credentials as room
from monorelease.adapters.credentials import (
    TRUSTED_PUBLISHING,
    Credentials,
    exchanged_secrets,
    find_credentials,
    trusted_part,
    without_secrets,
)
from monorelease.model.index import IndexTarget

TARGET = IndexTarget(name="my-index", upload_url="https://upload.pypi.example/legacy/")
GITHUB = {
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://forge.example/token?x=1",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
}
GITLAB = {"GITLAB_CI": "true", "PYPI_ID_TOKEN": "id-token"}


def of(username: str, password: str) -> Credentials:
    return Credentials(username=username, password=password)


def keyring(folder: Path, script: str) -> dict[str, str]:
    """An environment in which ``keyring`` is this script: it is another program, not ours."""
    folder.mkdir(exist_ok=True)
    program = folder / "keyring"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": os.pathsep.join((str(folder), os.defpath))}


SOURCES = {
    "MONORELEASE_INDEX_MY_INDEX_TOKEN": (
        {"MONORELEASE_INDEX_MY_INDEX_TOKEN": "own-token"},
        of("__token__", "own-token"),
    ),
    "MONORELEASE_INDEX_MY_INDEX_USERNAME and MONORELEASE_INDEX_MY_INDEX_PASSWORD": (
        {
            "MONORELEASE_INDEX_MY_INDEX_USERNAME": "ada",
            "MONORELEASE_INDEX_MY_INDEX_PASSWORD": "own-password",
        },
        of("ada", "own-password"),
    ),
    "UV_PUBLISH_TOKEN": ({"UV_PUBLISH_TOKEN": "uv-token"}, of("__token__", "uv-token")),
    "UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD": (
        {"UV_PUBLISH_USERNAME": "bob", "UV_PUBLISH_PASSWORD": "uv-password"},
        of("bob", "uv-password"),
    ),
    TRUSTED_PUBLISHING: (GITHUB, None),
}
"""In the order in which they are asked."""


@pytest.mark.parametrize("number", range(len(SOURCES)))
def test_the_first_source_that_has_any_is_taken(number: int) -> None:
    environment: dict[str, str] = {}
    for variables, _ in [*SOURCES.values()][number:]:
        environment |= variables
    source = [*SOURCES][number]

    assert find_credentials(TARGET, environment) == (SOURCES[source][1], source)


def test_nothing_is_nowhere(tmp_path: Path) -> None:
    assert find_credentials(TARGET, {}) == (None, "")
    assert find_credentials(TARGET, {"PATH": str(tmp_path)}) == (None, "")


def test_an_empty_variable_is_none() -> None:
    for variables, _ in SOURCES.values():
        assert find_credentials(TARGET, dict.fromkeys(variables, "")) == (None, "")
    assert find_credentials(TARGET, {"UV_PUBLISH_TOKEN": "\n"}) == (None, "")


def test_a_newline_around_a_token_is_no_part_of_it() -> None:
    assert find_credentials(TARGET, {"UV_PUBLISH_TOKEN": "uv-token\n"})[0] == (
        of("__token__", "uv-token")
    )


def test_variables_of_another_index_are_not_looked_at() -> None:
    environment = {"MONORELEASE_INDEX_OTHER_TOKEN": "x", "MONORELEASE_INDEX_TOKEN": "x"}

    assert find_credentials(TARGET, environment) == (None, "")


@pytest.mark.parametrize("name", ["my-index", "My_Index", "my.index"])
def test_every_spelling_of_a_name_has_the_same_variables(name: str) -> None:
    target = IndexTarget(name=name)

    found, _ = find_credentials(target, {"MONORELEASE_INDEX_MY_INDEX_TOKEN": "own-token"})

    assert found == of("__token__", "own-token")


def test_half_of_a_pair_is_told_and_is_no_credentials() -> None:
    user = {"UV_PUBLISH_USERNAME": "bob", "UV_PUBLISH_PASSWORD": ""}
    password = {"MONORELEASE_INDEX_MY_INDEX_PASSWORD": "hunter2"}

    assert find_credentials(TARGET, user) == (
        None,
        "UV_PUBLISH_USERNAME is set, and UV_PUBLISH_PASSWORD is not",
    )
    nothing, words = find_credentials(TARGET, user | password)
    assert nothing is None
    assert words == (
        "MONORELEASE_INDEX_MY_INDEX_PASSWORD is set, and MONORELEASE_INDEX_MY_INDEX_USERNAME "
        "is not; UV_PUBLISH_USERNAME is set, and UV_PUBLISH_PASSWORD is not"
    )


def test_half_of_a_pair_is_told_beside_what_stands_in_for_it() -> None:
    half = {"MONORELEASE_INDEX_MY_INDEX_USERNAME": "ada", "UV_PUBLISH_TOKEN": "uv-token"}

    found, words = find_credentials(TARGET, half)
    assert found == of("__token__", "uv-token")
    assert words == (
        "UV_PUBLISH_TOKEN (MONORELEASE_INDEX_MY_INDEX_USERNAME is set, and "
        "MONORELEASE_INDEX_MY_INDEX_PASSWORD is not)"
    )
    whole = {"UV_PUBLISH_USERNAME": "bob", "UV_PUBLISH_TOKEN": "uv-token"}
    assert find_credentials(TARGET, whole)[1] == "UV_PUBLISH_TOKEN"


@pytest.mark.parametrize(
    "environment", [GITHUB, GITLAB, {"GITLAB_CI": "true", "TESTPYPI_ID_TOKEN": "id-token"}]
)
def test_a_job_that_an_index_may_trust_needs_no_credentials(environment: dict[str, str]) -> None:
    assert find_credentials(TARGET, environment) == (None, TRUSTED_PUBLISHING)


@pytest.mark.parametrize("missing", [*GITHUB, *GITLAB])
def test_a_part_of_what_makes_a_job_trusted_is_nothing(missing: str) -> None:
    environment = GITHUB if missing in GITHUB else GITLAB

    assert find_credentials(TARGET, environment | {missing: ""}) == (None, "")


def test_the_keyring_is_asked_last_for_the_token_of_the_address(tmp_path: Path) -> None:
    environment = keyring(tmp_path, 'echo "$@" > "${0%/*}/asked"; echo secret; echo more')

    assert find_credentials(TARGET, environment) == (of("__token__", "secret"), "the keyring")
    assert (tmp_path / "asked").read_text() == f"get {TARGET.upload_url} __token__\n"
    assert find_credentials(TARGET, environment | GITLAB)[1] == TRUSTED_PUBLISHING


def test_the_keyring_is_asked_for_whom_the_configuration_names(tmp_path: Path) -> None:
    environment = keyring(tmp_path, 'test "$3" = "ada" && echo "pass  word "')
    target = IndexTarget(name="x", upload_url=TARGET.upload_url, username="ada")

    found, source = find_credentials(target, environment | {"UV_PUBLISH_USERNAME": "bob"})

    assert found == of("ada", "pass  word ")
    assert source == ("the keyring (UV_PUBLISH_USERNAME is set, and UV_PUBLISH_PASSWORD is not)")


@pytest.mark.parametrize(
    "script", ["exit 1", "true", "echo", "echo secret; exit 1", "echo secret >&2", "kill -9 $$"]
)
def test_a_keyring_that_fails_knows_nothing(script: str, tmp_path: Path) -> None:
    assert find_credentials(TARGET, keyring(tmp_path, script)) == (None, "")


def test_a_keyring_that_lies_in_the_current_folder_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There anybody's repository could have put it; Windows looks there first."""
    keyring(tmp_path, "echo s3cret")
    monkeypatch.chdir(tmp_path)

    assert find_credentials(TARGET, {"PATH": f".{os.pathsep}{os.defpath}"}) == (None, "")


def test_a_keyring_that_cannot_be_started_knows_nothing(tmp_path: Path) -> None:
    environment = keyring(tmp_path, "")
    (tmp_path / "keyring").write_text("#!/no/such/interpreter\n")

    assert find_credentials(TARGET, environment) == (None, "")


def test_a_keyring_that_waits_for_somebody_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_KEYRING_SECONDS", 0.3)
    begin = time.monotonic()

    assert find_credentials(TARGET, keyring(tmp_path, "sleep 60; echo secret")) == (None, "")
    assert find_credentials(TARGET, keyring(tmp_path, "echo secret; sleep 60")) == (None, "")
    assert time.monotonic() - begin < 30


def test_a_keyring_that_says_it_to_the_terminal_says_it_to_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    find_credentials(TARGET, keyring(tmp_path, "echo secret; echo secret >&2"))

    assert capfd.readouterr() == ("", "")


def test_no_text_that_is_made_of_credentials_has_the_password() -> None:
    credentials = of("ada", "hunter2")

    for text in (repr(credentials), str(credentials), f"{credentials}", f"{(credentials,)}"):
        assert "ada" in text
        assert "hunter2" not in text
    assert pickle.loads(pickle.dumps(credentials)) == credentials  # noqa: S301 - our own


def test_a_password_may_be_any_bytes() -> None:
    password = os.fsdecode(b"caf\xe9")
    credentials = of("ada", password)

    assert b64decode(credentials.basic) == b"ada:caf\xe9"
    assert {password, "Y2Fm6Q==", "caf%E9"} < {*credentials.spellings()}


def test_a_password_is_known_in_the_spellings_of_others() -> None:
    spellings = of("ada", "a b/ü?").spellings()

    assert "a b/ü?" in spellings
    assert b64encode("ada:a b/ü?".encode()).decode() in spellings
    assert "a%20b%2F%C3%BC%3F" in spellings
    assert "a+b%2F%C3%BC%3F" in spellings


SECRETS = [
    "MONORELEASE_INDEX_ACME_TOKEN",
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "TWINE_PASSWORD",
    "HATCH_INDEX_AUTH",
    "FLIT_PASSWORD",
    "PDM_PUBLISH_PASSWORD",
    "POETRY_PYPI_TOKEN_PYPI",
    "PYPI_TOKEN",
    "PYPI_API_TOKEN",
    "TEST_PYPI_PASSWORD",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "PYPI_ID_TOKEN",
    "VAULT_ID_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_PAT",
    "GH_ENTERPRISE_TOKEN",
    "GITLAB_TOKEN",
    "GITLAB_PRIVATE_TOKEN",
    "GITEA_TOKEN",
    "CI_JOB_TOKEN",
    "CI_JOB_JWT_V2",
    "CI_REPOSITORY_URL",
    "CI_REGISTRY_PASSWORD",
    "Github_Token",
]
NEEDED = [
    "PATH",
    "HOME",
    "UV_INDEX_ACME_PASSWORD",
    "UV_INDEX_ACME_USERNAME",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "SSL_CERT_FILE",
    "HATCH_UV",
    "HATCH_ENV_ACTIVE",
    "GITHUB_ACTIONS",
    "GITHUB_SHA",
    "CI",
    "CI_JOB_ID",
    "SOURCE_DATE_EPOCH",
]


def test_builds_see_what_reads_an_index_and_nothing_that_writes() -> None:
    environment = dict.fromkeys([*SECRETS, *NEEDED], "x")

    assert [*without_secrets(environment)] == NEEDED


def test_what_uv_exchanges_for_a_token_is_known() -> None:
    everything = GITHUB | GITLAB | dict.fromkeys(SECRETS[:12], "x") | {"PATH": "x"}

    assert trusted_part(GITHUB | {"UV_PUBLISH_TOKEN": "x", "PYPI_ID_TOKEN": ""}) == GITHUB
    assert set(trusted_part(everything)) == {*GITHUB, "PYPI_ID_TOKEN"}
    assert exchanged_secrets(GITHUB | GITLAB) == ("request-token", "id-token")


@pytest.mark.property
@given(
    st.dictionaries(
        st.sampled_from([name for variables, _ in SOURCES.values() for name in variables]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=20),
    )
)
def test_the_words_never_say_a_secret(environment: dict[str, str]) -> None:
    credentials, words = find_credentials(TARGET, environment)

    for text in environment.values():
        assert text not in words
    assert (credentials is None) or credentials.password in environment.values()
