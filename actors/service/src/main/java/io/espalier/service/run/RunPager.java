package io.espalier.service.run;

import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

final class RunPager {
  private RunPager() {}

  /** A page of {@code all}, newest first, from the run after {@code query.after()}. */
  static RunPage of(List<RunStatus> all, RunQuery query) {
    String text = query.name().toLowerCase(Locale.ROOT);
    List<RunStatus> fit =
        all.stream()
            .filter(run -> query.states().isEmpty() || query.states().contains(run.state()))
            .filter(run -> query.fits(run.ownership()))
            .filter(run -> contains(run.name(), text) || contains(run.run(), text))
            .toList();
    long after = query.after().map(RunPager::number).orElse(Long.MAX_VALUE);
    List<RunStatus> rest = fit.stream().filter(run -> number(run.run()) < after).toList();
    List<RunStatus> page = rest.subList(0, Math.min(query.limit(), rest.size()));
    Optional<String> next =
        page.size() < rest.size() ? Optional.of(page.get(page.size() - 1).run()) : Optional.empty();
    return new RunPage(page, fit.size(), next);
  }

  /** The number at the end of an id; 0 for an invalid id, which sorts last. */
  private static long number(String run) {
    String last = run.substring(run.lastIndexOf('-') + 1);
    return last.matches("[0-9a-f]{1,15}") ? Long.parseLong(last, 16) : 0;
  }

  private static boolean contains(String value, String text) {
    return value.toLowerCase(Locale.ROOT).contains(text);
  }
}
