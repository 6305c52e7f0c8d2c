"""The real uv sends files to real and to misbehaving indexes, and no secret is anywhere."""

from __future__ import annotations

import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from distributions import sdist, wheel
from index_server import ALWAYS, Fault, IndexServer
from killing import is_gone
from monorelease.adapters import uploader as room
from monorelease.adapters.credentials import Credentials
from monorelease.adapters.uploader import UvUploader
from monorelease.errors import MissingTool
from monorelease.model.publication import RefusalKind, Sent
from pypi_server import ENVIRONMENT, UV, PypiServer, needs_uv, pypi_server

PASSWORD = "hunter2-hunter2"  # noqa: S105 - of the indexes below
CREDENTIALS = Credentials(username="bot", password=PASSWORD)
NAMES = ("core", "plugin_a", "plugin_b")

pytestmark = needs_uv


@pytest.fixture(scope="module")
def pypi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PypiServer]:
    with pypi_server(tmp_path_factory.mktemp("pypi")) as server:
        yield server


def to(
    url: str,
    uv: Sequence[str] = (UV,),
    environment: Mapping[str, str] = ENVIRONMENT,
    credentials: Credentials | None = CREDENTIALS,
) -> UvUploader:
    return UvUploader(uv, url, credentials, environment)


def pretending(folder: Path, script: str, *, name: str = "uv") -> tuple[str]:
    """Another program in the place of uv: what a uv of another version, or a broken one, does."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return (str(program),)


def kinds(sent: Sequence[Sent]) -> list[RefusalKind | None]:
    return [each.refusal.kind if each.refusal else None for each in sent]


def words(sent: Sent) -> str:
    assert sent.refusal
    return sent.refusal.words


def files(folder: Path, names: Sequence[str] = NAMES) -> list[Path]:
    """Wheels before source distributions, member after member."""
    return [path for name in names for path in (wheel(folder, name), sdist(folder, name))]


def test_a_real_index_takes_every_file_and_none_twice(pypi: PypiServer, tmp_path: Path) -> None:
    paths = files(tmp_path)
    uploader = to(
        pypi.upload_url,
        credentials=Credentials(username=pypi.username, password=pypi.password),
    )

    first, second = list(uploader.upload(paths)), list(uploader.upload(paths))

    assert [sent.filename for sent in first] == [path.name for path in paths]
    assert all(sent.refusal is None and sent.seconds > 0 for sent in first)
    for path in paths:
        assert (pypi.packages / path.name).read_bytes() == path.read_bytes()
    assert kinds(second) == [RefusalKind.EXISTS] * len(paths)
    assert f"Package '{paths[0].name}' already exists!" in words(second[0])
    assert "<" not in words(second[0])


def test_a_real_index_refuses_a_wrong_password(pypi: PypiServer, tmp_path: Path) -> None:
    """It may hang up before it has read the file: then nobody can tell why."""
    (sent,) = to(pypi.upload_url).upload([wheel(tmp_path, "forbidden")])

    (kind,) = kinds([sent])
    assert kind in {RefusalKind.FORBIDDEN, RefusalKind.UNREACHABLE}
    assert "403 Forbidden" in words(sent) or "wrong credentials" in words(sent)
    assert not (pypi.packages / sent.filename).exists()


def test_nothing_is_sent_without_credentials(pypi: PypiServer, tmp_path: Path) -> None:
    (sent,) = to(pypi.upload_url, credentials=None).upload([wheel(tmp_path, "nobody")])

    assert kinds([sent]) == [RefusalKind.FORBIDDEN]
    assert "Missing credentials" in words(sent)


def test_files_are_sent_in_their_order_whatever_uv_makes_of_it(tmp_path: Path) -> None:
    """It sorts what it gets: a dependency must not come after what requires it."""
    paths = [*files(tmp_path, ["zlib", "core", "app"]), wheel(tmp_path, "library")]

    with IndexServer() as index:
        sent = list(to(index.upload_url).upload(paths))

    assert [arrival.file for arrival in index.uploads] == [path.name for path in paths]
    assert [each.filename for each in sent] == [path.name for path in paths]
    assert kinds(sent) == [None] * len(paths)


@pytest.mark.parametrize(("at_once", "processes"), [(100, 1), (6, 1), (4, 2)])
def test_files_in_the_order_of_uv_need_one_process_and_many_need_few(
    at_once: int, processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_AT_ONCE", at_once)
    uv = pretending(tmp_path, f'echo x >> "{tmp_path}/starts"; exec "{UV}" "$@"')
    paths = sorted(files(tmp_path), key=lambda path: (path.suffix != ".whl", path.name))

    with IndexServer() as index:
        sent = list(to(index.upload_url, uv).upload(paths))

    assert [each.filename for each in sent if each.refusal is None] == [p.name for p in paths]
    assert [arrival.file for arrival in index.uploads] == [path.name for path in paths]
    assert (tmp_path / "starts").read_text() == "x\n" * processes


def test_a_uv_with_an_order_of_its_own_is_understood_all_the_same(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    lines = "".join(f"echo 'Uploading {path.name} (1B)' >&2\n" for path in reversed(paths))
    once = f'test -e "{tmp_path}/once" && exit 0; touch "{tmp_path}/once"'
    uv = pretending(tmp_path, f"{once}\n{lines}\necho 'error: odd' >&2; exit 2")

    sent = list(to("https://upload.pypi.example/", uv).upload(paths))

    assert [each.filename for each in sent] == [path.name for path in paths]
    assert kinds(sent) == [RefusalKind.UNREACHABLE, None, None]


def test_signs_that_mean_a_pattern_to_uv_are_found_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "a [b]*?"
    folder.mkdir()

    with IndexServer() as index:
        sent = list(to(index.upload_url).upload([wheel(folder, "core")]))

    assert kinds(sent) == [None]


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, "400 File already exists ('core').", RefusalKind.EXISTS),
        (409, "Conflict", RefusalKind.EXISTS),
        (401, "Who are you?", RefusalKind.FORBIDDEN),
        (403, "The user 'bot' isn't allowed to upload to project 'core'.", RefusalKind.FORBIDDEN),
        (400, "The name 'core' is too similar to an existing project.", RefusalKind.INVALID),
        (404, "Not found", RefusalKind.INVALID),
        (405, "Not allowed", RefusalKind.INVALID),
        (413, "Too large", RefusalKind.INVALID),
        (422, "Unprocessable", RefusalKind.INVALID),
        (429, "Too many new projects created", RefusalKind.TOO_MANY),
        (500, "Oh", RefusalKind.SERVER),
        (503, "Later", RefusalKind.SERVER),
    ],
)
def test_one_refusal_stops_no_other_file_and_nothing_is_sent_twice(
    status: int, said: str, kind: RefusalKind, tmp_path: Path
) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    fault = Fault(on="upload", file=paths[1].name, status=status, words=said, times=ALWAYS)

    with IndexServer(faults=[fault]) as index:
        sent = list(to(index.upload_url).upload(paths))

    assert kinds(sent) == [None, kind, None]
    assert said.removeprefix("400 ") in words(sent[1])
    assert [arrival.file for arrival in index.uploads] == [path.name for path in paths]


def test_several_refusals_are_each_told_of_their_file(tmp_path: Path) -> None:
    paths = sorted(files(tmp_path))
    faults = [
        Fault(on="upload", file=path.name, status=500 + place, words=path.name)
        for place, path in enumerate(paths)
        if place not in {1, 4}
    ]

    with IndexServer(faults=faults) as index:
        sent = list(to(index.upload_url).upload(paths))

    assert [each.filename for each in sent] == [path.name for path in paths]
    assert [each.filename for each in sent if each.refusal is None] == index.stored
    for each in sent:
        assert each.refusal is None or each.filename in each.refusal.words


def test_what_uv_says_is_understood_on_a_narrow_terminal(tmp_path: Path) -> None:
    told = "a long answer of several words, that no line of twenty columns could hold"
    with IndexServer(faults=[Fault(on="upload", status=400, words=told)]) as index:
        uploader = to(index.upload_url, environment=ENVIRONMENT | {"COLUMNS": "20"})
        (sent,) = uploader.upload([wheel(tmp_path, "core")])

    assert sent.refusal is not None
    assert (sent.refusal.kind, told in sent.refusal.words) == (RefusalKind.INVALID, True)


@pytest.mark.parametrize("fault", ["cut", "lost"])
def test_a_connection_that_ends_is_no_answer_and_is_not_tried_again(
    fault: str, tmp_path: Path
) -> None:
    """Who asks for uploads looks at the index first: it may have the file."""
    paths = [wheel(tmp_path, name, size=100_000) for name in NAMES]
    faults = [Fault(on="upload", file=paths[0].name, times=ALWAYS, **{fault: True})]  # type: ignore[arg-type]

    with IndexServer(faults=faults) as index:
        sent = list(to(index.upload_url).upload(paths))

    assert kinds(sent) == [RefusalKind.UNREACHABLE, None, None]
    assert len(index.uploads) == 3


def test_an_index_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with IndexServer() as index:
        url = index.upload_url

    sent = list(to(url).upload([wheel(tmp_path, name) for name in NAMES]))

    assert kinds(sent) == [RefusalKind.UNREACHABLE] * 3
    assert "refused" in words(sent[0])


def test_an_index_that_does_not_answer_is_given_up_and_uv_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PATIENCE", 1.0)
    paths = [wheel(tmp_path, name) for name in NAMES[:2]]
    uv = pretending(tmp_path, f'echo $$ >> "{tmp_path}/pids"; exec "{UV}" "$@"')
    begin = time.monotonic()

    with IndexServer(faults=[Fault(on="upload", number=1, seconds=60)]) as index:
        answers = to(index.upload_url, uv).upload(paths)
        late = next(answers)
        was_stopped = is_gone(int((tmp_path / "pids").read_text()))  # before it is tried again
        rest = list(answers)

    assert time.monotonic() - begin < 30
    assert kinds([late, *rest]) == [RefusalKind.UNREACHABLE, None]
    assert words(late) == "error: stopped: there was no answer for 1 s"
    assert late.seconds >= 1
    assert was_stopped


def test_a_large_file_may_take_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.5)
    monkeypatch.setattr(room, "_SLOWEST", 1000)
    small, large = wheel(tmp_path, "core"), wheel(tmp_path, "large", size=60_000)
    faults = [Fault(on="upload", seconds=2, times=ALWAYS)]

    with IndexServer(faults=faults) as index:
        sent = list(to(index.upload_url).upload([small, large]))

    assert kinds(sent) == [RefusalKind.UNREACHABLE, None]


def test_nobody_asks_on_and_uv_is_stopped(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]

    with IndexServer(faults=[Fault(on="upload", number=2, seconds=5)]) as index:
        answers = to(index.upload_url).upload(paths)
        assert next(answers).refusal is None
        answers.close()  # type: ignore[attr-defined] # it is a generator

    assert paths[2].name not in index.stored


def test_an_answer_is_told_while_the_next_file_is_on_its_way(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES[:2]]
    told = threading.Event()

    def hold(name: str) -> None:
        if name == paths[1].name:
            assert told.wait(20)

    with IndexServer(on_upload=hold) as index:
        for sent in to(index.upload_url).upload(paths):
            assert sent.refusal is None
            told.set()

    assert len(index.stored) == 2


def test_several_threads_may_send_at_once(tmp_path: Path) -> None:
    lanes = [files(tmp_path, [f"core{n}", f"app{n}"]) for n in range(3)]
    answers: list[Sent] = []

    with IndexServer() as index:
        uploader = to(index.upload_url)
        threads = [
            threading.Thread(target=lambda lane=lane: answers.extend(uploader.upload(lane)))
            for lane in lanes
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    assert kinds(answers) == [None] * 12
    assert index.stored == sorted(path.name for lane in lanes for path in lane)


# Files that uv does not send


def test_a_file_that_is_broken_stops_no_other(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    paths[1].write_text("no archive")

    with IndexServer() as index:
        sent = list(to(index.upload_url).upload(paths))

    assert kinds(sent) == [None, RefusalKind.INVALID, None]
    assert "zip" in words(sent[1])


def test_a_name_that_uv_leaves_out_is_told(tmp_path: Path) -> None:
    paths = [sdist(tmp_path, "Core.Name"), sdist(tmp_path, "core")]

    with IndexServer() as index:
        sent = list(to(index.upload_url).upload(paths))

    assert kinds(sent) == [RefusalKind.INVALID, None]
    assert "non-normalized filename" in words(sent[0])


def test_a_file_that_is_not_there_is_refused_and_the_others_go(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    paths[2].unlink()

    with IndexServer() as index:
        sent = list(to(index.upload_url).upload(paths))
        alone = list(to(index.upload_url).upload(paths[2:]))

    assert kinds(sent) == [None, None, RefusalKind.UNREACHABLE]
    assert kinds(alone) == [RefusalKind.INVALID]
    assert "No files found" in words(alone[0])


def test_no_files_need_no_uv() -> None:
    assert list(to("https://upload.pypi.example/", ("no-such-uv",)).upload([])) == []


@pytest.mark.parametrize("name", ["no-such-uv", "./pyproject.toml"])
def test_without_uv_it_is_said_how_to_get_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(MissingTool, match=name) as missing:
        list(to("https://upload.pypi.example/", (name,)).upload([wheel(tmp_path, "core")]))

    assert "pip install uv" in missing.value.hint


# Other versions of uv, and what they may say


def test_a_uv_that_leaves_out_what_is_there_has_not_sent_it(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    begin = [f"echo 'Uploading {path.name} (1B)' >&2" for path in paths]
    skip = "echo 'File already exists, skipping' >&2"
    uv = pretending(tmp_path, "\n".join([begin[0], begin[1], skip, begin[2], skip]))

    sent = list(to("https://upload.pypi.example/", uv).upload(paths))

    assert kinds(sent) == [None, RefusalKind.EXISTS, RefusalKind.EXISTS]


def test_what_an_index_says_is_not_taken_for_what_uv_says(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in NAMES]
    forged = "\n".join(f"Uploading {path.name} (1B)" for path in paths[1:])
    script = f"echo 'Uploading {paths[0].name} (1B)\nerror: no\n  cause: status code 500 Oh. "
    uv = pretending(tmp_path, f"{script}Server says: x\n{forged}' >&2; exit 2")

    sent = list(to("https://upload.pypi.example/", uv).upload(paths[:2]))

    assert kinds(sent) == [RefusalKind.SERVER, RefusalKind.SERVER]


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        ("exit 0", RefusalKind.UNREACHABLE, "uv did not send it, and did not say why"),
        ("exit 3", RefusalKind.UNREACHABLE, "uv did not say why"),
        ("kill -9 $$", RefusalKind.UNREACHABLE, "uv did not say why"),
        ("echo 'error: odd' >&2; exit 2", RefusalKind.UNREACHABLE, "error: odd"),
        ("echo 'on stdout'; exit 2", RefusalKind.UNREACHABLE, "uv did not say why"),
    ],
)
def test_a_uv_that_ends_before_any_file_refuses_them_all_at_once(
    script: str, kind: RefusalKind, said: str, tmp_path: Path
) -> None:
    uv = pretending(tmp_path, f'echo x >> "{tmp_path}/starts"; {script}')
    paths = [wheel(tmp_path, name) for name in NAMES]

    sent = list(to("https://upload.pypi.example/", uv).upload(paths))

    assert kinds(sent) == [kind] * 3
    assert {words(each) for each in sent} == {said}
    assert (tmp_path / "starts").read_text() == "x\n"


def test_a_uv_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.5)
    uv = pretending(tmp_path, f'sleep 60 & echo $! > "{tmp_path}/child"; wait')
    begin = time.monotonic()

    sent = list(to("https://upload.pypi.example/", uv).upload([wheel(tmp_path, "core")]))

    assert time.monotonic() - begin < 30
    assert kinds(sent) == [RefusalKind.UNREACHABLE]
    assert is_gone(int((tmp_path / "child").read_text()))


def test_a_uv_that_says_endless_things_is_heard_to_the_end(tmp_path: Path) -> None:
    path = wheel(tmp_path, "core")
    loud = "import sys; sys.stderr.write('Uploading %s (1B)\\n' + 'x' * 5_000_000); sys.exit(1)"
    uv = (sys.executable, "-c", loud % path.name)

    (sent,) = to("https://upload.pypi.example/", uv).upload([path])

    assert kinds([sent]) == [RefusalKind.UNREACHABLE]
    assert len(words(sent)) <= 300


# Secrets, and what decides where files go

RECORD = 'env > "{0}/env"; printf "%s\\n" "$@" > "{0}/argv"; exec "{1}" "$@"'


def recorded(folder: Path, name: str) -> list[str]:
    return (folder / name).read_text().splitlines()


def test_no_secret_is_in_an_argument_an_answer_or_any_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also where the index repeats what it was told, in every way that it may spell it."""
    secrets = CREDENTIALS.spellings()
    header = b64encode(f"bot:{PASSWORD}".encode()).decode()
    entities = "".join(f"&#{ord(sign)};" for sign in PASSWORD)
    echoes = [f"no: {secrets}", f"<p>Basic {header}</p>", entities]
    paths = [wheel(tmp_path, name) for name in NAMES]
    faults = [
        Fault(on="upload", number=place, status=400, words=echo)
        for place, echo in enumerate(echoes, 1)
    ]
    uv = pretending(tmp_path, RECORD.format(tmp_path, UV))

    with IndexServer(faults=faults, credentials=("bot", PASSWORD)) as index:
        uploader = to(index.upload_url, uv)
        sent = list(uploader.upload(paths))
        taken = list(uploader.upload(paths))

    assert kinds(sent) == [RefusalKind.INVALID] * 3
    assert kinds(taken) == [None] * 3  # the secrets did reach the index
    captured = capfd.readouterr()
    told = f"{sent}{taken}{captured}{vars(uploader).keys()}{CREDENTIALS}"
    for text in (told, *recorded(tmp_path, "argv")):
        assert not any(secret in text for secret in secrets), text
        assert "hunter2" not in text
    assert f"UV_PUBLISH_PASSWORD={PASSWORD}" in recorded(tmp_path, "env")


