package io.espalier.service;

import io.espalier.configs.Rules;
import java.util.Optional;
import java.util.Set;

/**
 * A query for runs, newest submissions first; empty filters match all.
 *
 * @param name part of the run's name or id, ignoring case
 * @param limit runs of one page, 1 to 500
 * @param after last id of the previous page
 * @param owner whose runs; absent for all
 * @param project whose runs; absent for all
 * @param view of the caller, outside of which runs do not exist
 */
public record RunQuery(
    Set<RunState> states,
    String name,
    int limit,
    Optional<String> after,
    Optional<String> owner,
    Optional<String> project,
    View view) {
  public RunQuery {
    states = Set.copyOf(states);
    new Rules().require("limit", limit, limit >= 1 && limit <= 500, "1 to 500").verify();
  }

  /** Asks for runs of all owners and projects. */
  public RunQuery(Set<RunState> states, String name, int limit, Optional<String> after) {
    this(states, name, limit, after, Optional.empty(), Optional.empty(), View.WHOLE);
  }

  public RunQuery of(Optional<String> anOwner, Optional<String> aProject) {
    return new RunQuery(states, name, limit, after, anOwner, aProject, view);
  }

  /** The next page. */
  public RunQuery from(Optional<String> lastOfPage) {
    return new RunQuery(states, name, limit, lastOfPage, owner, project, view);
  }

  public RunQuery within(View some) {
    return new RunQuery(states, name, limit, after, owner, project, some);
  }

  /** Whether the caller sees a run of that owner and project, and asks for it. */
  public boolean fits(Ownership ownership) {
    return view.sees(ownership)
        && (owner.isEmpty() || owner.equals(ownership.owner()))
        && (project.isEmpty() || project.get().equals(ownership.project()));
  }

  /** The newest 50 runs. */
  public static RunQuery newest() {
    return new RunQuery(Set.of(), "", 50, Optional.empty());
  }
}
