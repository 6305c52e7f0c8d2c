"""What is left to publish, what publishing would do, and what came of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.artifact import Artifact
from monorelease.model.index import IndexTarget
from monorelease.model.value import value


@value
class ReleasedMember:
    """A member at the version that the tree says is released."""

    name: NormalizedName
    version: Version
    path: PurePosixPath
    """Its folder, relative to the repository's root."""
    commit: str
    """The full name of the commit that gave it this version: what is built, and tagged."""
    tag: str
    tag_first: bool = False
    """Whether its version *is* its tag, so that the tag must be there to build it."""


class Gap(StrEnum):
    """Why a version on an index is not complete, in words for people."""

    UNKNOWN_NAME = "a new name"
    NO_FILES = "not on the index"
    NO_WHEEL = "no wheel on the index"
    NO_SDIST = "no source distribution on the index"


@value
class Pending:
    """What is left to do for one member; at least one thing is."""

    member: ReleasedMember
    gap: Gap | None
    """Why something has to be uploaded; None where nothing has."""
    tag_here: bool
    """Whether the tag has to be made in this clone."""
    tag_there: bool
    """Whether the tag has to be pushed."""
    announce: bool
    """Whether the forge has nothing about it yet."""


@value
class Upload:
    """A file that the index does not have."""

    name: NormalizedName
    version: Version
    artifact: Artifact


@value
class AlreadyThere:
    """A file that the index has, byte for byte."""

    name: NormalizedName
    version: Version
    artifact: Artifact


@value
class Conflict:
    """A file whose name is taken on the index by other bytes, or by bytes unknown."""

    name: NormalizedName
    version: Version
    artifact: Artifact
    theirs: str | None
    """The index's sha256; None where it does not tell."""


PlannedFile = Upload | AlreadyThere | Conflict


@value
class PlannedTag:
    """A tag as it will be."""

    name: str
    member: NormalizedName
    version: Version
    commit: str
    make: bool
    """Whether it is not in this clone yet."""
    push: bool
    """Whether it has to be pushed."""
    first: bool = False
    """Whether it comes before the upload, because it is the member's version."""


@value
class RollUp:
    """One page of a forge for all that one commit has released."""

    tag: str
    commit: str
    """The full name of the newest release commit."""
    members: tuple[ReleasedMember, ...]
    """Those that it released, in the workspace's order."""

    @property
    def is_prerelease(self) -> bool:
        """Whether it is about nothing but pre-releases."""
        return all(member.version.is_prerelease for member in self.members)


@value
class PublishPlan:
    """Everything that publishing does to the world, as one value."""

    index: IndexTarget
    waves: tuple[tuple[NormalizedName, ...], ...]
    """Members with files to look at, in the order of upload: a wave needs earlier waves only."""
    files: tuple[PlannedFile, ...]
    """In the order of `waves`."""
    tags: tuple[PlannedTag, ...]
    announcements: tuple[ReleasedMember, ...]
    roll_up: RollUp | None = None
    """What is announced at the very end, for all of them together; None for nothing."""
    new_names: tuple[NormalizedName, ...] = ()
    """Those that the index does not know yet, in the order of upload."""
    knows_nobody: bool = False
    """Whether the index knows none of all the members that are published, of several."""


class RefusalKind(StrEnum):
    """What an index may mean when it does not take a file."""

    EXISTS = "exists"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    TOO_MANY = "too many"
    SERVER = "server"
    UNREACHABLE = "unreachable"


@value
class Refusal:
    """Why a file was not taken."""

    kind: RefusalKind
    words: str
    """What the index said, or why it could not be asked; without secrets."""

    @property
    def is_passing(self) -> bool:
        """Whether the same upload may succeed a moment later."""
        return self.kind in {RefusalKind.SERVER, RefusalKind.UNREACHABLE}


@value
class Sent:
    """How sending one file ended."""

    filename: str
    seconds: float
    refusal: Refusal | None = None
    """None where the index took it."""


class Outcome(StrEnum):
    """What became of a file that was to be published."""

    UPLOADED = "uploaded"
    ALREADY_THERE = "already there"
    FAILED = "failed"
    HELD_BACK = "held back"


@value
class Receipt:
    """What became of one file."""

    name: NormalizedName
    version: Version
    artifact: Artifact
    outcome: Outcome
    seconds: float = 0.0
    """How long the upload took."""
    why: str = ""
    """Why it failed or was held back."""


@value
class TagReceipt:
    """What became of one tag."""

    tag: PlannedTag
    is_made: bool
    """Whether it is in this clone now."""
    is_pushed: bool
    """Whether the remote has it now; False also where none is meant to."""
    why: str = ""
    """Why it is not where it should be."""


@value
class Announcement:
    """One version's news, for a forge or for who runs the command."""

    member: ReleasedMember
    notes: str
    """Markdown: the section of its changelog; empty where there is none."""

    @property
    def is_prerelease(self) -> bool:
        """Whether only those who ask for it will install it."""
        return self.member.version.is_prerelease


@value
class Publication:
    """What publishing came to."""

    plan: PublishPlan
    receipts: tuple[Receipt, ...]
    tags: tuple[TagReceipt, ...]
    announced: tuple[Announcement, ...]
    rolled_up: str = ""
    """Where the page on the whole wave stands; empty where none was made."""
    seconds: float = 0.0
    """From the first upload until the index served what it had to, waits included."""
    trouble: str = ""
    """Why not everything could be announced."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        gone = {Outcome.UPLOADED, Outcome.ALREADY_THERE}
        is_uploaded = all(receipt.outcome in gone for receipt in self.receipts)
        return is_uploaded and not any(r.why for r in self.tags) and not self.trouble
