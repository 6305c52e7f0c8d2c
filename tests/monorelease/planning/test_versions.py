from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.errors import VersionWouldSink
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.planning.versions import (
    bump_between,
    effective_bump,
    next_version,
    with_release,
    with_suffix,
)

NONE, PATCH, MINOR, MAJOR = Bump
ALPHA, BETA, CANDIDATE = (Prerelease(label=label) for label in Label)


def _next(
    current: str, bump: Bump, channel: Channel | None = None, major_on_zero: Bump = MINOR
) -> str:
    found = next_version(
        Version(current), bump, channel=channel or Stable(), major_on_zero=major_on_zero
    )
    return str(found)


class TestFinalVersions:
    @pytest.mark.parametrize(
        ("current", "bump", "target"),
        [
            pytest.param("1.0.43", PATCH, "1.0.44", id="patch"),
            pytest.param("1.2.3", MINOR, "1.3.0", id="minor-resets-what-follows"),
            pytest.param("1.2.3", MAJOR, "2.0.0", id="major-resets-what-follows"),
            pytest.param("1.2.3", NONE, "1.2.3", id="none-keeps-it"),
            pytest.param("1.2rc1+x", NONE, "1.2rc1+x", id="none-keeps-everything"),
        ],
    )
    def test_a_bump_raises_its_part(self, current: str, bump: Bump, target: str) -> None:
        assert _next(current, bump) == target

    @pytest.mark.parametrize(
        ("current", "bump", "target"),
        [
            pytest.param("1.2", PATCH, "1.2.1", id="a-part-that-was-not-written-is-zero"),
            pytest.param("1.2", MINOR, "1.3", id="two-parts-stay-two"),
            pytest.param("1", MAJOR, "2", id="one-part-stays-one"),
            pytest.param("1", PATCH, "1.0.1", id="as-many-parts-as-it-takes"),
            pytest.param("1.2.3.4", PATCH, "1.2.4.0", id="four-parts-stay-four"),
            pytest.param("2026.11.3", PATCH, "2026.11.4", id="calendar-version"),
        ],
    )
    def test_it_has_as_many_parts_as_were_written(
        self, current: str, bump: Bump, target: str
    ) -> None:
        assert _next(current, bump) == target

    @pytest.mark.parametrize(
        ("current", "bump", "target"),
        [
            pytest.param("1!1.2.3", MINOR, "1!1.3.0", id="the-epoch-is-kept"),
            pytest.param("1.2.3+local", PATCH, "1.2.4", id="local-is-dropped"),
            pytest.param("1.0.post1", PATCH, "1.0.1", id="post-is-after-its-final-version"),
            pytest.param("1.0.post1.dev2", PATCH, "1.0.1", id="dev-of-a-post-counts-as-post"),
        ],
    )
    def test_suffixes_are_dropped(self, current: str, bump: Bump, target: str) -> None:
        assert _next(current, bump) == target

    @pytest.mark.parametrize(
        ("current", "bump", "target"),
        [
            pytest.param("1.0.1rc2", PATCH, "1.0.1", id="patch"),
            pytest.param("1.1.0rc2", PATCH, "1.1.0", id="a-minor-is-more-than-a-patch"),
            pytest.param("1.1.0rc2", MINOR, "1.1.0", id="minor"),
            pytest.param("1.1.1rc2", MINOR, "1.2.0", id="a-patch-is-less-than-a-minor"),
            pytest.param("2.0.0rc1", MAJOR, "2.0.0", id="major"),
            pytest.param("1.1.0rc1", MAJOR, "2.0.0", id="a-minor-is-less-than-a-major"),
            pytest.param("1.1.0.dev4", MINOR, "1.1.0", id="development-release"),
            pytest.param("1.1.0rc1.post1", MINOR, "1.1.0", id="post-of-a-candidate"),
            pytest.param("1.1.0rc1.post1.dev1", MINOR, "1.1.0", id="dev-of-a-post-of-a-candidate"),
            pytest.param("1.2rc1", PATCH, "1.2", id="two-parts"),
            pytest.param("0.0.0.dev0", PATCH, "0.0.0", id="zeros-are-a-patch"),
            pytest.param("0.0.0.dev0", MINOR, "0.1.0", id="but-no-minor"),
        ],
    )
    def test_what_is_unfinished_is_finished_if_its_base_expresses_the_bump(
        self, current: str, bump: Bump, target: str
    ) -> None:
        assert _next(current, bump) == target


