"""Every key of ``[tool.monorelease.publish]`` and of each ``index.NAME``, described once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from monorelease.formats.kinds import Flag, ListOf, MapOf, Whole
from monorelease.formats.places import Place
from monorelease.formats.spellings import (
    ADDRESS,
    BRANCH,
    FOLDER,
    INDEX_NAME,
    NAME_GLOB,
    REMOTE,
    USERNAME,
)
from monorelease.formats.tables import Fields, Key, Table
from monorelease.model.config import LOCAL_INDEX, Config, PublishConfig
from monorelease.model.guess import suggestion
from monorelease.model.index import IndexTarget
from monorelease.model.value import replace

_DEFAULTS = IndexTarget(name="")
_PUBLISH_DEFAULTS = PublishConfig()


def indexes_of(written: Mapping[str, IndexTarget]) -> tuple[IndexTarget, ...]:
    """All that can be named: those of the owner, and the local one unless it is among them."""
    own = tuple(replace(target, name=name) for name, target in written.items())
    return own if LOCAL_INDEX.name in written else (LOCAL_INDEX, *own)


def with_known_target(config: Config, table: Mapping[str, object], place: Place) -> Config:
    """The configuration with a target that it has; where another was asked for, it is found.

    Args:
        config: as it was read.
        table: ``[tool.monorelease]`` as it is written; an index that could not be read has its
            findings already.
        place: of `table`.
    """
    wanted, known = config.publish.to, [target.name for target in config.indexes]
    if wanted in known:
        return config
    written = table.get(INDEX.name)
    if not isinstance(written, dict) or wanted not in written:
        place.at(PUBLISH.name).at(_TO.name).refuse(
            "config-unknown-index",
            f"= {wanted!r}: there is no index of that name",
            hint=suggestion(wanted, known, otherwise=f"the indexes are: {', '.join(known)}"),
        )
    return replace(config, publish=replace(config.publish, to=_PUBLISH_DEFAULTS.to))


def _index(fields: Fields) -> IndexTarget:
    """An index without its name, which stands above its table.

    Raises:
        ValueError: it is neither a folder nor two addresses.
    """
    url, upload_url, folder = fields[_URL], fields[_UPLOAD_URL], fields[_PATH]
    if folder is not None and (url or upload_url):
        raise ValueError("has a 'path' and addresses too: a folder needs no address")
    if folder is None and not (url and upload_url):
        raise ValueError("needs both 'url' and 'upload-url', or else a 'path'")
    return IndexTarget(
        name="",
        url=url,
        upload_url=upload_url,
        folder=folder,
        username=fields[_USERNAME],
        snapshots=fields[_SNAPSHOTS],
        new_projects_per_day=fields[_NEW_PROJECTS],
        patience=fields[_PATIENCE],
    )


_URL = Key(
    name="url",
    kind=ADDRESS,
    default=_DEFAULTS.url,
    doc="Where installers read: the simple API, without credentials.",
    example='"https://pypi.example/simple/"',
)
_UPLOAD_URL = Key(
    name="upload-url",
    kind=ADDRESS,
    default=_DEFAULTS.upload_url,
    doc="Where files are sent, without credentials: those come from the environment, from "
    "trusted publishing or from the keyring.",
    example='"https://upload.pypi.example/legacy/"',
)
_PATH: Key[PurePosixPath | None] = Key(
    name="path",
    kind=FOLDER,
    default=_DEFAULTS.folder,
    doc="A folder of the repository that is the index, instead of both addresses: a rehearsal, "
    "after which nothing is tagged and pushed.",
    example='"dist/index"',
)
_USERNAME = Key(
    name="username",
    kind=USERNAME,
    default=_DEFAULTS.username,
    doc="For whom the keyring is asked for a password. Without it, for __token__.",
    example='"release-bot"',
)
_SNAPSHOTS = Key(
    name="snapshots",
    kind=Flag(),
    default=_DEFAULTS.snapshots,
    doc="Whether snapshots may go there: versions that are made to be thrown away.",
    example="true",
)
_NEW_PROJECTS: Key[int | None] = Key(
    name="new-projects-per-day",
    kind=Whole(least=1),
    default=_DEFAULTS.new_projects_per_day,
    doc="How many new names one account may register there in 24 hours.",
    example="4",
)
_PATIENCE = Key(
    name="patience",
    kind=Whole(least=1, most=3600),
    default=_DEFAULTS.patience,
    doc="Seconds in which it should serve what was uploaded, before dependents follow.",
    example="600",
)
INDEX: Key[Mapping[str, IndexTarget]] = Key(
    name="index",
    kind=MapOf(
        noun="a table of indexes, by name",
        name=INDEX_NAME,
        value=Table(
            noun="a table",
            keys=(_URL, _UPLOAD_URL, _PATH, _USERNAME, _SNAPSHOTS, _NEW_PROJECTS, _PATIENCE),
            make=_index,
            is_whole=True,
        ),
        # Two names that differ in this alone would share the variables with their credentials.
        identity=lambda name: name.upper().replace("-", "_"),
    ),
    default=MappingProxyType({}),
    doc="Where packages can go, by the name that publish --to takes. There is always 'local', "
    "the folder dist/index, which may be defined anew.",
    example='{ acme = { url = "https://pypi.example/simple/", '
    'upload-url = "https://upload.pypi.example/legacy/" } }',
)


def _publish(fields: Fields) -> PublishConfig:
    return PublishConfig(
        to=fields[_TO],
        branch=fields[_BRANCH],
        remote=fields[_REMOTE],
        wheels_only=fields[_WHEELS_ONLY],
    )


_TO = Key(
    name="to",
    kind=INDEX_NAME,
    default=_PUBLISH_DEFAULTS.to,
    doc="The name of the index that is published to.",
    example='"local"',
)
_BRANCH = Key(
    name="branch",
    kind=BRANCH,
    default=_PUBLISH_DEFAULTS.branch,
    doc="The branch that is published from. Without it, the remote's default branch.",
    example='"main"',
)
_REMOTE = Key(
    name="remote",
    kind=REMOTE,
    default=_PUBLISH_DEFAULTS.remote,
    doc="The name of the remote that tags are pushed to.",
    example='"upstream"',
)
_WHEELS_ONLY = Key(
    name="wheels-only",
    kind=ListOf(noun="a list of names", item=NAME_GLOB),
    default=_PUBLISH_DEFAULTS.wheels_only,
    doc="Packages that are published without a source distribution.",
    example='["acme-native-*"]',
)
PUBLISH = Key(
    name="publish",
    kind=Table(noun="a table", keys=(_TO, _BRANCH, _REMOTE, _WHEELS_ONLY), make=_publish),
    default=_PUBLISH_DEFAULTS,
    doc="How releases leave the repository.",
    example='{ branch = "main" }',
)
