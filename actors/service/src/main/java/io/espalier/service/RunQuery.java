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
 */
public record RunQuery(Set<RunState> states, String name, int limit, Optional<String> after) {
  public RunQuery {
    states = Set.copyOf(states);
    new Rules().require("limit", limit, limit >= 1 && limit <= 500, "1 to 500").verify();
  }

  /** The newest 50 runs. */
  public static RunQuery newest() {
    return new RunQuery(Set.of(), "", 50, Optional.empty());
  }
}
