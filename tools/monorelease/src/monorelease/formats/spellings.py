"""How paths, names, tags, addresses, links and commands may be spelled in the configuration."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import canonicalize_name

from monorelease.formats.kinds import FILLED, ListOf, Rule, Text, TextOr

INSIDE = (
    FILLED,
    Rule(r"^(?!/|[A-Za-z]:)", "must be relative"),
    Rule(r"^(?!(.*/)?\.\.(/|$))", "may not contain '..'"),
    Rule(r"^[^\\]*$", "must be written with / rather than \\"),
)
"""A path that stays below the folder where it begins, on every system."""

BELOW = Rule(r"^(?!(\./*)+$)", "must name something below the folder")

FILE_RULES = (*INSIDE, Rule(r"(^|/)(?!\.?$)[^/]*$", "must name a file"))

FILE = Text(noun="a path", make=PurePosixPath, rules=FILE_RULES)

FOLDER = Text(noun="a folder", make=PurePosixPath, rules=(*INSIDE, BELOW))

FOLDER_GLOB = Text(
    noun="a folder or a glob of folders",
    make=str,
    rules=(*INSIDE, Rule(r"^(?!!)", "may not begin with '!' (there is a key 'exclude')")),
)

NAME = Text(
    noun="a package name",
    make=canonicalize_name,
    rules=(Rule(r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", "must be a package name"),),
)

NAME_GLOB = Text(
    noun="a package name or a glob of names",
    # Names are compared normalised, so globs of them have to be normalised too.
    make=lambda text: str(canonicalize_name(text)),
    rules=(
        Rule(
            r"^!?[A-Za-z0-9*?\[][A-Za-z0-9._*?!\[\]-]*$",
            "must be a package name, perhaps with *, ? or [a-z] in it, and ! before it",
        ),
    ),
)

REF_RULES = (
    # git-check-ref-format(1), and that a name may not look like an option.
    Rule(r"^[^ ~^:?*\[\\]*$", "may not contain blanks or any of ~^:?*[\\"),
    Rule(r"^(?!.*(\.\.|//|/\.))", "may not contain '..', '//' or '/.'"),
    Rule(r"^(?![-./])", "may not begin with '-', '.' or '/'"),
    Rule(r"^(?!.*([./]|\.lock)$)(?!.*\.lock/)", "may not end with '.', '/' or '.lock'"),
)

PLAIN = Rule(r"^(?!.*\$\{\{)", "may not contain '${{'")
"""What stands in a workflow: it would be replaced there before anything could quote it."""

_NAMED_REF_RULES = (
    FILLED,
    *REF_RULES,
    Rule(r"^(?!@$|.*@\{)", "may not be '@' or contain '@{'"),
    PLAIN,
)

BRANCH = Text(noun="the name of a branch", make=str, rules=_NAMED_REF_RULES)

REMOTE = Text(noun="the name of a remote", make=str, rules=_NAMED_REF_RULES)

TAG = Text(
    noun="a template of tag names",
    make=str,
    rules=(
        # A tag says that one member was published: each member needs its own, and which one
        # is meant must be legible from the tag alone.
        Rule(r"\{name\}", "must contain {name}"),
        Rule(r"\{version\}", "must contain {version}"),
        Rule(r"^([^{}]|\{name\}|\{version\})*$", "may have no braces but {name} and {version}"),
        Rule(r"^(?!.*(\{name\}.*\{name\}|\{version\}.*\{version\}))", "may say each only once"),
        Rule(r"^(?!.*\}\{)", "must have something between {name} and {version}"),
        *REF_RULES,
    ),
)

VERSION_PATTERN = Text(
    noun="a text with {version} in it",
    make=str,
    rules=(Rule(r"^(?!.*\{version\}.*\{version\}).*\{version\}", "must contain {version} once"),),
)


INDEX_NAME = Text(
    noun="the name of an index",
    make=str,
    # It becomes a part of the names of environment variables.
    rules=(Rule(r"^[A-Za-z0-9_-]+$", "must be made of letters, digits, '-' and '_'"),),
)

USERNAME = Text(
    noun="the name of a user",
    make=str,
    rules=(
        FILLED,
        Rule(r"^(?!-)", "may not begin with '-'"),
        Rule(r"^[^:]*$", "may not contain ':' (a password comes from the environment)"),
    ),
)

_PORT = "([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_USER = "([^/]*@)?"
_HOST_END = "([/?#]|$)"
_LOOPBACK = r"(127(\.[0-9]{1,3}){3}|\[::1\]|localhost)"
_HOST = r"([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"

ADDRESS = Text(
    noun="an address",
    make=str,
    rules=(
        Rule(r"^https?://", "must begin with https://"),
        Rule(
            rf"^(?!http://(?!{_USER}{_LOOPBACK}(:[0-9]*)?{_HOST_END}))",
            "must begin with https:// (http:// is for localhost, 127.x.y.z and [::1] alone)",
        ),
        Rule(
            rf"^(?!https?://(?!{_USER}{_HOST}(:{_PORT})?{_HOST_END}))",
            "must name a host, and perhaps a port",
        ),
        Rule(
            r"^(?!([A-Za-z][A-Za-z0-9+.-]*://)?[^/]*@)",
            "may not contain credentials: they come from the environment or the keyring",
        ),
        Rule(r"^[^?#]*$", "may not have a query or a fragment"),
        Rule(r"^[!-\[\]-~]*$", "may contain no blanks, no \\ and ASCII characters alone"),
        PLAIN,
    ),
    may_be_secret=True,
)
"""Where an index is; whatever credentials somebody wrote into it are not repeated."""


def link_to(placeholder: str) -> Text[str]:
    """A template of links that is empty or contains `placeholder`, and no other braces."""
    name = placeholder.strip("{}")
    return Text(
        noun=f"a link with {placeholder} in it",
        make=str,
        rules=(
            Rule(rf"^$|\{{{name}\}}", f"must contain {placeholder}"),
            Rule(rf"^([^{{}}]|\{{{name}\}})*$", f"may have no braces but {placeholder}"),
            Rule(r"^[^ <>]*$", "may not contain blanks, '<' or '>'"),
        ),
    )


def _arguments(line: str) -> tuple[str, ...]:
    """The arguments of a command line; there is no shell to ask.

    Raises:
        ValueError: for quotes that do not close, and for an empty argument.
    """
    import shlex  # only repositories with hooks need it

    arguments = tuple(shlex.split(line))
    if not all(arguments):
        raise ValueError("has an empty argument")
    return arguments


COMMAND = TextOr(
    text=Text(
        noun="a command",
        make=_arguments,
        rules=(
            FILLED,
            Rule(
                r"^(?!(.* )?(\|\|?|&&?|;|>>?|<)( |$))",
                "no shell runs this: write a second command, or a list of arguments",
            ),
        ),
    ),
    other=ListOf(
        noun="a command, or a list of arguments",
        item=Text(noun="an argument", make=str, rules=(Rule(r".", "may not be empty"),)),
        filled=True,
    ),
)
