package io.espalier.federation.server;

import io.espalier.configs.RoundsConfig;
import java.util.function.LongSupplier;

/** How long rounds wait for clients. Confined to the server's actor. */
final class RoundPatience {
  private static final long LONGEST_FAREWELL_MS = 10_000;

  private final RoundsConfig rounds;
  private final LongSupplier clockMs;
  private final long startedMs;
  private long waitingSinceMs;

  RoundPatience(RoundsConfig rounds, LongSupplier clockMs) {
    this.rounds = rounds;
    this.clockMs = clockMs;
    this.startedMs = clockMs.getAsLong();
    this.waitingSinceMs = startedMs;
  }

  /** A round is over; the wait for the clients of the next one begins. */
  void beginAnew() {
    waitingSinceMs = clockMs.getAsLong();
  }

  /** As many as are wanted; or, once all who come have had time to, as many as are needed. */
  boolean isEnough(int eligible) {
    return eligible >= rounds.cohort().size()
        || (clockMs.getAsLong() >= forClientsUntilMs() && eligible >= rounds.fewest());
  }

  Due forClients() {
    long untilMs = forClientsUntilMs();
    return untilMs > clockMs.getAsLong() ? until(untilMs) : new Due.Nothing();
  }

  /**
   * A new attempt gives all clients the deadline to come back, also where it merges a round from
   * disk meanwhile; later those that lost their connection are back soon.
   */
  private long forClientsUntilMs() {
    long deadlineMs = rounds.cohort().deadline().toMillis();
    return Math.max(
        startedMs + deadlineMs, waitingSinceMs + Math.min(deadlineMs, LONGEST_FAREWELL_MS));
  }

  /**
   * Ends the run once the last cohort is connected, or after a while: an attempt that only had to
   * learn would otherwise end before its clients are back, and leave them waiting for the next.
   */
  Due farewell(boolean allConnected) {
    long untilMs =
        waitingSinceMs + Math.min(rounds.cohort().deadline().toMillis(), LONGEST_FAREWELL_MS);
    return allConnected || clockMs.getAsLong() >= untilMs ? new Due.Finished() : until(untilMs);
  }

  Due until(long untilMs) {
    return new Due.Later(Math.max(1, untilMs - clockMs.getAsLong()));
  }
}
