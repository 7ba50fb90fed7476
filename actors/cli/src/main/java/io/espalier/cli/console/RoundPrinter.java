package io.espalier.cli.console;

import io.espalier.configs.Metric;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows a federation's progress, a line for each thing that matters. The evaluation comes after its
 * round, so a round's line waits for it. Not thread-safe.
 */
public final class RoundPrinter implements Consumer<Event> {
  private static final Map<Class<?>, String> NAMES =
      Map.of(
          ClientJoined.class, "joined",
          ClientLeft.class, "left",
          UpdateRefused.class, "refused",
          CandidateChosen.class, "chosen",
          RoundRejected.class, "rejected");

  private final PrintWriter out;
  private final int rounds;
  private Optional<String> waiting = Optional.empty();

  public RoundPrinter(PrintWriter out, int rounds) {
    this.out = out;
    this.rounds = rounds;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof RoundCompleted round) {
      flush();
      waiting = Optional.of(line(round));
    } else if (event instanceof EvaluationCompleted evaluation && waiting.isPresent()) {
      String result = Metric.text(evaluation.accuracy(), evaluation.bitsPerCharacter());
      out.println(waiting.get() + "  " + result);
      waiting = Optional.empty();
    } else {
      other(event);
    }
    out.flush();
  }

  public void flush() {
    waiting.ifPresent(out::println);
    waiting = Optional.empty();
    out.flush();
  }

  private void other(Event event) {
    String name = NAMES.get(event.getClass());
    if (name != null) {
      flush();
      out.println("%-9s %s".formatted(name, EventText.text(event)));
    }
  }

  private String line(RoundCompleted round) {
    String name =
        round.kind().equals(RoundCompleted.SELECTION)
            ? "select    %-7s".formatted(round.round())
            : "round     %3s/%-3d".formatted(round.round(), rounds);
    String loss =
        round.loss().isPresent()
            ? String.format(Locale.ROOT, "  loss %.3f", round.loss().getAsDouble())
            : "";
    String share =
        round.bytesDense() > 0
            ? String.format(
                Locale.ROOT,
                " (%.1f%% of dense)",
                100.0 * (round.bytesUp() + round.bytesDown()) / round.bytesDense())
            : "";
    return String.format(
        Locale.ROOT,
        "%s %-10s %d of %d reported%s%s  %.2f MB up, %.2f MB down%s%s",
        name,
        round.kind(),
        round.reported(),
        round.invited(),
        round.late() + round.lost() > 0 ? ", " + (round.late() + round.lost()) + " late" : "",
        loss,
        round.bytesUp() / 1e6,
        round.bytesDown() / 1e6,
        share,
        round.regrown() > 0 ? String.format(Locale.ROOT, "  %,d exchanged", round.regrown()) : "");
  }
}
