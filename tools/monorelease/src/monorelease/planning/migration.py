"""What another tool's pending notes and settings are here: fragments, keys, or findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.config import Category
from monorelease.model.finding import Finding, Severity
from monorelease.model.guess import near
from monorelease.model.intent import Intent
from monorelease.model.migration import Carried, Legacy, PendingNote, Setting
from monorelease.model.value import replace, value
from monorelease.model.words import some_of
from monorelease.model.workspace import Workspace
from monorelease.planning.categories import bump_named, category_for, category_named
from monorelease.planning.foreign_names import Meaning, NameBook, meaning_of, meanings_of_glob

Located = Mapping[PurePosixPath, tuple[NormalizedName, ...]]


@value
class Ground:
    """What is there to carry things over to."""

    workspace: Workspace
    categories: Sequence[Category]
    book: NameBook
    located: Located
    """Of files that name nobody: the members that they are about, as far as that is known."""


@value
class _Judged:
    """What one note comes to."""

    intent: Intent | None
    findings: tuple[Finding, ...] = ()
    guessed: Mapping[str, NormalizedName]


def carry_over(legacy: Legacy, ground: Ground) -> Carried:
    """What becomes of all that a tool has left.

    Notes that say the same of several projects become one fragment. Every error is found at
    once: a name that means no member, a note about nobody.
    """
    intents: dict[tuple[str, str, str], tuple[Intent, tuple[PurePosixPath, ...]]] = {}
    findings, renamed = [*legacy.findings], dict[str, NormalizedName]()
    for note in legacy.notes:
        judged = _judge(note, ground)
        findings += judged.findings
        renamed |= judged.guessed
        if judged.intent is not None:
            _join(intents, judged.intent, note.path)
    settings = [_settle(setting, ground) for setting in legacy.settings]
    findings += (finding for _, problems in settings for finding in problems)
    return Carried(
        intents=tuple(intents.values()),
        settings=tuple(setting for setting, _ in settings if setting is not None),
        findings=tuple(dict.fromkeys(findings)),
        renamed=renamed,
    )


def _judge(note: PendingNote, ground: Ground) -> _Judged:
    moved, findings, guessed = _members(note, ground)
    usual = note.bump if note.bump is not None else bump_named(note.kind)
    if any(finding.is_error for finding in findings):
        return _Judged(intent=None, findings=tuple(findings), guessed=guessed)
    if usual is None and note.kind:
        findings.append(_unknown_kind(note))
    default = Bump.PATCH if usual is None else usual
    bumps = {name: default if bump is None else bump for name, bump in moved.items()}
    strongest = max(bumps.values(), default=Bump.NONE)
    if strongest and not note.text:
        findings.append(_wordless(note))
    if (strongest and not note.text) or not (bumps or note.is_for_nobody):
        return _Judged(intent=None, findings=tuple(findings), guessed=guessed)
    category = note.kind and category_named(note.kind, ground.categories)
    intent = Intent(
        bumps=bumps,
        category=category or category_for(strongest, ground.categories),
        id=note.number,
        text=note.text,
    )
    return _Judged(intent=intent, findings=tuple(findings), guessed=guessed)


def _members(
    note: PendingNote, ground: Ground
) -> tuple[dict[NormalizedName, Bump | None], list[Finding], dict[str, NormalizedName]]:
    """The members that a note is about, what is wrong with that, and what was guessed."""
    if note.is_for_nobody:
        return {}, [], {}
    if not note.names:
        found = ground.located.get(note.path, ())
        return dict.fromkeys(found), [] if found else [_about_nobody(note)], {}
    moved: dict[NormalizedName, Bump | None] = {}
    findings, guessed = list[Finding](), dict[str, NormalizedName]()
    for word, bump in note.names:
        meaning = meaning_of(word, ground.workspace, ground.book)
        if meaning is None:
            findings.append(_unknown_name(word, note.path, ground))
        elif meaning.member is not None:
            moved[meaning.member] = _stronger(moved.get(meaning.member), bump)
            guessed |= _guess(word, meaning)
    return moved, findings, guessed


def _guess(word: str, meaning: Meaning) -> dict[str, NormalizedName]:
    return {word: meaning.member} if meaning.is_guess and meaning.member is not None else {}


def _stronger(one: Bump | None, other: Bump | None) -> Bump | None:
    return max((bump for bump in (one, other) if bump is not None), default=None)


def _join(
    intents: dict[tuple[str, str, str], tuple[Intent, tuple[PurePosixPath, ...]]],
    intent: Intent,
    path: PurePosixPath,
) -> None:
    """Add the fragment, to the one that says the same where there is one."""
    is_number = intent.id.isdigit()
    same = (intent.category, intent.text, intent.id if is_number or not intent.text else "")
    known, paths = intents.get(same, (replace(intent, bumps={}), ()))
    bumps = {
        name: max(known.bumps.get(name, Bump.NONE), intent.bumps.get(name, Bump.NONE))
        for name in dict.fromkeys((*known.bumps, *intent.bumps))
    }
    intents[same] = replace(known, bumps=bumps), (*paths, path)


def _settle(setting: Setting, ground: Ground) -> tuple[Setting | None, list[Finding]]:
    """The setting with the members' own names; None where it names nobody here."""
    if not setting.names:
        return setting, []
    findings: list[Finding] = []
    content = tuple(_own_names(setting.content, setting, ground, findings))
    return (replace(setting, content=content) if content else None), findings


def _own_names(
    words: object, setting: Setting, ground: Ground, findings: list[Finding]
) -> Iterator[object]:
    """The members that words, or groups of them, mean; groups of one or none are no groups."""
    for word in words if isinstance(words, tuple) else ():
        if isinstance(word, tuple):
            names = tuple(dict.fromkeys(_own_names(word, setting, ground, findings)))
            if len(names) > 1:
                yield names
            continue
        found = meanings_of_glob(str(word), ground.workspace, ground.book)
        if not found and word not in ground.book.said:
            findings.append(_nobody_meant(str(word), setting))
        yield from found


def _unknown_name(word: str, path: PurePosixPath, ground: Ground) -> Finding:
    names = ground.workspace.names
    guess = near(word.rpartition("/")[2], names)
    return Finding(
        code="unknown-project",
        problem=f"{word!r} is no member here, nor like one",
        hint=f"say who it is with --map '{word}={guess or 'NAME'}', or that it is nobody here "
        f"with --map '{word}='; members are {some_of(names)}",
        path=path,
    )


def _about_nobody(note: PendingNote) -> Finding:
    return Finding(
        code="note-about-nobody",
        problem="does not say which members it is about, and no commit tells",
        hint=f"say it for the file or its folder: --map '{note.path.parent}=NAME'",
        path=note.path,
    )


def _unknown_kind(note: PendingNote) -> Finding:
    return Finding(
        code="unknown-kind",
        problem=f"{note.kind!r} is no kind of change that is known here: taken for a patch",
        hint="see to the bump and the category of the new fragment",
        severity=Severity.WARNING,
        path=note.path,
    )


def _wordless(note: PendingNote) -> Finding:
    return Finding(
        code="note-without-words",
        problem="has no text, and would say nothing to anybody: it is not carried over",
        hint="write a fragment instead if it should: monorelease add",
        severity=Severity.WARNING,
        path=note.path,
    )


def _nobody_meant(word: str, setting: Setting) -> Finding:
    return Finding(
        code="setting-about-nobody",
        problem=f"{word!r} of {setting.key[0]} means no member here, and is left out",
        hint=f"say who it is: --map '{word}=NAME'",
        severity=Severity.WARNING,
    )
