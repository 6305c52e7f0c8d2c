"""Ways to break the planner, one rule at a time, and the test that dies of each."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """In `room`, `old` (which stands there once) becomes `new`; then `test` must fail."""

    room: str
    """In ``planning/``."""
    old: str
    new: str
    test: str
    """In ``tests/monorelease/planning/``, as pytest names it."""


MUTANTS = (
    # ── rules: who demands a release, and the causes that are told ───────────────────────
    Mutant(
        "rules",
        "(*situation.named, *situation.scope.versions)",
        "(*situation.named,)",
        "test_plan.py::test_a_requested_version_is_taken_as_it_is",
    ),
    Mutant(
        "rules",
        "(*situation.named, *situation.scope.versions)",
        "(*situation.scope.versions,)",
        "test_plan.py::test_every_fragment_is_honoured",
    ),
    Mutant(
        "rules",
        "yield member.name, Bump.PATCH",
        "yield member.name, Bump.MINOR",
        "test_plan.py::test_a_dependent_whose_range_is_left_is_patched_and_on_and_on",
    ),
    Mutant(
        "rules",
        "key=situation.own_bump, reverse=True",
        "key=situation.own_bump",
        "test_rules.py::test_a_group_names_the_member_with_the_strongest_reason",
    ),
    Mutant(
        "rules",
        "[name for name in group.members if name in bumps]",
        "list(group.members)",
        "test_rules.py::test_a_group_that_only_lends_its_version_is_no_cause",
    ),
    Mutant(
        "rules",
        "tuple(released[:2])",
        "tuple(released[:1])",
        "test_rules.py::test_who_moves_the_group_itself_from_below_names_the_next",
    ),
    Mutant(
        "rules",
        "own = max(situation.own_bump(name), Bump.PATCH if follows else Bump.NONE)",
        "own = situation.own_bump(name)",
        "test_rules.py::test_a_member_that_follows_as_far_as_its_group_goes_needs_no_group",
    ),
    Mutant(
        "rules",
        "own < bumps[name] or situation.base_of[name] != member.version",
        "own < bumps[name]",
        "test_rules.py::test_who_moves_the_group_itself_from_below_names_the_next",
    ),
    Mutant(
        "rules",
        "own < bumps[name] or situation.base_of[name] != member.version",
        "situation.base_of[name] != member.version",
        "test_plan.py::test_every_release_has_a_cause",
    ),
    Mutant(
        "rules",
        "target is None or dependency.on in seen",
        "target is None",
        "test_rules.py::test_a_dependency_is_one_cause_however_often_it_is_required",
    ),
    Mutant(
        "rules",
        "leaves=not dependency.allows(target)",
        "leaves=dependency.allows(target)",
        "test_rules.py::test_a_dependent_that_always_follows_is_not_said_to_be_left",
    ),
    Mutant(
        "rules",
        "for leader in leaders[name] if leader != name",
        "for leader in leaders[name]",
        "test_rules.py::test_who_moves_the_group_itself_from_below_names_the_next",
    ),
    Mutant(
        "rules",
        "not dependency.is_published or not dependency.allows(current)",
        "not dependency.is_published",
        "test_plan.py::test_a_range_that_excluded_the_old_version_is_not_followed_and_is_refused",
    ),
    Mutant(
        "rules",
        "not dependency.is_published or not dependency.allows(current)",
        "not dependency.allows(current)",
        "test_plan.py::test_a_dependent_tied_by_a_group_alone_is_edited_and_not_released",
    ),
    Mutant(
        "rules",
        "        case DependentsPolicy.NEVER:\n            return False",
        "        case DependentsPolicy.NEVER:\n            return not dependency.allows(target)",
        "test_plan.py::test_dependents_never_leaves_them_and_the_set_is_refused",
    ),
    Mutant(
        "rules",
        "        case DependentsPolicy.ALWAYS:\n            return True",
        "        case DependentsPolicy.ALWAYS:\n            return not dependency.allows(target)",
        "test_plan.py::test_dependents_always_follows_inside_the_range_too",
    ),
    Mutant(
        "rules",
        "leaves = not dependency.allows(target)",
        "leaves = False",
        "test_plan.py::test_what_left_a_range_that_held_is_followed",
    ),
    Mutant(
        "rules",
        "return leaves or _becomes_final(member, current, situation)",
        "return leaves",
        "test_plan.py::test_a_dependent_pre_released_for_a_pre_release_becomes_final_with_it",
    ),
    Mutant(
        "rules",
        "isinstance(situation.channel, Stable)\n        and ",
        "",
        "test_rules.py::test_a_pre_released_dependent_becomes_final_with_its_dependency",
    ),
    Mutant(
        "rules",
        "        and member.version.is_prerelease\n",
        "",
        "test_rules.py::test_a_pre_released_dependent_becomes_final_with_its_dependency",
    ),
    Mutant(
        "rules",
        "        and current.is_prerelease\n",
        "",
        "test_rules.py::test_a_pre_released_dependent_becomes_final_with_its_dependency",
    ),
    # ── plan: settling, order, constraints ───────────────────────────────────────────────
    Mutant(
        "plan",
        "m.name not in direct",
        "False",
        "test_plan.py::test_directly_named_members_come_first",
    ),
    Mutant(
        "plan",
        "    while moved:\n        name",
        "    if moved:\n        name",
        "test_plan.py::test_a_dependent_whose_range_is_left_is_patched_and_on_and_on",
    ),
    Mutant(
        "plan",
        "situation.may_move(name) and bump > bumps.get(name, Bump.NONE)",
        "bump > bumps.get(name, Bump.NONE)",
        "test_plan.py::test_a_member_that_is_held_back_stays",
    ),
    Mutant(
        "plan",
        "strongest = max(",
        "strongest = min(",
        "test_plan.py::test_a_fixed_group_takes_the_highest_version_and_the_strongest_bump",
    ),
    Mutant(
        "plan",
        "group.kind is GroupKind.FIXED or name in bumps",
        "True",
        "test_plan.py::test_a_linked_group_moves_only_those_that_are_released",
    ),
    Mutant(
        "plan",
        "group.kind is GroupKind.FIXED or name in bumps",
        "name in bumps",
        "test_plan.py::test_a_fixed_group_goes_to_one_version_or_stays",
    ),
    Mutant(
        "plan",
        "joins and situation.may_move(name) and",
        "joins and",
        "test_plan.py::test_a_member_that_is_held_back_stays",
    ),
    Mutant(
        "plan",
        "                bumps[name] = strongest\n                moved.append(name)",
        "                bumps[name] = strongest",
        "test_settling.py::test_a_group_that_a_dependent_pulls_in_pulls_in_others_again",
    ),
    Mutant(
        "plan",
        "threshold is not None and bumps[dependency.on] >= threshold",
        "threshold is not None and bumps[dependency.on] > threshold",
        "test_plan.py::test_a_constraint_that_holds_is_raised_from_the_configured_bump",
    ),
    Mutant(
        "plan",
        "threshold is not None and bumps[dependency.on] >= threshold",
        "threshold is not None",
        "test_plan.py::test_a_constraint_that_holds_is_raised_from_the_configured_bump",
    ),
    Mutant(
        "plan",
        "exact or is_raised or not dependency.allows(target)",
        "exact or is_raised",
        "test_settling.py::test_a_constraint_that_no_longer_holds_is_always_rewritten",
    ),
    Mutant(
        "plan",
        "exact or is_raised or not dependency.allows(target)",
        "is_raised or not dependency.allows(target)",
        "test_settling.py::test_a_snapshot_pins_its_siblings_whatever_the_configuration_says",
    ),
    Mutant(
        "plan",
        "(member, dependency, target, exact=exact)",
        "(member, dependency, target, exact=False)",
        "test_plan.py::test_a_snapshot_pins_its_siblings_exactly",
    ),
    Mutant(
        "plan",
        "not dependency.is_published or member.name in situation.ignored",
        "not dependency.is_published",
        "test_plan.py::test_an_ignored_member_is_not_released_and_its_constraint_follows",
    ),
    Mutant(
        "plan",
        "not dependency.is_published or member.name in situation.ignored",
        "True",
        "test_plan.py::test_members_outside_the_plan_are_not_touched",
    ),
    Mutant(
        "plan",
        "is_unseen and member.name not in targets and not dependency.allows(target)",
        "is_unseen and not dependency.allows(target)",
        "test_plan.py::test_members_outside_the_plan_are_not_touched",
    ),
    Mutant(
        "plan",
        "is_unseen and member.name not in targets and not dependency.allows(target)",
        "is_unseen and member.name not in targets",
        "test_settling.py::test_what_follows_unreleased_is_rewritten_only_where_it_must",
    ),
    # ── situation: from where, who may, what was asked for ───────────────────────────────
    Mutant(
        "situation",
        "name in self.base_of and name not in self.ignored",
        "name not in self.ignored",
        "test_plan.py::test_a_member_without_a_version_is_never_released",
    ),
    Mutant(
        "situation",
        "name not in self.ignored and name not in self.scope.held",
        "name not in self.scope.held",
        "test_plan.py::test_an_ignored_member_is_not_released_and_its_constraint_follows",
    ),
    Mutant(
        "situation",
        "bump = max(named, default=Bump.NONE)",
        "bump = next(named, Bump.NONE)",
        "test_situation.py::test_the_strongest_of_several_fragments_counts",
    ),
    Mutant(
        "situation",
        "return max(bump, bump_between(",
        "return min(bump, bump_between(",
        "test_situation.py::test_a_request_counts_as_the_bump_that_it_is",
    ),
    Mutant(
        "situation",
        "version <= bases[name]",
        "version < bases[name]",
        "test_plan.py::test_a_requested_version_that_does_not_move_forward_is_refused",
    ),
    Mutant(
        "situation",
        "entry.bump > Bump.NONE and (not scope.only",
        "(not scope.only",
        "test_rules.py::test_a_fragment_that_says_none_is_no_cause",
    ),
    Mutant(
        "situation",
        "(not scope.only or entry.name in scope.only)",
        "True",
        "test_plan.py::test_only_plans_from_the_fragments_of_the_named_and_takes_dependents_along",
    ),
    Mutant(
        "situation",
        "max(current[name] for name in versioned)",
        "min(current[name] for name in versioned)",
        "test_plan.py::test_a_fixed_group_takes_the_highest_version_and_the_strongest_bump",
    ),
    Mutant(
        "situation",
        "if len(set(wanted.values())) > 1:",
        "if False:",
        "test_situation.py::test_two_requests_within_a_group_that_goes_to_one_version_are_refused",
    ),
    Mutant(
        "situation",
        "asked |= dict.fromkeys(group.members, version)",
        "pass",
        "test_plan.py::test_a_requested_version_takes_a_fixed_group_along",
    ),
    # ── installable: the last look before a release ──────────────────────────────────────
    Mutant(
        "installable",
        "            if version is None:\n                continue\n",
        "",
        "test_installable.py::test_a_member_without_a_version_cannot_be_judged",
    ),
    Mutant(
        "installable",
        "    return Constraint.parse(update.after, dependency.constraint.dialect)\n",
        "    return dependency.constraint\n",
        "test_installable.py::test_what_is_rewritten_counts_as_it_will_read",
    ),
    Mutant(
        "installable",
        "member.name in targets or dependency.on in targets",
        "dependency.on in targets",
        "test_installable.py::test_only_a_release_that_it_concerns_is_stopped",
    ),
    Mutant(
        "installable",
        "member.name in targets or dependency.on in targets",
        "True",
        "test_installable.py::test_only_a_release_that_it_concerns_is_stopped",
    ),
    Mutant(
        "installable",
        "concerns_us and dependency.is_published",
        "concerns_us",
        "test_installable.py::test_what_nobody_installs_stops_nothing",
    ),
    Mutant(
        "installable",
        "current is None or not dependency.allows(current)",
        "False",
        "test_installable.py::"
        "test_a_constraint_that_excludes_the_current_version_is_told_from_one_that_is_left",
    ),
    # ── groups: who belongs together ─────────────────────────────────────────────────────
    Mutant(
        "groups",
        'chosen - meant if pattern.startswith("!") else chosen | meant',
        "chosen | meant",
        "test_groups.py::test_a_bang_takes_out_what_a_pattern_before_it_had_put_in",
    ),
    Mutant(
        "groups",
        'canonicalize_name(pattern.removeprefix("!"))',
        'pattern.removeprefix("!")',
        "test_groups.py::test_every_spelling_of_a_name_means_its_member",
    ),
    Mutant(
        "groups",
        "if n not in taken",
        "if True",
        "test_groups.py::test_groups_are_disjoint_and_nobody_claimed_is_left_out",
    ),
    # ── constraints: their text, as it will read ─────────────────────────────────────────
    Mutant(
        "constraints",
        "risen if Version(risen) > Version(written) else written",
        "risen",
        "test_constraints.py::TestFloors::test_a_floor_is_raised_to_the_target",
    ),
    Mutant(
        "constraints",
        "and not _admits(clause, target)",
        "",
        "test_constraints.py::TestUpperEnds::test_an_end_moves_only_when_it_must",
    ),
    Mutant(
        "constraints",
        "len(release) > parts and not release[-1]",
        "not release[-1]",
        "test_constraints.py::test_no_part_that_was_written_is_lost",
    ),
    Mutant(
        "constraints",
        "(*parts[:place], parts[place] + 1, *zeros)",
        "(*parts[:place], parts[place], *zeros)",
        "test_constraints.py::TestUpperEnds::test_an_end_moves_only_when_it_must",
    ),
    Mutant(
        "constraints",
        "return text if Constraint.parse(text, constraint.dialect).allows(target) else None",
        "return text",
        "test_constraints.py::test_the_result_allows_the_target",
    ),
    Mutant(
        "constraints",
        "allowing[-1] if allowing else len(meanings) - 1",
        "len(meanings) - 1",
        "test_constraints.py::TestPoetry::test_one_alternative_is_raised",
    ),
    # ── versions: what comes next ────────────────────────────────────────────────────────
    Mutant(
        "versions",
        "    if bump is Bump.NONE:\n        return current\n",
        "",
        "test_versions.py::TestFinalVersions::test_a_bump_raises_its_part",
    ),
    Mutant(
        "versions",
        "major_on_zero if bump is Bump.MAJOR and current.major == 0 else bump",
        "bump",
        "test_versions.py::TestZero::test_a_breaking_change_does_not_make_one_by_accident",
    ),
    Mutant(
        "versions",
        "(any(head) or bump is Bump.PATCH)",
        "True",
        "test_versions.py::TestFinalVersions::"
        "test_what_is_unfinished_is_finished_if_its_base_expresses_the_bump",
    ),
    Mutant(
        "versions",
        "_is_unfinished(current) and not any(tail)",
        "_is_unfinished(current)",
        "test_versions.py::TestFinalVersions::"
        "test_what_is_unfinished_is_finished_if_its_base_expresses_the_bump",
    ),
    Mutant(
        "versions",
        "*(0 for _ in tail)",
        "*tail",
        "test_versions.py::TestFinalVersions::test_a_bump_raises_its_part",
    ),
    Mutant(
        "versions",
        "series[1] + 1 if series and series[0] == label else 1",
        "1",
        "test_versions.py::test_pre_releases_of_one_version_count_up",
    ),
    Mutant(
        "versions",
        "    if target > current:\n        return target\n    raise",
        "    return target\n    raise",
        "test_versions.py::TestSnapshots::test_a_stamp_that_is_not_later_is_refused",
    ),
    # ── checks and graph: what is found before a release ─────────────────────────────────
    Mutant(
        "checks",
        "entry.name in ignored and entry.bump > Bump.NONE",
        "entry.name in ignored",
        "test_checks.py::test_none_may_be_said_of_an_ignored_member",
    ),
    Mutant(
        "checks",
        "claimed[name] = kind",
        "pass",
        "test_checks.py::test_a_member_of_two_groups_is_an_error_at_the_second",
    ),
    Mutant(
        "checks",
        "dependency.is_published and not member.private",
        "dependency.is_published",
        "test_checks.py::test_what_is_private_may_require_what_is_private",
    ),
    Mutant(
        "checks",
        "kinds = (DependencyKind.BUILD, DependencyKind.RUNTIME)",
        "kinds = (DependencyKind.RUNTIME,)",
        "test_checks.py::test_a_circle_of_build_requirements_is_an_error_and_named_in_full",
    ),
    Mutant(
        "checks",
        "    if any(not fragment.entries for fragment in fragments):\n        return\n",
        "",
        "test_checks.py::test_nothing_is_missing_where_all_is_said",
    ),
    Mutant(
        "checks",
        "    check_snapshots,\n    check_constraints,\n",
        "    check_snapshots,\n",
        "test_checks.py::test_every_check_is_run",
    ),
    Mutant(
        "graph",
        "for name in sorted(knot, key=position.__getitem__)\n                for edge",
        "for name in sorted(knot)\n                for edge",
        "test_graph.py::test_a_circle_begins_with_what_matters_most",
    ),
    Mutant(
        "graph",
        "for name in reversed(_finished(everyone, needs, set()))",
        "for name in _finished(everyone, needs, set())",
        "test_graph.py::test_knots_come_after_what_they_need",
    ),
    Mutant(
        "graph",
        "min(inside, key=lambda pair: kinds.index(pair[1].kind))",
        "inside[0]",
        "test_graph.py::test_a_circle_begins_with_what_matters_most",
    ),
    # ── waves, pending: who comes first, and what is left to do ──────────────────────────
    Mutant(
        "waves",
        "frozenset({DependencyKind.RUNTIME, DependencyKind.BUILD})",
        "frozenset({DependencyKind.RUNTIME})",
        "test_waves.py::test_what_a_member_cannot_do_without_comes_in_an_earlier_wave",
    ),
    Mutant(
        "waves",
        "TO_INSTALL | {DependencyKind.EXTRA}",
        "TO_INSTALL",
        "test_waves.py::test_extras_come_earlier_too_where_they_close_no_circle",
    ),
    Mutant(
        "waves",
        "TO_INSTALL | {DependencyKind.EXTRA}",
        "frozenset(DependencyKind)",
        "test_waves.py::test_dependency_groups_have_no_say",
    ),
    Mutant(
        "waves",
        "for kinds in (TO_OFFER, TO_INSTALL)",
        "for kinds in (TO_OFFER,)",
        "test_waves.py::test_a_plugin_comes_after_the_core_though_an_extra_of_the_core_names_it",
    ),
    Mutant(
        "waves",
        "(found if on in among else ahead).append(on)",
        "(found if on in among else []).append(on)",
        "test_waves.py::test_who_is_left_out_still_stands_between",
    ),
    Mutant(
        "waves",
        "max(laid.values()) + 1",
        "min(laid.values()) + 1",
        "test_waves.py::test_a_plugin_comes_after_the_core_though_an_extra_of_the_core_names_it",
    ),
    Mutant(
        "waves",
        "start = max(below, default=first)",
        "start = max(below, default=0)",
        "test_waves.py::test_a_circle_of_extras_stands_above_what_it_needs",
    ),
    Mutant(
        "waves",
        "for name in workspace.names:\n        if",
        "for name in sorted(workspace.names):\n        if",
        "test_waves.py::test_every_name_stands_in_one_wave_in_the_workspaces_order",
    ),
    Mutant(
        "pending",
        "bool(member.tag) and member.tag not in (there or {})",
        "bool(member.tag)",
        "test_pending.py::test_a_tag_that_the_remote_has_is_not_made_again",
    ),
    Mutant(
        "pending",
        "bool(member.tag) and member.tag not in (there or {})",
        "member.tag not in (there or {})",
        "test_pending.py::test_a_snapshot_has_no_tag_and_is_not_announced",
    ),
    Mutant(
        "pending",
        "tag_here=is_due and member.tag not in here",
        "tag_here=is_due",
        "test_pending.py::test_a_tag_is_made_here_and_pushed_there",
    ),
    Mutant(
        "pending",
        "is_due and there is not None and not is_taken",
        "is_due and not is_taken",
        "test_pending.py::test_a_tag_is_made_here_and_pushed_there",
    ),
    Mutant(
        "pending",
        "is_due and there is not None and not is_taken",
        "is_due and there is not None",
        "test_pending.py::test_a_tag_on_another_commit_is_not_pending",
    ),
    Mutant(
        "pending",
        "announce=bool(member.tag) and ",
        "announce=",
        "test_pending.py::test_a_snapshot_has_no_tag_and_is_not_announced",
    ),
    Mutant(
        "pending",
        "or p.tag_there or p.announce)",
        "or p.tag_there)",
        "test_pending.py::test_who_is_pending_has_something_left_and_no_other",
    ),
    Mutant(
        "pending",
        "    if not wheels:\n        return Gap.NO_WHEEL\n",
        "",
        "test_pending.py::test_a_version_is_there_when_a_wheel_and_what_else_it_needs_is",
    ),
    Mutant(
        "pending",
        "if needs_sdist and len(wheels) == len(files)",
        "if len(wheels) == len(files)",
        "test_pending.py::test_without_source_distributions_a_wheel_will_do",
    ),
    Mutant(
        "pending",
        "if needs_sdist and len(wheels) == len(files)",
        "if False",
        "test_pending.py::test_a_version_is_there_when_a_wheel_and_what_else_it_needs_is",
    ),
    # ── publication, held_back: what goes up, who waits, who is tagged ───────────────────
    Mutant(
        "publication",
        "p.gap is not None or p.member.name in built",
        "p.gap is not None",
        "test_publication.py::test_interrupted_anywhere_it_goes_on_with_exactly_the_rest",
    ),
    Mutant(
        "publication",
        "p.gap is not None or p.member.name in built",
        "p.member.name in built",
        "test_publication.py::test_before_anything_is_built_all_but_the_files_is_known",
    ),
    Mutant(
        "publication",
        "if (m.name, m.version, m.commit) in wanted",
        "if m.name in {name for name, *_ in wanted}",
        "test_publication.py::test_what_was_built_from_something_else_is_not_published",
    ),
    Mutant(
        "publication",
        "if theirs == artifact.sha256:",
        "if theirs in {None, artifact.sha256}:",
        "test_publication.py::test_where_the_index_has_other_bytes_nothing_is_overwritten",
    ),
    Mutant(
        "publication",
        "if theirs == artifact.sha256:",
        "if True:",
        "test_publication.py::test_where_the_index_has_other_bytes_nothing_is_overwritten",
    ),
    Mutant(
        "publication",
        "if not seen.projects[name].is_known",
        "if not seen.projects[name].files",
        "test_publication.py::test_a_name_without_files_is_not_new",
    ),
    Mutant(
        "publication",
        "each.tag_here or each.tag_there or (member.tag_first and member.tag)",
        "each.tag_here or each.tag_there",
        "test_publication.py::test_a_tag_that_comes_first_is_planned_wherever_it_is",
    ),
    Mutant(
        "publication",
        "(member.tag_first and member.tag)",
        "member.tag_first",
        "test_publication.py::test_what_has_no_tag_is_not_tagged",
    ),
    Mutant(
        "publication",
        "p.member for p in pending if p.announce",
        "p.member for p in pending",
        "test_publication.py::test_what_is_not_announced_yet_is",
    ),
    Mutant(
        "held_back",
        "if wave_of[on] <= wave_of[name]:",
        "if wave_of[on] < wave_of[name]:",
        "test_held_back.py::test_a_circle_waits_together",
    ),
    Mutant(
        "held_back",
        "if wave_of[on] <= wave_of[name]:",
        "if True:",
        "test_held_back.py"
        "::test_a_plugin_that_failed_holds_back_no_other_through_an_extra_of_the_core",
    ),
    Mutant(
        "held_back",
        "causes[name] = causes[on]\n                ahead.append(name)",
        "causes[name] = causes[on]",
        "test_held_back.py::test_dependents_wait_all_the_way_and_others_go_on",
    ),
    Mutant(
        "held_back",
        "ahead.popleft()",
        "ahead.pop()",
        "test_held_back.py::test_the_nearest_cause_is_named",
    ),
    Mutant(
        "held_back",
        "if isinstance(file, Upload)}.difference(stopped)",
        "}.difference(stopped)",
        "test_held_back.py::test_who_has_nothing_to_upload_does_not_wait",
    ),
    Mutant(
        "held_back",
        "if isinstance(file, Upload)}.difference(stopped)",
        "if isinstance(file, Upload)}",
        "test_held_back.py::test_nobody_waits_who_needs_nothing_that_stopped",
    ),
    Mutant(
        "held_back",
        "if r.outcome in ARRIVED}",
        "}",
        "test_held_back.py::test_a_member_is_tagged_once_all_of_it_is_on_the_index",
    ),
    Mutant(
        "held_back",
        "if not isinstance(file, AlreadyThere) and ",
        "if ",
        "test_held_back.py::test_a_file_that_is_there_needs_no_receipt",
    ),
    Mutant(
        "held_back",
        "not in missing | unbuilt",
        "not in missing",
        "test_held_back.py::test_who_should_have_been_built_and_was_not_is_not_tagged",
    ),
    Mutant(
        "held_back",
        "if (tag.make or tag.push) and not tag.first",
        "if (tag.make or tag.push)",
        "test_held_back.py::test_a_tag_that_comes_first_was_made_before",
    ),
    # ── obstacles: what speaks against publishing ────────────────────────────────────────
    Mutant(
        "obstacles",
        "    check_credentials,\n    check_new_names,\n",
        "    check_credentials,\n",
        "test_obstacles.py::test_every_check_is_run",
    ),
    Mutant(
        "obstacles",
        "if plan.index.is_rehearsal or not circumstances.lasting or not wanted",
        "if not circumstances.lasting or not wanted",
        "test_obstacles.py::test_a_rehearsal_asks_for_no_remote_no_branch_and_no_credentials",
    ),
    Mutant(
        "obstacles",
        "or not circumstances.lasting or not wanted",
        "or not wanted",
        "test_obstacles.py::test_a_snapshot_may_be_made_of_any_commit_on_any_branch",
    ),
    Mutant(
        "obstacles",
        "    if branch or not circumstances.remote:",
        "    if branch:",
        "test_obstacles.py::test_without_a_remote_nobody_can_tell_of_which_branch_a_commit_is",
    ),
    Mutant(
        "obstacles",
        "    if branch or not circumstances.remote:",
        "    if True:",
        "test_obstacles.py::test_a_commit_of_the_branch_may_be_checked_out_by_itself",
    ),
    Mutant(
        "obstacles",
        "if plan.index.is_rehearsal or not circumstances.remote:",
        "if not circumstances.remote:",
        "test_obstacles.py::test_a_rehearsal_asks_for_no_remote_no_branch_and_no_credentials",
    ),
    Mutant(
        "obstacles",
        "if plan.index.is_rehearsal or not circumstances.remote:",
        "if plan.index.is_rehearsal:",
        "test_obstacles.py::test_without_a_remote_nothing_has_to_be_pushed",
    ),
    Mutant(
        "obstacles",
        "for commit, names in released.items():\n        if commit in circumstances.unpushed:",
        "for commit in circumstances.unpushed:\n        if names := released.get(commit, []):",
        "test_obstacles.py::test_in_what_order_the_world_was_asked_does_not_matter",
    ),
    Mutant(
        "obstacles",
        "theirs = tags.get(member.tag, member.commit)",
        'theirs = tags.get(member.tag, "")',
        "test_obstacles.py::test_where_nothing_is_wrong_nothing_is_found",
    ),
    Mutant(
        "obstacles",
        "circumstances.tags_there or {}, f",
        "{}, f",
        "test_obstacles.py::test_a_tag_of_another_commit_on_the_remote_is_refused",
    ),
    Mutant(
        "obstacles",
        "if isinstance(file, Conflict):",
        "if isinstance(file, Conflict) and file.theirs:",
        "test_obstacles.py::test_a_file_that_is_taken_is_refused",
    ),
    Mutant(
        "obstacles",
        "m.version.is_devrelease or m in local",
        "m.version.is_devrelease",
        "test_obstacles.py::test_which_versions_an_index_admits",
    ),
    Mutant(
        "obstacles",
        "m.version.is_devrelease or m in local",
        "m in local",
        "test_obstacles.py::test_a_snapshot_is_refused_where_it_would_stay",
    ),
    Mutant(
        "obstacles",
        "if not index.is_rehearsal and local:",
        "if not index.snapshots and local:",
        "test_obstacles.py::test_which_versions_an_index_admits",
    ),
    Mutant(
        "obstacles",
        "if not index.snapshots and snapshots:",
        "if snapshots:",
        "test_obstacles.py::test_which_versions_an_index_admits",
    ),
    Mutant(
        "obstacles",
        "if not index.is_rehearsal and not circumstances.credentials and _to_upload(plan):",
        "if not index.is_rehearsal and not circumstances.credentials:",
        "test_obstacles.py::test_who_uploads_nothing_needs_no_credentials",
    ),
    Mutant(
        "obstacles",
        "if n in sent or n not in settled",
        "if n in sent",
        "test_obstacles.py::test_before_it_is_built_everybody_in_a_wave_has_something_to_upload",
    ),
    Mutant(
        "obstacles",
        "if index.is_rehearsal or not names:",
        "if not names:",
        "test_obstacles.py::test_in_a_rehearsal_every_name_may_be_new",
    ),
    Mutant(
        "obstacles",
        "len(names) > limit:",
        "len(names) >= limit:",
        "test_obstacles.py::test_days_are_counted",
    ),
    Mutant(
        "obstacles",
        "-(-len(names) // limit)",
        "len(names) // limit",
        "test_obstacles.py::test_days_are_counted",
    ),
    # ── merging, matrix: what several machines built ─────────────────────────────────────
    Mutant(
        "merging",
        "for check in (_check_origins, _check_files)",
        "for check in (_check_origins,)",
        "test_merging.py::test_a_file_with_other_bytes_is_found_and_the_first_is_kept",
    ),
    Mutant(
        "merging",
        "artifacts.setdefault(artifact.filename, artifact)",
        "artifacts[artifact.filename] = artifact",
        "test_merging.py::test_a_file_with_other_bytes_is_found_and_the_first_is_kept",
    ),
    Mutant(
        "merging",
        "key=lambda a: a.kind is not ArtifactKind.WHEEL",
        "key=lambda _: 0",
        "test_merging.py::test_wheels_come_before_source_distributions",
    ),
    Mutant(
        "merging",
        "return member.version, member.path, member.commit",
        "return member.version, member.path, member.name",
        "test_merging.py::test_what_was_built_from_something_else_is_left_out",
    ),
    Mutant(
        "merging",
        "return member.version, member.path, member.commit",
        'return member.version, PurePosixPath("."), member.commit',
        "test_merging.py::test_what_was_built_from_something_else_is_left_out",
    ),
    Mutant(
        "merging",
        "            after[later].append(earlier)",
        "            pass",
        "test_merging.py::test_the_order_agrees_with_every_manifest",
    ),
    Mutant(
        "merging",
        "yield from sorted(knot, key=position.__getitem__)",
        "yield from sorted(knot)",
        "test_merging.py::test_where_manifests_do_not_agree_the_first_appearance_counts",
    ),
    Mutant(
        "merging",
        "            if each.gap is not None:\n",
        "            if each:\n",
        "test_merging.py::test_what_has_nothing_to_upload_need_not_be_built",
    ),
    Mutant(
        "merging",
        "(found.version, found.commit) != (released.version, released.commit)",
        "found.version != released.version",
        "test_merging.py::test_what_was_built_from_something_else_than_the_release_is_found",
    ),
    Mutant(
        "merging",
        "if all(artifact.kind is not kind for artifact in found.artifacts):",
        "if not found.artifacts:",
        "test_merging.py::test_what_was_built_fills_the_gap",
    ),
    Mutant(
        "matrix",
        "ahead = _required(name, DependencyKind.BUILD, workspace)",
        "ahead = _required(name, DependencyKind.RUNTIME, workspace)",
        "test_matrix.py::test_without_build_requirements_everything_is_one_wave",
    ),
    Mutant(
        "matrix",
        "            ahead += _required(needed, DependencyKind.RUNTIME, workspace)\n",
        "",
        "test_matrix.py::test_what_a_build_plugin_requires_comes_before_too",
    ),
)
