"""An index that registers a few names a day gets whole packages, the required ones first."""

from __future__ import annotations

from pathlib import Path

from index_server import IndexServer
from publishing import EVERYTHING, FILES, TAGS, TOKEN, released, tags_here, tags_there
from pypi_server import UV, needs_uv
from sandbox import Sandbox

pytestmark = needs_uv

ENVIRONMENT = TOKEN | {"HATCH_UV": UV, "UV_NO_CONFIG": "1"}

LIMITED = "new-projects-per-day = 2\n"


def test_the_rest_comes_when_the_index_takes_new_names_again(tmp_path: Path) -> None:
    with IndexServer(new_projects=2) as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url, LIMITED)

        first = publish(sandbox)
        assert first[0] == 1
        assert index.stored == sorted((*FILES["core"], *FILES["plugin-a"]))
        assert tags_here(sandbox) == tags_there(sandbox) == ["core-v1.0.1", "plugin-a-v1.0.1"]
        assert "3 names are new, and test registers 2 in 24 hours: it takes 2 days" in first[1]
        assert "first come core and plugin-a" in first[1]
        assert "Too many new projects created" in first[1]
        assert "run the same command again" in first[1]
        assert len(index.uploads) == 5, "after one refusal no other file is sent"

        index.new_projects = 3
        last = publish(sandbox)
        assert last[0] == 0, last[1]
        assert index.stored == EVERYTHING
        assert tags_here(sandbox) == tags_there(sandbox) == TAGS


def test_required_names_come_first_though_nobody_knew_of_a_limit(tmp_path: Path) -> None:
    with IndexServer(new_projects=1) as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)

        assert publish(sandbox)[0] == 1
        assert index.stored == sorted(FILES["core"])
        assert tags_there(sandbox) == ["core-v1.0.1"]


def publish(sandbox: Sandbox) -> tuple[int, str]:
    """How the command ended, and all that it said."""
    ran = sandbox.monorelease("publish", "--yes", **ENVIRONMENT)
    return ran.status, ran.stdout + ran.stderr