def test_no_secret_is_in_the_message_about_a_uv_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingTool) as missing:
        list(to("https://upload.pypi.example/", ("no-uv",)).upload([wheel(tmp_path, "core")]))

    error = missing.value
    assert "hunter2" not in f"{error!r}{error}{error.hint}{error.__cause__!r}{error.where}"


def test_uv_sees_these_credentials_and_no_others(tmp_path: Path) -> None:
    environment = ENVIRONMENT | {
        "UV_PUBLISH_TOKEN": "another-token",
        "UV_PUBLISH_URL": "https://elsewhere.example/",
        "UV_PUBLISH_CHECK_URL": "https://elsewhere.example/simple/",
        "UV_PUBLISH_INDEX": "elsewhere",
        "MONORELEASE_INDEX_OTHER_TOKEN": "another-token",
        "TWINE_PASSWORD": "another-token",
        "GITHUB_TOKEN": "another-token",
        "PYPI_ID_TOKEN": "another-token",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another-token",
        "UV_KEYRING_PROVIDER": "subprocess",
        "UV_CONFIG_FILE": str(tmp_path / "no-such.toml"),
        "UV_OFFLINE": "1",
        "RUST_LOG": "trace",
    }
    uv = pretending(tmp_path, RECORD.format(tmp_path, UV))

    with IndexServer(credentials=("bot", PASSWORD)) as index:
        sent = list(to(index.upload_url, uv, environment).upload([wheel(tmp_path, "core")]))

    assert kinds(sent) == [None]
    seen = recorded(tmp_path, "env")
    assert "UV_PUBLISH_USERNAME=bot" in seen
    assert not [line for line in seen if "another-token" in line or "elsewhere" in line]
    assert "--trusted-publishing=never" in recorded(tmp_path, "argv")


