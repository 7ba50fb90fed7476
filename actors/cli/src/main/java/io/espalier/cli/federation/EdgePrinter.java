package io.espalier.cli.federation;

import io.espalier.federation.client.ClientEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells what happens to a client, a line for each thing that matters. */
final class EdgePrinter implements Consumer<ClientEvent> {
  private final PrintWriter out;

  EdgePrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(ClientEvent event) {
    out.println(line(event));
    out.flush();
  }

  private static String line(ClientEvent event) {
    if (event instanceof ClientEvent.Joined joined) {
      String narrow =
          joined.width() < 1
              ? String.format(Locale.ROOT, ", %.0f%% of the channels", 100 * joined.width())
              : "";
      return "connected to run %s: %,d examples, %,d held back%s"
          .formatted(joined.run(), joined.examples(), joined.heldBack(), narrow);
    }
    if (event instanceof ClientEvent.ConnectionLost lost) {
      return "no connection: %s; trying again in %s".formatted(lost.cause(), text(lost.delay()));
    }
    if (event instanceof ClientEvent.Renewed) {
      return "certificate renewed";
    }
    if (event instanceof ClientEvent.RenewalFailed failed) {
      return "certificate not renewed: %s; trying again in %s"
          .formatted(failed.cause(), text(failed.delay()));
    }
    return round(event);
  }

  private static String round(ClientEvent event) {
    if (event instanceof ClientEvent.Chosen chosen) {
      String what =
          switch (chosen.kind()) {
            case MEASURE_NORMS -> "measuring candidates";
            case MEASURE_LOSSES -> "judging candidates";
            case TRAIN -> "training";
            case TRAIN_AND_PROPOSE -> "training, with proposals";
          };
      return "round %s: chosen, %s".formatted(chosen.round(), what);
    }
    if (event instanceof ClientEvent.WorkDone done) {
      return done.loss().isPresent()
          ? String.format(
              Locale.ROOT,
              "round %s: trained %,d steps, loss %.3f; sending %s",
              done.round(),
              done.steps(),
              done.loss().getAsDouble(),
              bytes(done.bytes()))
          : "round %s: measured; sending %s".formatted(done.round(), bytes(done.bytes()));
    }
    if (event instanceof ClientEvent.Delivered delivered) {
      return "round %s: %s accepted%s"
          .formatted(
              delivered.round(), bytes(delivered.bytes()), delivered.duplicate() ? " before" : "");
    }
    if (event instanceof ClientEvent.Refused refused) {
      return "round %s: refused, %s".formatted(refused.round(), refused.reason());
    }
    if (event instanceof ClientEvent.RoundOver over) {
      return "round %s: over without this device".formatted(over.round());
    }
    if (event instanceof ClientEvent.ReceiptMissed missed) {
      return "round %s: the run ended before its receipt came".formatted(missed.round());
    }
    ClientEvent.WorkFailed failed = (ClientEvent.WorkFailed) event;
    return "round %s: failed, %s".formatted(failed.round(), failed.cause());
  }

  private static String bytes(long count) {
    return count < 1000 ? count + " bytes" : String.format(Locale.ROOT, "%,.1f kB", count / 1000.0);
  }

  private static String text(Duration delay) {
    return String.format(Locale.ROOT, "%.1f s", delay.toMillis() / 1000.0);
  }
}
