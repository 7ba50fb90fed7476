package io.espalier.cli.runs;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.ProgramName;
import io.espalier.service.RunQuery;
import io.espalier.telemetry.view.RunOverview;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lists or compares runs of this machine.
 *
 * @param query chooses among the runs
 * @param notices what is said beside the list
 */
record LocalListing(RunQuery query, boolean json, PrintWriter out, Consumer<String> notices) {
  /** Lists the named runs, or all of the home, newest first. */
  void list(List<String> named) throws IOException {
    LocalRuns runs = runs();
    List<RunOverview> found = named.isEmpty() ? runs.all() : runs.named(named);
    List<RunOverview> matching = found.stream().filter(this::matches).toList();
    List<RunOverview> shown = matching.stream().limit(query.limit()).toList();
    if (json) {
      out.println(JsonOutput.text(LocalRunTexts.json(shown, matching.size())));
    } else if (shown.isEmpty()) {
      notices.accept(
          found.isEmpty()
              ? ProgramName.inHints("no runs yet; begin one with 'espalier train RECIPE'")
              : RunsCommand.NONE_MATCHES);
    } else {
      out.println(LocalRunTexts.list(shown, runs.now(), here()));
      if (shown.size() < matching.size()) {
        notices.accept("%d of %d; --limit shows more".formatted(shown.size(), matching.size()));
      }
    }
  }

  /** Compares the named runs in their order, or the newest of the home. */
  void compare(List<String> named) throws IOException {
    LocalRuns runs = runs();
    List<RunOverview> compared =
        (named.isEmpty() ? runs.all() : runs.inOrder(named))
            .stream().filter(this::matches).limit(query.limit()).toList();
    if (compared.size() < 2 || compared.size() > RunComparison.MOST_RUNS) {
      throw new CommandRefusedException(
          "--compare needs 2 to %d runs: runs=%d; name them, or choose with --state, --name and --limit"
              .formatted(RunComparison.MOST_RUNS, compared.size()));
    }
    RunComparison comparison = new RunComparison(compared, here());
    out.println(json ? JsonOutput.text(comparison.json()) : comparison.text());
  }

  private LocalRuns runs() {
    return new LocalRuns(EspalierHome.path(), Instant.now(), notices);
  }

  private boolean matches(RunOverview run) {
    String part = query.name().toLowerCase(Locale.ROOT);
    return (query.states().isEmpty()
            || query.states().stream()
                .anyMatch(state -> RunTexts.spelling(state).equals(run.state())))
        && (run.name().toLowerCase(Locale.ROOT).contains(part)
            || run.run().toLowerCase(Locale.ROOT).contains(part));
  }

  private static Path here() {
    return Path.of("").toAbsolutePath();
  }
}
