package io.espalier.cli.console;

import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What lines say of a federation's round; 80 columns take them. */
public final class RoundText {
  static final String SEPARATOR = "  ";

  private RoundText() {}

  /** The place of a round, such as {@code round 3/60}, or of a selection, {@code round norms}. */
  public static String place(String round, int rounds) {
    return "round " + (Character.isDigit(round.charAt(0)) ? round + "/" + rounds : round);
  }

  /** A round's place, clients, loss and result, then {@code others}, then its traffic. */
  public static String line(RoundCompleted round, int rounds, List<String> others) {
    List<String> parts = new ArrayList<>(List.of(place(round.round(), rounds), clients(round)));
    round.loss().ifPresent(loss -> parts.add(String.format(Locale.ROOT, "loss %.3f", loss)));
    parts.addAll(others);
    parts.add(String.format(Locale.ROOT, "%.2f MB", (round.bytesUp() + round.bytesDown()) / 1e6));
    return String.join(SEPARATOR, parts);
  }

  private static String clients(RoundCompleted round) {
    return round.reported()
        + "/"
        + round.invited()
        + (round.late() > 0 ? ", " + round.late() + " late" : "")
        + (round.lost() > 0 ? ", " + round.lost() + " lost" : "");
  }
}
