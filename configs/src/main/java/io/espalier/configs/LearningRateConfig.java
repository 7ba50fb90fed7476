package io.espalier.configs;

/** Learning rate as a function of the step. */
public sealed interface LearningRateConfig {
  /** The time over which the rate rises at the start; 0 where it starts at its height. */
  Span warmUp();

  /** The name in recipes. */
  String kind();

  /** The rate is constant after a linear rise over {@code warmUp}. */
  record Constant(double initial, Span warmUp) implements LearningRateConfig {
    public Constant {
      positive("initial", initial).verify();
    }

    public Constant(double initial) {
      this(initial, new Span.Steps(0));
    }

    @Override
    public String kind() {
      return "constant";
    }
  }

  /**
   * Multiplied by {@code factor} after each {@code every}, counted from the first step; until the
   * end of {@code warmUp} also by the share of it that has passed.
   */
  record Step(double initial, Span every, double factor, Span warmUp)
      implements LearningRateConfig {
    public Step {
      positive("initial", initial)
          .require("every", every, !every.isZero(), "longer than 0")
          .require("factor", factor, factor > 0 && factor <= 1, "above 0 and at most 1")
          .verify();
    }

    public Step(double initial, Span every, double factor) {
      this(initial, every, factor, new Span.Steps(0));
    }

    @Override
    public String kind() {
      return "step";
    }
  }

  /** Linear rise over {@code warmUp}, then half a cosine down to {@code last} at the end. */
  record Cosine(double initial, double last, Span warmUp) implements LearningRateConfig {
    public Cosine {
      positive("initial", initial)
          .require("final", last, last >= 0 && last <= initial, "from 0 to initial")
          .verify();
    }

    @Override
    public String kind() {
      return "cosine";
    }
  }

  /**
   * Half a cosine up from {@code max / div} to {@code max}, which the last step of {@code warmUp}
   * takes, then half a cosine down to {@code max / div / finalDiv}, which the last step of the run
   * takes (Smith and Topin, "Super-Convergence", 2019; cosine branches).
   */
  record OneCycle(double max, double div, double finalDiv, Span warmUp)
      implements LearningRateConfig {
    public OneCycle {
      positive("max", max)
          .require("div", div, isDivisor(div), "1 or more")
          .require("final-div", finalDiv, isDivisor(finalDiv), "1 or more")
          .verify();
    }

    private static boolean isDivisor(double value) {
      return value >= 1 && Double.isFinite(value);
    }

    @Override
    public String kind() {
      return "one-cycle";
    }
  }

  /**
   * The rate of a user's class; until the end of {@code warmUp} times the share of it that has
   * passed.
   */
  record Custom(MemberSettings settings, Span warmUp) implements LearningRateConfig {
    public Custom {
      new Rules().require("kind", settings, settings.paths().isEmpty(), "without files").verify();
    }

    @Override
    public String kind() {
      return settings.name();
    }
  }

  private static Rules positive(String field, double rate) {
    return new Rules().require(field, rate, rate > 0 && Double.isFinite(rate), "above 0");
  }
}
