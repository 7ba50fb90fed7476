package io.espalier.service;

import java.util.List;
import java.util.Optional;

/**
 * A page of runs.
 *
 * @param total matching runs on all pages
 * @param next value of {@code after} for the next page; empty on the last
 */
public record RunPage(List<RunStatus> runs, int total, Optional<String> next) {
  public RunPage {
    runs = List.copyOf(runs);
  }
}
