package io.espalier.cli.runs;

import io.espalier.service.RunKind;
import io.espalier.service.RunStatus;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** What a run's state means to whoever watches it. */
final class StateTexts {
  private StateTexts() {}

  /** A line for the state; empty for an end, which has {@link #end}. */
  static Optional<String> line(RunStatus run) {
    return switch (run.state()) {
      case QUEUED -> text("queued", run.waitsFor().orElse("waits for its turn"));
      case STARTING ->
          text("starting", "attempt " + run.term() + run.node().map(n -> " on " + n).orElse(""));
      case RUNNING -> text("running", running(run));
      case PAUSING -> text("pausing", "a checkpoint is written at the next sync");
      case PAUSED ->
          text(
              "paused",
              "at step %d; go on with 'espalier resume %s'".formatted(run.step(), run.run()));
      case CANCELLING -> text("stopping", "without a result");
      case COMPLETED, FAILED, CANCELLED -> Optional.empty();
    };
  }

  /** The last line. */
  static String end(RunStatus run, URI server) {
    return switch (run.state()) {
      case COMPLETED ->
          String.format(
              Locale.ROOT,
              "result    accuracy %s on the test set at %s sparsity%nreport    %s/v1/runs/%s/report",
              percent(run.accuracy().orElse(Double.NaN)),
              percent(run.sparsity().orElse(Double.NaN)),
              server,
              run.run());
      case FAILED ->
          "failed    at step %d: %s%nonce its cause is mended, go on with 'espalier resume %s'"
              .formatted(run.step(), run.cause().orElse("no cause is known"), run.run());
      default -> "stopped   at step %d, without a result".formatted(run.step());
    };
  }

  private static String running(RunStatus run) {
    return run.kind() == RunKind.FEDERATION
        ? run.gateway().map(address -> "clients connect to " + address).orElse("waits for clients")
        : "attempt " + run.term();
  }

  private static Optional<String> text(String state, String more) {
    return Optional.of("%-9s %s".formatted(state, more));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }
}
