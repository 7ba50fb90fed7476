package io.espalier.configs;

/** A stretch of training time: a number of steps, of epochs, or a share of the whole run. */
public sealed interface Span {
  /** Steps in a run of {@code totalSteps} steps, rounded down. */
  long resolve(long totalSteps, long stepsPerEpoch);

  /** Whether this span is 0 in every run. */
  boolean isZero();

  record Steps(long count) implements Span {
    public Steps {
      new Rules().require("steps", count, count >= 0, "0 or more").verify();
    }

    @Override
    public long resolve(long totalSteps, long stepsPerEpoch) {
      return count;
    }

    @Override
    public boolean isZero() {
      return count == 0;
    }

    @Override
    public String toString() {
      return Long.toString(count);
    }
  }

  record Epochs(double count) implements Span {
    public Epochs {
      new Rules()
          .require("epochs", count, count >= 0 && Double.isFinite(count), "0 or more")
          .verify();
    }

    @Override
    public long resolve(long totalSteps, long stepsPerEpoch) {
      return (long) Math.floor(count * stepsPerEpoch + 1e-9);
    }

    @Override
    public boolean isZero() {
      return count == 0;
    }

    @Override
    public String toString() {
      return count + " epochs";
    }
  }

  /** A share of the run, in percent of its total steps. */
  record Percent(double value) implements Span {
    public Percent {
      new Rules().require("percent", value, value >= 0 && value <= 100, "from 0% to 100%").verify();
    }

    @Override
    public long resolve(long totalSteps, long stepsPerEpoch) {
      return (long) Math.floor(value / 100 * totalSteps + 1e-9);
    }

    @Override
    public boolean isZero() {
      return value == 0;
    }

    @Override
    public String toString() {
      return value + "%";
    }
  }
}
