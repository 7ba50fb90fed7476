package io.espalier.masks.schedule;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;

/** {@code 1 − s = (1 − si)^(1−x) · (1 − sf)^x}: each update cuts the same share of what is left. */
final class Geometric implements GradualProvider {
  @Override
  public String name() {
    return "geometric";
  }

  @Override
  public Curve curve(MemberSettings settings) {
    return (x, initial, last) ->
        1 - StrictMath.pow(1 - initial, 1 - x) * StrictMath.pow(1 - last, x);
  }

  @Override
  public Schedule create(MemberSettings settings, ScheduleClock clock) {
    if (clock.finalSparsity() == 1) {
      throw InvalidConfigException.of(
          "prune.schedule.kind",
          "must not be geometric at sparsity 1, which it never reaches: sparsity=1");
    }
    return GradualProvider.super.create(settings, clock);
  }
}
