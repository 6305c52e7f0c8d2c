"""Every key of ``[tool.monorelease.forge]`` and ``[tool.monorelease.ci]``, described once."""

from __future__ import annotations

from monorelease.formats.kinds import FILLED, Choice, Flag, ListOf, Rule, Text
from monorelease.formats.spellings import ADDRESS, PLAIN, REF_RULES
from monorelease.formats.tables import Fields, Key, Table
from monorelease.model.config import CiConfig
from monorelease.model.finding import Severity
from monorelease.model.forge import ForgeConfig, ForgeKind

_DEFAULTS = ForgeConfig()
_CI_DEFAULTS = CiConfig()

_REPOSITORY_NAME = Text(
    noun="the name of a repository",
    make=str,
    rules=(
        Rule(r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$", "must be owner/name"),
        Rule(r"^(?!(.*/)?\.\.?(/|$))", "may not contain '.' or '..' as a name"),
    ),
)
_BRANCH_TEMPLATE = Text(
    noun="a template of branch names",
    make=str,
    rules=(
        # Two branches that are released from would otherwise share one pull request.
        Rule(r"\{branch\}", "must contain {branch}"),
        Rule(r"^([^{}]|\{branch\})*$", "may have no braces but {branch}"),
        Rule(r"^(?!\{branch\}$)", "must have something beside {branch}"),
        *REF_RULES,
    ),
)
_ROLL_UP_TAG = Text(
    noun="a template of tag names",
    make=str,
    rules=(
        Rule(r"^$|\{commit\}", "must contain {commit}"),
        Rule(r"^([^{}]|\{commit\}|\{date\})*$", "may have no braces but {date} and {commit}"),
        *REF_RULES,
    ),
)
_ONE_LINE = Rule(r"^[^\r\n\x00-\x08\x0b-\x1f\x7f]*$", "must be one line")

_KIND: Key[ForgeKind | None] = Key(
    name="kind",
    kind=Choice(words={**{kind.value: kind for kind in ForgeKind}, "none": None}),
    default=_DEFAULTS.kind,
    doc="Whose protocol the forge speaks; forgejo stands for Gitea too. Without it, nothing is "
    "announced and no pull request is made.",
    example='"github"',
)
_URL = Key(
    name="url",
    kind=ADDRESS,
    default=_DEFAULTS.url,
    doc="The forge as people open it. Without it, what the remote's address says.",
    example='"https://forge.example"',
)
_REPOSITORY = Key(
    name="repository",
    kind=_REPOSITORY_NAME,
    default=_DEFAULTS.repository,
    doc="The repository's name there. Without it, what the remote's address says.",
    example='"acme/tools"',
)
_BRANCH = Key(
    name="branch",
    kind=_BRANCH_TEMPLATE,
    default=_DEFAULTS.branch,
    doc="The branch of the release pull request, with {branch} for the one it is made for.",
    example='"release/{branch}"',
)
_ANNOUNCE = Key(
    name="announce",
    kind=Flag(),
    default=_DEFAULTS.announce,
    doc="Whether each published version gets a release on the forge, with its notes.",
    example="false",
)
_ROLL_UP = Key(
    name="roll-up",
    kind=_ROLL_UP_TAG,
    default=_DEFAULTS.roll_up,
    doc="The tag of one more release for all that one commit has released, with {date} and "
    "{commit} of it.",
    example='"wave-{date}-{commit}"',
)


def _forge(fields: Fields) -> ForgeConfig:
    return ForgeConfig(
        kind=fields[_KIND],
        url=fields[_URL].rstrip("/"),
        repository=fields[_REPOSITORY],
        branch=fields[_BRANCH],
        announce=fields[_ANNOUNCE],
        roll_up=fields[_ROLL_UP],
    )


FORGE = Key(
    name="forge",
    kind=Table(
        noun="a table",
        keys=(_KIND, _URL, _REPOSITORY, _BRANCH, _ANNOUNCE, _ROLL_UP),
        make=_forge,
    ),
    default=_DEFAULTS,
    doc="Where the repository lives.",
    example='{ kind = "github" }',
)

_TEST = Key(
    name="test",
    kind=Text(
        noun="a command",
        make=str,
        rules=(FILLED, _ONE_LINE, PLAIN),
    ),
    default=_CI_DEFAULTS.test,
    doc="The command that runs all tests, for bash. Without it, no workflow runs them.",
    example='"hatch run test"',
)
_PYTHONS = Key(
    name="pythons",
    kind=ListOf(
        noun="a list of versions of Python",
        item=Text(
            noun="a version of Python",
            make=str,
            rules=(Rule(r"^3\.[0-9]{1,2}t?$", "must be like 3.13"),),
        ),
        filled=True,
        identity=str,
    ),
    default=_CI_DEFAULTS.pythons,
    doc="The versions of Python that the tests run on.",
    example='["3.11", "3.14"]',
)
_TOOL = Key(
    name="tool",
    kind=Text(
        noun="a requirement, or a folder",
        make=str,
        rules=(
            FILLED,
            Rule(
                r"^(\./(?!.*\.\.)[A-Za-z0-9._/-]+"
                r"|[A-Za-z0-9][A-Za-z0-9._-]*((==|>=|~=)[0-9A-Za-z.!+]+)?)$",
                "must be a name, perhaps with a version (monorelease==1.0), or ./ and a folder",
            ),
        ),
    ),
    default=_CI_DEFAULTS.tool,
    doc="What workflows install to have monorelease.",
    example='"monorelease==1.0.0"',
)

CI = Key(
    name="ci",
    kind=Table(
        noun="a table",
        keys=(_TEST, _PYTHONS, _TOOL),
        make=lambda fields: CiConfig(
            test=fields[_TEST], pythons=fields[_PYTHONS], tool=fields[_TOOL]
        ),
    ),
    default=_CI_DEFAULTS,
    doc="What generated workflows cannot know by themselves.",
    example='{ test = "hatch run test" }',
)

API: Key[Severity | None] = Key(
    name="api",
    kind=Choice(words={"off": None, "warn": Severity.WARNING, "error": Severity.ERROR}),
    default=None,
    doc="How check --api takes a bump that the public API belies.",
    example='"warn"',
)
