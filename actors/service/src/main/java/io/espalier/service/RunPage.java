package io.espalier.service;

import java.util.List;
import java.util.Optional;

/**
 * Some of the runs that were asked for.
 *
 * @param total runs that fit the query, on all pages
 * @param next what to ask for to get the page after this one; empty on the last
 */
public record RunPage(List<RunStatus> runs, int total, Optional<String> next) {
  public RunPage {
    runs = List.copyOf(runs);
  }
}