def test_a_configuration_of_uv_sends_nothing_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where the command runs, nor for the user."""
    with IndexServer() as index, IndexServer() as other:
        table = f'publish-url = "{other.upload_url}"\ncheck-url = "{other.simple_url}"\n'
        (tmp_path / "uv.toml").write_text(table)
        (tmp_path / "home/uv").mkdir(parents=True)
        (tmp_path / "home/uv/uv.toml").write_text(table)
        monkeypatch.chdir(tmp_path)
        environment = ENVIRONMENT | {"XDG_CONFIG_HOME": str(tmp_path / "home")}
        list(to(index.upload_url, environment=environment).upload([wheel(tmp_path, "core")]))

    assert len(index.stored) == 1
    assert other.requests == []


def test_trusted_publishing_gets_what_it_exchanges_and_no_credentials(tmp_path: Path) -> None:
    environment = ENVIRONMENT | {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://forge.example/token",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
        "UV_PUBLISH_USERNAME": "bob",
        "GITHUB_TOKEN": "another-token",
    }
    script = 'echo "error: no: $ACTIONS_ID_TOKEN_REQUEST_TOKEN" >&2; exit 2'
    record = RECORD.format(tmp_path, UV).partition("exec")[0]
    uv = pretending(tmp_path, record + script)
    uploader = UvUploader(uv, "https://upload.pypi.example/", None, environment, is_trusted=True)

    (sent,) = uploader.upload([wheel(tmp_path, "core")])

    assert words(sent) == "error: no: ***"
    assert "--trusted-publishing=always" in recorded(tmp_path, "argv")
    seen = recorded(tmp_path, "env")
    assert "ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token" in seen
    assert not [line for line in seen if line.startswith("UV_PUBLISH_") or "another" in line]


def test_trusted_publishing_that_fails_is_told_of_every_file(tmp_path: Path) -> None:
    """The real uv asks the index itself for its audience, over https only."""
    environment = ENVIRONMENT | {"GITLAB_CI": "true", "PYPI_ID_TOKEN": "id-token"}

    with IndexServer() as index:
        uploader = UvUploader((UV,), index.upload_url, None, environment, is_trusted=True)
        sent = list(uploader.upload(files(tmp_path, ["core"])))

    assert kinds(sent) == [RefusalKind.UNREACHABLE] * 2
    assert index.uploads == []
