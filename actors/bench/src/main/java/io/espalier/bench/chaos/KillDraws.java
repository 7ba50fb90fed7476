package io.espalier.bench.chaos;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * When the processes of one combination are killed, from a seed. Each draw is a share of the time
 * that an uninterrupted process takes. The draws repeat; the moments do not quite, since no two
 * processes are equally fast.
 */
final class KillDraws {
  /** A little past the end, so that the last moments of a process are hit as often as others. */
  private static final double BEYOND = 1.05;

  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

  private final SplittableRandom random;

  KillDraws(long seed, int combination) {
    random = new SplittableRandom(seed ^ ((combination + 1) * GOLDEN_RATIO));
  }

  Duration next(Duration uninterrupted) {
    return Duration.ofNanos((long) (random.nextDouble() * BEYOND * uninterrupted.toNanos()));
  }

  /** How many of {@code kills} each of {@code hands} gets, dealt one after the other. */
  static int dealt(int kills, int hands, int hand) {
    return kills / hands + (hand < kills % hands ? 1 : 0);
  }
}
