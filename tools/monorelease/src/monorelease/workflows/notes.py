"""What every changelog would say, rendered as the repository wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.errors import UnreadableFile
from monorelease.formats.notes import Section, layout_of, notes_of
from monorelease.formats.text import decode
from monorelease.formats.wave import roll_up
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.fragment import Origin
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import value
from monorelease.workflows.read import Snapshot, origins_of

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository

OpenRepository = Callable[[], "Repository | None"]
"""Git is asked only where something has to be known of it: opening it takes time."""


@value
class Notes:
    """What a release says, member by member."""

    plan: ReleasePlan
    date: str
    sections: Mapping[NormalizedName, Section]
    rendered: Mapping[NormalizedName, str]
    """Each changelog's new section, in the plan's order; none at all for a snapshot."""

    def roll_up(self) -> str:
        """The notes of the whole wave on one page."""
        versions = {str(release.target) for release in self.plan.releases}
        title = f"## {versions.pop()} - {self.date}" if len(versions) == 1 else f"## {self.date}"
        return roll_up(title, self.plan, self.sections, self.rendered)


@contextmanager
def rendering_notes(
    plan: ReleasePlan, snapshot: Snapshot, open_repository: OpenRepository, date: str
) -> Iterator[Callable[[], Notes]]:
    """Let towncrier begin; what is yielded waits for it, and gives the notes.

    Raises:
        TowncrierFailed: towncrier could not render them; also from what is yielded.
    """
    if isinstance(plan.channel, SnapshotChannel) or not plan.releases:
        yield lambda: Notes(plan=plan, date=date, sections={}, rendered={})
        return
    from monorelease.adapters.towncrier import rendering

    origins = _origins(plan, snapshot, open_repository)
    notes = notes_of(plan, snapshot.fragments, origins, snapshot.config, snapshot.workspace)
    sections = {
        release.name: Section(
            name=snapshot.workspace[release.name].written_name,
            version=release.target,
            notes=notes[release.name],
        )
        for release in plan.releases
    }
    look = layout_of(snapshot.config, notes)
    with rendering(sections, look, template=_template(snapshot), date=date) as finish:
        yield lambda: Notes(plan=plan, date=date, sections=sections, rendered=finish())


def render_notes(
    plan: ReleasePlan, snapshot: Snapshot, open_repository: OpenRepository, date: str
) -> Notes:
    """For each released member its changelog's new section; none for a snapshot.

    Raises:
        TowncrierFailed: towncrier could not render them.
    """
    with rendering_notes(plan, snapshot, open_repository, date) as finish:
        return finish()


def _origins(
    plan: ReleasePlan, snapshot: Snapshot, open_repository: OpenRepository
) -> Mapping[PurePosixPath, Origin]:
    """Where fragments come from, if what they will say depends on it."""
    used = {path for release in plan.releases for path in release.fragments}
    unnumbered = any(f.number is None for f in snapshot.fragments if f.path in used)
    if not unnumbered and not snapshot.config.changelog.authors:
        return {}
    return origins_of(snapshot, open_repository())


def _template(snapshot: Snapshot) -> str | None:
    name = snapshot.config.towncrier.template
    if name is None:
        return None
    path = PurePosixPath(name)
    data = snapshot.tree.read(path)
    if data is None:
        raise UnreadableFile(
            "is not there, and [tool.towncrier] names it as the template",
            where=name,
            hint="correct `template`, or leave it out for towncrier's own",
        )
    return decode(data, path)