class TestZero:
    @pytest.mark.parametrize(
        ("current", "bump", "major_on_zero", "target"),
        [
            pytest.param("0.4.2", MAJOR, MINOR, "0.5.0", id="breaking-is-minor"),
            pytest.param("0.4.2", MAJOR, MAJOR, "1.0.0", id="unless-configured"),
            pytest.param("0.4.2", MINOR, MAJOR, "0.5.0", id="minor-is-minor-anyway"),
            pytest.param("0.4.2", PATCH, MINOR, "0.4.3", id="patch-is-patch"),
            pytest.param("1.4.2", MAJOR, MINOR, "2.0.0", id="one-is-not-zero"),
            pytest.param("1!0.4", MAJOR, MINOR, "1!0.5", id="zero-in-an-epoch"),
            pytest.param("1.0.0rc1", MAJOR, MINOR, "1.0.0", id="a-candidate-of-one-is-not-zero"),
        ],
    )
    def test_a_breaking_change_does_not_make_one_by_accident(
        self, current: str, bump: Bump, major_on_zero: Bump, target: str
    ) -> None:
        assert _next(current, bump, major_on_zero=major_on_zero) == target

    def test_what_moved_can_be_asked_for(self) -> None:
        assert effective_bump(Version("0.4"), MAJOR, MINOR) is MINOR
        assert effective_bump(Version("0.4"), MAJOR, MAJOR) is MAJOR
        assert effective_bump(Version("0.4"), PATCH, MINOR) is PATCH
        assert effective_bump(Version("1.4"), MAJOR, MINOR) is MAJOR


class TestPrereleases:
    @pytest.mark.parametrize(
        ("current", "bump", "channel", "target"),
        [
            pytest.param("1.0.43", MINOR, CANDIDATE, "1.1.0rc1", id="the-first-has-number-one"),
            pytest.param("1.1.0rc1", MINOR, CANDIDATE, "1.1.0rc2", id="the-next-has-the-next"),
            pytest.param("1.1.0rc1", PATCH, CANDIDATE, "1.1.0rc2", id="also-for-a-smaller-bump"),
            pytest.param("1.1.0rc9", MINOR, CANDIDATE, "1.1.0rc10", id="numbers-are-numbers"),
            pytest.param(
                "1.1.0rc1", MAJOR, CANDIDATE, "2.0.0rc1", id="another-version-starts-anew"
            ),
            pytest.param("1.1.0a3", MINOR, BETA, "1.1.0b1", id="a-later-label-starts-anew"),
            pytest.param("1.1.0.dev7", MINOR, ALPHA, "1.1.0a1", id="alpha-comes-after-dev"),
            pytest.param("1.1.0rc1.post2", MINOR, CANDIDATE, "1.1.0rc2", id="after-its-post"),
            pytest.param("1.2", PATCH, ALPHA, "1.2.1a1", id="parts-as-for-final-versions"),
            pytest.param("0.4.2", MAJOR, CANDIDATE, "0.5.0rc1", id="zero-as-for-final-versions"),
            pytest.param("1.1.0rc1", NONE, ALPHA, "1.1.0rc1", id="none-keeps-it"),
        ],
    )
    def test_the_final_version_is_announced_by_label_and_number(
        self, current: str, bump: Bump, channel: Channel, target: str
    ) -> None:
        assert _next(current, bump, channel) == target

    @pytest.mark.parametrize("channel", [ALPHA, BETA])
    def test_an_earlier_label_of_the_same_version_is_refused(self, channel: Channel) -> None:
        with pytest.raises(VersionWouldSink, match=r"would not be newer than 1\.1\.0rc2") as caught:
            _next("1.1.0rc2", MINOR, channel)

        assert "later label" in caught.value.hint


