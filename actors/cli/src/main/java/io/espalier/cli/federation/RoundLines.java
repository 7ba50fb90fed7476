package io.espalier.cli.federation;

import io.espalier.cli.console.RoundText;
import io.espalier.configs.Metric;
import io.espalier.console.TerminalWriter;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.TrainingEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Prints a line per round, and on a terminal the current state. Not thread-safe. */
final class RoundLines implements Consumer<Event> {
  private static final long INTERVAL_NS = Duration.ofMillis(200).toNanos();

  private final PrintWriter out;
  private final boolean terminal;
  private final int rounds;
  private final LongSupplier clockNs;
  private Optional<RoundCompleted> completed = Optional.empty();
  private Optional<String> result = Optional.empty();
  private double density = 1;
  private int reported;
  private long shownNs;

  RoundLines(PrintWriter out, boolean terminal, int rounds, LongSupplier clockNs) {
    this.out = out;
    this.terminal = terminal;
    this.rounds = rounds;
    this.clockNs = clockNs;
    this.shownNs = clockNs.getAsLong();
  }

  @Override
  public void accept(Event event) {
    if (event instanceof RoundCompleted round) {
      completed = Optional.of(round);
    } else if (event instanceof RoundRejected rejected) {
      println("rejected  " + EventText.text(rejected));
    } else if (event instanceof TrainingEvent.EvaluationCompleted evaluation) {
      result = Optional.of(Metric.text(evaluation.accuracy(), evaluation.bitsPerCharacter()));
    } else if (event instanceof MaskEvent.MasksUpdated masks) {
      density = 1 - masks.sparsity();
    } else if (event instanceof ClientReported client) {
      reported++;
      show(client.round());
    }
  }

  void played(double virtualSeconds) {
    reported = 0;
    completed.ifPresent(round -> println(line(round, virtualSeconds)));
    completed = Optional.empty();
    result = Optional.empty();
  }

  void begins(double kept) {
    density = kept;
  }

  void println(String line) {
    if (terminal) {
      TerminalWriter.clearLine(out);
    }
    out.println(line);
    out.flush();
  }

  private String line(RoundCompleted round, double virtualSeconds) {
    String figures = String.format(Locale.ROOT, "density %.1f%%", 100 * density);
    String time = String.format(Locale.ROOT, "  %,.0f s", virtualSeconds);
    List<String> known = result.map(each -> List.of(each, figures)).orElse(List.of(figures));
    return RoundText.line(round, rounds, known) + time;
  }

  private void show(String round) {
    long now = clockNs.getAsLong();
    if (terminal && now - shownNs >= INTERVAL_NS) {
      shownNs = now;
      TerminalWriter.clearLine(out);
      out.printf(Locale.ROOT, "%s  %d reported", RoundText.place(round, rounds), reported);
      out.flush();
    }
  }
}
