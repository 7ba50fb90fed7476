package io.espalier.service;

import java.util.List;
import java.util.Optional;

/** A page of runs: {@code total} counts all pages, {@code next} is empty on the last. */
public record RunPage(List<RunStatus> runs, int total, Optional<String> next) {
  public RunPage {
    runs = List.copyOf(runs);
  }
}
