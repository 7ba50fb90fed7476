package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
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
  static ExchangeSchedule of(
      MemberSettings settings, boolean falls, long begin, long totalSteps, long stepsPerEpoch) {
    return new ExchangeSchedule(
        Math.max(1, settings.span("every").resolve(totalSteps, stepsPerEpoch)),
        begin,
        Math.min(totalSteps, settings.span("end").resolve(totalSteps, stepsPerEpoch)),
        settings.number("fraction"),
        falls);
  }

  /** Steps that call for an exchange, ascending, before they move to syncs. */
  LongStream steps() {
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
