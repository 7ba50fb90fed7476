package io.espalier.masks.schedule;

import java.util.stream.LongStream;

/** Nothing before {@code begin}, everything from then on. */
record OneShotSchedule(long begin, double last) implements Schedule {
  @Override
  public double sparsityAt(long step) {
    return step < begin ? 0 : last;
  }

  @Override
  public long end() {
    return begin;
  }

  @Override
  public LongStream updateSteps() {
    return LongStream.of(begin);
  }
}