class TestSnapshots:
    @pytest.mark.parametrize(
        ("current", "bump", "target"),
        [
            pytest.param("1.0.43", PATCH, "1.0.44.dev20261122", id="before-the-final-version"),
            pytest.param("1.0.44.dev9", PATCH, "1.0.44.dev20261122", id="after-an-earlier-one"),
            pytest.param("1.1.0rc2", MINOR, "1.1.0rc3.dev20261122", id="after-a-candidate"),
            pytest.param("1.1.0rc2", MAJOR, "2.0.0.dev20261122", id="of-another-version"),
            pytest.param("1.0.43", NONE, "1.0.43", id="none-keeps-it"),
        ],
    )
    def test_a_snapshot_precedes_what_comes_next(
        self, current: str, bump: Bump, target: str
    ) -> None:
        assert _next(current, bump, Snapshot(stamp=20261122)) == target

    @pytest.mark.parametrize("stamp", [8, 9])
    def test_a_stamp_that_is_not_later_is_refused(self, stamp: int) -> None:
        with pytest.raises(VersionWouldSink, match="would not be newer") as caught:
            _next("1.0.44.dev9", PATCH, Snapshot(stamp=stamp))

        assert "higher number" in caught.value.hint


class TestRequestedVersions:
    @pytest.mark.parametrize(
        ("current", "target", "bump"),
        [
            pytest.param("1.2.3", "1.2.4", PATCH, id="patch"),
            pytest.param("1.2.3", "1.4.7", MINOR, id="minor-and-more"),
            pytest.param("1.2.3", "4.0", MAJOR, id="major"),
            pytest.param("1.2.3", "1!0.1", MAJOR, id="a-new-epoch-is-beyond-any-major"),
            pytest.param("1.2.3", "1.3.0rc1", MINOR, id="a-pre-release-fulfils-what-it-announces"),
            pytest.param("1.1.0rc1", "1.1.0", MINOR, id="finished"),
            pytest.param("1.2.3", "1.2.3.post1", PATCH, id="post-release"),
            pytest.param("1.2.3.1", "1.2.3.2", PATCH, id="fourth-part"),
            pytest.param("1.2.3", "1.2.3", NONE, id="the-same"),
            pytest.param("1.2.3", "1.2.2", NONE, id="older"),
        ],
    )
    def test_it_amounts_to_the_strongest_bump_it_fulfils(
        self, current: str, target: str, bump: Bump
    ) -> None:
        assert bump_between(Version(current), Version(target), MINOR) is bump

    @pytest.mark.parametrize(
        ("target", "major_on_zero", "bump"),
        [("0.5.0", MINOR, MAJOR), ("0.5.0", MAJOR, MINOR), ("1.0.0", MAJOR, MAJOR)],
    )
    def test_on_zero_a_minor_can_fulfil_a_breaking_change(
        self, target: str, major_on_zero: Bump, bump: Bump
    ) -> None:
        assert bump_between(Version("0.4.2"), Version(target), major_on_zero) is bump


def test_a_version_is_put_together_from_its_parts() -> None:
    assert with_release(Version("1!2.3rc1+x"), (4, 0)) == Version("1!4.0")
    assert str(with_suffix(Version("1.2"), "rc1")) == "1.2rc1"


