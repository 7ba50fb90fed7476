package io.espalier.cli.federation;

import io.espalier.configs.Metric;
import io.espalier.console.TerminalWriter;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.TrainingEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Prints a line per round, and on a terminal the current state. Not thread-safe. */
final class RoundLines implements Consumer<Event> {
  private static final long INTERVAL_NS = Duration.ofMillis(200).toNanos();
  private static final double NS_PER_MINUTE = 60e9;
  private static final String UNKNOWN = "accuracy –";

  private final PrintWriter out;
  private final boolean terminal;
  private final int rounds;
  private final LongSupplier clockNs;
  private Optional<Long> startNs = Optional.empty();
  private Optional<RoundCompleted> completed = Optional.empty();
  private String result = UNKNOWN;
  private double density = 1;
  private int played;
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
    if (event instanceof RoundStarted && startNs.isEmpty()) {
      startNs = Optional.of(clockNs.getAsLong());
    } else if (event instanceof RoundCompleted round) {
      completed = Optional.of(round);
    } else if (event instanceof RoundRejected rejected) {
      println("rejected  " + EventText.text(rejected));
    } else if (event instanceof TrainingEvent.EvaluationCompleted evaluation) {
      result = Metric.text(evaluation.accuracy(), evaluation.bitsPerCharacter());
    } else if (event instanceof MaskEvent.MasksUpdated masks) {
      density = 1 - masks.sparsity();
    } else if (event instanceof ClientReported client) {
      reported++;
      show(client.round());
    }
  }

  void played(double virtualSeconds) {
    played++;
    reported = 0;
    completed.ifPresent(round -> println(line(round, virtualSeconds)));
    completed = Optional.empty();
    result = UNKNOWN;
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
    return String.format(
        Locale.ROOT,
        "round %s  %s  %d/%d  late %d  lost %d  %s  %s  density %.1f%%  up %.2f down %.2f MB%s "
            + " %,.0f s  %.0f/min",
        place(round.round()),
        round.kind(),
        round.reported(),
        round.invited(),
        round.late(),
        round.lost(),
        known("loss %.3f", round.loss().orElse(Double.NaN)),
        result,
        100 * density,
        round.bytesUp() / 1e6,
        round.bytesDown() / 1e6,
        ofDense(round),
        virtualSeconds,
        perMinute());
  }

  private static String ofDense(RoundCompleted round) {
    double share = 100.0 * (round.bytesUp() + round.bytesDown()) / round.bytesDense();
    return round.bytesDense() > 0 ? String.format(Locale.ROOT, " (%.1f%%)", share) : "";
  }

  private String place(String round) {
    return Character.isDigit(round.charAt(0)) ? round + "/" + rounds : round;
  }

  private static String known(String format, double number) {
    return Double.isNaN(number)
        ? format.replaceFirst(" .*", " –")
        : String.format(Locale.ROOT, format, number);
  }

  private double perMinute() {
    long now = clockNs.getAsLong();
    return played * NS_PER_MINUTE / Math.max(1, now - startNs.orElse(now));
  }

  private void show(String round) {
    long now = clockNs.getAsLong();
    if (terminal && now - shownNs >= INTERVAL_NS) {
      shownNs = now;
      TerminalWriter.clearLine(out);
      out.printf(Locale.ROOT, "round %s  %d reported", place(round), reported);
      out.flush();
    }
  }
}
