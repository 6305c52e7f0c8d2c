"""The page of the reference that tells which variables of the environment count."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import MappingProxyType

from source_index import Source

VARIABLES = MappingProxyType(
    {
        "Credentials": {
            "MONORELEASE_INDEX_NAME_TOKEN": "what opens the index NAME for uploads; NAME in "
            "capitals, with `_` for what is neither letter nor digit",
            "MONORELEASE_INDEX_NAME_USERNAME": "with the next one, in place of a token",
            "MONORELEASE_INDEX_NAME_PASSWORD": "see above",
            "UV_PUBLISH_TOKEN": "likewise, for any index that has no variables of its own",
            "UV_PUBLISH_USERNAME": "with the next one, in place of a token",
            "UV_PUBLISH_PASSWORD": "see above",
            "MONORELEASE_FORGE_TOKEN": "what opens the forge; it counts before the next ones, and "
            "on every server",
            "GITHUB_TOKEN": "the same, for GitHub; in a job of CI, for the job's own server alone",
            "GH_TOKEN": "the same, where there is no `GITHUB_TOKEN`",
            "GITLAB_TOKEN": "the same, for GitLab",
            "FORGEJO_TOKEN": "the same, for Forgejo and Gitea",
            "GITEA_TOKEN": "the same, where there is no `FORGEJO_TOKEN`",
            "ACTIONS_ID_TOKEN_REQUEST_URL": "with the next one, trusted publishing from a job of "
            "GitHub",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "see above",
            "PYPI_ID_TOKEN": "trusted publishing from a job of GitLab (with `GITLAB_CI`)",
            "TESTPYPI_ID_TOKEN": "the same, for TestPyPI",
        },
        "A job of CI": {
            "CI": "nobody sits in front of this: no browser is opened, and git reaches the remote "
            "with the forge's token",
            "GITLAB_CI": "this is a job of GitLab",
            "GITEA_ACTIONS": "the server that speaks like GitHub is Gitea",
            "FORGEJO_ACTIONS": "the server that speaks like GitHub is Forgejo",
            "GITHUB_SERVER_URL": "the forge, where neither the configuration nor the remote says",
            "GITHUB_REPOSITORY": "the repository's name there",
            "GITHUB_API_URL": "where that forge is asked",
            "GITHUB_BASE_REF": "the branch that a pull request is for",
            "GITHUB_REF": "the pull request, if this is a job of one",
            "GITHUB_SHA": "the commit that was checked out: a merge that does not exist yet is "
            "taken for its second parent",
            "CI_SERVER_URL": "as `GITHUB_SERVER_URL`, of GitLab",
            "CI_PROJECT_PATH": "as `GITHUB_REPOSITORY`, of GitLab",
            "CI_API_V4_URL": "as `GITHUB_API_URL`, of GitLab",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "the branch that a merge request is for",
            "CI_MERGE_REQUEST_IID": "the merge request",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "its newest commit, where a merge is checked out",
        },
        "Programs": {
            "HATCH_UV": "the uv to run; hatch sets it. Without it, the one on the `PATH`",
            "PATH": "where other programs are looked for",
            "VISUAL": "the editor of `add --edit`",
            "EDITOR": "the same, where there is no `VISUAL`",
            "PAGER": "what shows long texts; without it, `less`",
            "LESS": "set for the pager, unless it is set already",
            "LESSCHARSET": "likewise",
        },
        "Terminals and screens": {
            "NO_COLOR": "no colours, whatever it says (<https://no-color.org>)",
            "TERM": "no colours where it is `dumb`",
            "DISPLAY": "there is a screen on which a browser can be seen",
            "WAYLAND_DISPLAY": "likewise",
            "SSH_CONNECTION": "the screen is elsewhere: no browser is opened",
            "SSH_TTY": "likewise",
            "SSH_CLIENT": "likewise",
        },
        "Builds": {
            "SOURCE_DATE_EPOCH": "the date of a release, in seconds since 1970, where `--date` "
            "does not say it; for builds it is set to the time of the commit",
            "UV_INDEX": "indexes for what members require of others; the one that is published to "
            "comes first",
            "UV_OFFLINE": "the trial installs from uv's cache; uploads are made all the same",
            "UV_FIND_LINKS": "folders with wheels for what builds require; earlier builds are "
            "added",
            "UV_BUILD_CONSTRAINT": "files that bound what builds require; our own is added",
        },
        "Git": {
            "GIT_INDEX_FILE": "kept in a hook where its commit is made of that index",
            "GIT_CONFIG_COUNT": "what is configured there stays; credentials for the forge come "
            "behind it",
        },
        "Set for other programs": {
            "GIT_CONFIG_KEY_N": "for git: which servers get the credentials",
            "GIT_CONFIG_VALUE_N": "for git: the credentials, which are in no argument",
            "GIT_TERMINAL_PROMPT": "for git: nobody is asked for a password",
            "GCM_INTERACTIVE": "likewise, for its credential manager",
            "GIT_ATTR_NOSYSTEM": "for git, in a scratch checkout: the system's attributes do not "
            "count",
            "GIT_COMMITTER_DATE": "for git: one date for all commits of a release branch",
            "UV_HTTP_RETRIES": "for uploads: 0, as repeating them is decided after a look at the "
            "index",
        },
        "Taken away": {
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": "what git tells a hook of another repository",
            "GIT_COMMON_DIR": "likewise",
            "GIT_DIR": "likewise",
            "GIT_LITERAL_PATHSPECS": "likewise",
            "GIT_NAMESPACE": "likewise",
            "GIT_OBJECT_DIRECTORY": "likewise",
            "GIT_PREFIX": "likewise",
            "GIT_QUARANTINE_PATH": "likewise",
            "GIT_SHALLOW_FILE": "likewise",
            "GIT_WORK_TREE": "likewise",
            "RUST_LOG": "from uploads: uv would log what is to stay hidden",
            "UV_CONFIG_FILE": "from uploads: it could name another index",
            "HATCH_*": "from builds: they are settings of the hatch around us",
        },
    }
)
"""What is read, set and taken away, by what it is for; a test holds it against the source."""

OTHERS = frozenset({"CHERRY_PICK_HEAD", "GIT_COMMITTER_IDENT", "TYPE_CHECKING"})
"""Names in the source that look like a variable and are none."""


_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+_?|[A-Z]+_")


def environment_page() -> str:
    """The page, in Markdown."""
    lines = [_INTRODUCTION]
    for title, variables in VARIABLES.items():
        lines += [f"## {title}\n", "| variable | counts for |", "| --- | --- |"]
        lines += [f"| `{name}` | {meaning} |" for name, meaning in variables.items()]
        lines.append("")
    return "\n".join([*lines, _LAST])


def variables_in(source: Source) -> set[str]:
    """The names of variables that stand in the source, some of them only as their beginning."""
    found: set[str] = set()
    for room in source:
        constants = [node for node in ast.walk(room.tree) if isinstance(node, ast.Constant)]
        texts = {node.value for node in constants if isinstance(node.value, str)}
        found |= {text for text in texts if _VARIABLE.fullmatch(text)}
        found |= {name for call, _ in room.calls for name in _asked_for(call)}
    return found - OTHERS


def spelling(variable: str) -> str:
    """A variable of the page as the source has it, where that is only its beginning."""
    if variable.startswith("MONORELEASE_INDEX_"):
        return "MONORELEASE_INDEX_"
    if variable == "UV_PUBLISH_TOKEN":
        return "UV_PUBLISH"
    return (
        variable.removesuffix("N").removesuffix("*") if variable[-2:] in {"_N", "_*"} else variable
    )


_INTRODUCTION = """\
# Environment

`hatch run test tests/docs --update` writes this page; a test holds it against the source.
monorelease reads no other variables; git, uv, build backends and Python itself read what is theirs.
"""

_LAST = """\
## What no foreign code sees

Builds, trial imports, hooks and `uv lock` run without variables that hold secrets: everything that
begins with `MONORELEASE_`, the tokens and passwords of uv, twine, flit, hatch, pdm and poetry for
uploads, and those of the forges and their jobs. What it takes to *read* a private index stays, as
nothing could be built without.

Proxies and certificates (`http_proxy`, `https_proxy`, `no_proxy`, `SSL_CERT_FILE`) count as Python
and uv read them.
"""


def _asked_for(call: ast.Call) -> Iterator[str]:
    """``environment.get("NAME")``: names of one word are known by that alone."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=where, attr="get"), args=[ast.Constant(value=str(name)), *_]
        ) if "environ" in ast.unparse(where):
            yield name