_number = st.integers(0, 3)
_VERSIONS = st.builds(
    lambda epoch, release, pre, post, dev, local: Version(
        f"{epoch}!{'.'.join(map(str, release))}{pre}{post}{dev}{local}"
    ),
    st.integers(0, 1),
    st.lists(_number, min_size=1, max_size=4),
    st.one_of(st.just(""), st.builds("{}{}".format, st.sampled_from(Label), _number)),
    st.one_of(st.just(""), _number.map(".post{}".format)),
    st.one_of(st.just(""), _number.map(".dev{}".format)),
    st.sampled_from(["", "+local.1"]),
)
_BUMPS = st.sampled_from([PATCH, MINOR, MAJOR])
_ON_ZERO = st.sampled_from([MINOR, MAJOR])
_LABELS = st.sampled_from([ALPHA, BETA, CANDIDATE])
_SNAPSHOTS = st.builds(Snapshot, stamp=st.integers(0, 5))


@pytest.mark.property
@given(_VERSIONS, _BUMPS, _ON_ZERO)
def test_a_final_version_is_always_newer(current: Version, bump: Bump, on_zero: Bump) -> None:
    target = next_version(current, bump, channel=Stable(), major_on_zero=on_zero)

    assert target > current
    assert str(target) == target.base_version
    assert target.epoch == current.epoch
    assert len(target.release) >= len(current.release)


@pytest.mark.property
@given(_VERSIONS, _BUMPS, _ON_ZERO, st.one_of(_LABELS, _SNAPSHOTS))
def test_others_are_newer_and_lead_to_that_final_version(
    current: Version, bump: Bump, on_zero: Bump, channel: Channel
) -> None:
    final = next_version(current, bump, channel=Stable(), major_on_zero=on_zero)
    try:
        target = next_version(current, bump, channel=channel, major_on_zero=on_zero)
    except VersionWouldSink:
        reject()

    assert current < target < final
    assert next_version(target, bump, channel=Stable(), major_on_zero=on_zero) == final


@pytest.mark.property
@given(_VERSIONS, _BUMPS, _ON_ZERO, st.one_of(_LABELS, _SNAPSHOTS))
def test_nothing_is_refused_without_a_reason(
    current: Version, bump: Bump, on_zero: Bump, channel: Channel
) -> None:
    try:
        next_version(current, bump, channel=channel, major_on_zero=on_zero)
    except VersionWouldSink:
        if isinstance(channel, Prerelease):
            assert current.pre is not None
            assert channel.label < current.pre[0]
        else:
            assert isinstance(channel, Snapshot)
            assert current.pre is None
            assert current.dev is not None
            assert channel.stamp <= current.dev


@pytest.mark.property
@given(_VERSIONS, _BUMPS, _LABELS)
def test_pre_releases_of_one_version_count_up(
    current: Version, bump: Bump, channel: Prerelease
) -> None:
    try:
        first = next_version(current, bump, channel=channel, major_on_zero=MINOR)
    except VersionWouldSink:
        reject()
    second = next_version(first, bump, channel=channel, major_on_zero=MINOR)

    assert first.pre is not None
    assert second.base_version == first.base_version
    assert second.pre == (channel.label, first.pre[1] + 1)


@pytest.mark.property
@given(_VERSIONS, _ON_ZERO)
def test_a_stronger_bump_leads_no_less_far(current: Version, on_zero: Bump) -> None:
    patch, minor, major = (
        next_version(current, bump, channel=Stable(), major_on_zero=on_zero)
        for bump in (PATCH, MINOR, MAJOR)
    )

    assert patch <= minor <= major


@pytest.mark.property
@given(_VERSIONS, _BUMPS, _ON_ZERO)
def test_every_next_version_fulfils_its_bump(current: Version, bump: Bump, on_zero: Bump) -> None:
    target = next_version(current, bump, channel=Stable(), major_on_zero=on_zero)
    fulfilled = bump_between(current, target, on_zero)

    assert fulfilled >= bump
    assert next_version(current, fulfilled, channel=Stable(), major_on_zero=on_zero) == target
