package io.espalier.masks.regrowth;

import io.espalier.configs.RegrowthConfig;
import java.util.stream.LongStream;

/**
 * When units are exchanged, and how many: at each multiple of {@code every} that lies between two
 * steps.
 *
 * @param begin first step at which something may be pruned: no exchange at it or before
 * @param end no exchange from here on
 * @param fraction share of each parameter's kept units, at step 0
 * @param falls whether the share falls by a cosine to 0 at {@code end}
 */
public record ExchangeSchedule(long every, long begin, long end, double fraction, boolean falls) {
  /** The course that a recipe asks for in a run of {@code totalSteps} steps. */
  public static ExchangeSchedule of(
      RegrowthConfig config, long begin, long totalSteps, long stepsPerEpoch) {
    if (config instanceof RegrowthConfig.RigL rigL) {
      return of(rigL.exchange(), true, begin, totalSteps, stepsPerEpoch);
    }
    if (config instanceof RegrowthConfig.SparseEvolution set) {
      return of(set.exchange(), false, begin, totalSteps, stepsPerEpoch);
    }
    return new ExchangeSchedule(1, begin, 0, 0, false);
  }

  private static ExchangeSchedule of(
      RegrowthConfig.Exchange exchange,
      boolean falls,
      long begin,
      long totalSteps,
      long stepsPerEpoch) {
    return new ExchangeSchedule(
        Math.max(1, exchange.every().resolve(totalSteps, stepsPerEpoch)),
        begin,
        Math.min(totalSteps, exchange.end().resolve(totalSteps, stepsPerEpoch)),
        exchange.fraction(),
        falls);
  }

  /** Steps that call for an exchange, ascending, before they move to syncs. */
  public LongStream steps() {
    return LongStream.iterate(
        (begin / every + 1) * every, step -> step < end, step -> step + every);
  }

  /** Share of each parameter's kept units that is exchanged at a step; 0 from the end on. */
  public double shareAt(long step) {
    if (step >= end) {
      return 0;
    }
    return falls ? fraction / 2 * (1 + StrictMath.cos(StrictMath.PI * step / end)) : fraction;
  }
}
