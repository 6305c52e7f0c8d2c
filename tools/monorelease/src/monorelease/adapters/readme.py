"""Whether PyPI could show a description in reStructuredText: asked of the renderer it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from monorelease.adapters.commands import run
from monorelease.adapters.trial import make_environment
from monorelease.errors import MissingTool
from monorelease.model.finding import Finding, Severity

RENDERER = "readme_renderer"
_INSTALL_SECONDS = 180.0
_RENDER_SECONDS = 60.0


def check_readmes(
    texts: Mapping[PurePosixPath, str], uv: Sequence[str], environment: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Which of these descriptions PyPI would refuse.

    The renderer is installed for that, into an environment of its own. Where it cannot be,
    without a network say, that is a warning.

    Args:
        texts: in reStructuredText, by the manifest of the member that they describe.
        uv: the command.
        environment: for all that is started, without secrets.
    """
    if not texts:
        return ()
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="monorelease-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        try:
            python = make_environment(uv, environment, folder)
        except MissingTool as error:
            return (_not_rendered(error.problem),)
        words = [*uv, "pip", "install", "--python", str(python), RENDERER]
        ended = run(words, folder, seconds=_INSTALL_SECONDS, environment=environment)
        if ended.status != 0:
            return (_not_rendered(ended.last_words),)
        return tuple(
            finding
            for manifest, text in texts.items()
            if (finding := _render(python, text, manifest, environment)) is not None
        )


def _render(
    python: Path, text: str, manifest: PurePosixPath, environment: Mapping[str, str]
) -> Finding | None:
    folder = python.parents[2]
    (folder / "README.rst").write_text(text, "utf-8", newline="\n")
    words = ["-I", "-X", "utf8", "-W", "ignore", "-m", RENDERER, "README.rst", "-o", "README.html"]
    ended = run([str(python), *words], folder, seconds=_RENDER_SECONDS, environment=environment)
    if ended.status == 0:
        return None
    return Finding(
        code="readme-does-not-render",
        problem=f"PyPI could not show the description:\n{ended.last_words}",
        hint="correct the file that `readme` names; docutils tells the line",
        path=manifest,
        key=("project", "readme"),
    )


def _not_rendered(words: str) -> Finding:
    return Finding(
        code="readme-not-rendered",
        problem=f"nobody saw whether PyPI can show the descriptions: {RENDERER} could not be "
        f"installed:\n{words}",
        hint=f"render them where it can be: python -m {RENDERER} README.rst",
        severity=Severity.WARNING,
    )
