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
import java.util.List;
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
  private Optional<RoundCompleted> waiting = Optional.empty();

  public RoundPrinter(PrintWriter out, int rounds) {
    this.out = out;
    this.rounds = rounds;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof RoundCompleted round) {
      flush();
      waiting = Optional.of(round);
    } else if (event instanceof EvaluationCompleted evaluation) {
      print(List.of(Metric.text(evaluation.accuracy(), evaluation.bitsPerCharacter())));
    } else {
      other(event);
    }
    out.flush();
  }

  public void flush() {
    print(List.of());
    out.flush();
  }

  private void print(List<String> result) {
    waiting.ifPresent(round -> out.println(RoundText.line(round, rounds, result)));
    waiting = Optional.empty();
  }

  private void other(Event event) {
    String name = NAMES.get(event.getClass());
    if (name != null) {
      flush();
      out.println("%-9s %s".formatted(name, EventText.text(event)));
    }
  }
}
