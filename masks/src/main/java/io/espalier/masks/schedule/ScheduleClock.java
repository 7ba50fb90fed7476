package io.espalier.masks.schedule;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.Span;
import io.espalier.masks.schedule.GradualSchedule.Feedback;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The run's length and final sparsity, which a schedule's config leaves open. */
public record ScheduleClock(double finalSparsity, long totalSteps, long stepsPerEpoch) {
  public ScheduleClock {
    if (!(finalSparsity >= 0 && finalSparsity <= 1) || totalSteps < 0 || stepsPerEpoch < 0) {
      throw new IllegalArgumentException(
          "a schedule needs a sparsity from 0 to 1 and steps of 0 or more: sparsity=%s, steps=%d"
              .formatted(finalSparsity, totalSteps));
    }
  }

  /** Steps of a span in this run, rounded down; they may be more than the run has. */
  public long stepsOf(Span span) {
    return span.resolve(totalSteps, stepsPerEpoch);
  }

  Schedule oneShot(Span begin) {
    List<Problem> problems = new ArrayList<>();
    long first = within("begin", begin, problems);
    refuse(problems);
    return new OneShotSchedule(first, finalSparsity);
  }

  Schedule gradual(Window window, Curve curve) {
    List<Problem> problems = new ArrayList<>();
    long begin = within("begin", window.begin(), problems);
    long end = within("end", window.end(), problems);
    if (begin > end) {
      problems.add(
          problem(
              "begin",
              "must not come after end: begin=%s (step %d), end=%s (step %d)"
                  .formatted(window.begin(), begin, window.end(), end)));
    }
    if (window.initial() > finalSparsity) {
      problems.add(
          problem(
              "initial",
              "must be at most the final sparsity: initial=%s, sparsity=%s"
                  .formatted(window.initial(), finalSparsity)));
    }
    Optional<Feedback> feedback = feedback(window, end, problems);
    refuse(problems);
    return new GradualSchedule(
        begin, end, window.updates(), window.initial(), finalSparsity, curve, feedback);
  }

  private Optional<Feedback> feedback(Window window, long end, List<Problem> problems) {
    if (window.interval().isEmpty() || window.freeze().isEmpty()) {
      return Optional.empty();
    }
    Span interval = window.interval().get();
    Span last = window.freeze().get();
    long every = stepsOf(interval);
    if (every < 1) {
      problems.add(
          problem(
              "continue",
              "must be 1 step or more: continue=%s, steps=%d".formatted(interval, every)));
    }
    long freeze = within("freeze", last, problems);
    if (freeze < end) {
      problems.add(
          problem(
              "freeze",
              "must not come before end: freeze=%s (step %d), end=%s (step %d)"
                  .formatted(last, freeze, window.end(), end)));
    }
    return Optional.of(new Feedback(Math.max(1, every), freeze));
  }

  private long within(String key, Span span, List<Problem> problems) {
    long step = stepsOf(span);
    if (step > totalSteps) {
      problems.add(
          problem(
              key,
              "must be within the run: %s=%s (step %d), steps of the run=%d"
                  .formatted(key, span, step, totalSteps)));
    }
    return step;
  }

  private static Problem problem(String key, String message) {
    return new Problem(Optional.empty(), "prune.schedule." + key, message);
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }
}
