"""Read the repository once: configuration, members, fragments, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from monorelease.adapters.tree import Tree
from monorelease.errors import EditFailed, NoWorkspace
from monorelease.formats.config import parse_config
from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.fragments import is_fragment, parse_fragment
from monorelease.formats.manifest import Manifest, parse_manifest
from monorelease.formats.tags import newest_version
from monorelease.formats.text import decode
from monorelease.formats.toml import parse_toml
from monorelease.formats.version_files import pattern_of, read_version
from monorelease.formats.workspaces import member_globs
from monorelease.model.config import Config
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment
from monorelease.model.workspace import Member, VersionFromTags, VersionInFile, Workspace
