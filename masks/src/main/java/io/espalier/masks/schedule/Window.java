package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Optional;

/**
 * The part of a run in which a gradual schedule works.
 *
 * @param updates mask updates after {@code begin}, evenly spaced, the last at {@code end}
 * @param initial sparsity at {@code begin}; above 0 it takes an update of its own there
 * @param interval from one update after {@code end} to the next, all at the final sparsity
 * @param freeze the last of these updates
 */
record Window(
    Span begin,
    Span end,
    int updates,
    double initial,
    Optional<Span> interval,
    Optional<Span> freeze) {
  private static final String CONTINUE = "continue";
  private static final String FREEZE = "freeze";

  static final PluginKeys KEYS =
      PluginKeys.NONE
          .span("begin", new Span.Percent(10))
          .span("end", new Span.Percent(75))
          .whole("updates", 50)
          .share("initial", 0)
          .optionalSpan(CONTINUE)
          .optionalSpan(FREEZE);

  static Window of(MemberSettings settings) {
    return new Window(
        settings.span("begin"),
        settings.span("end"),
        settings.whole("updates"),
        settings.number("initial"),
        settings.optionalSpan(CONTINUE),
        settings.optionalSpan(FREEZE));
  }

  Rules rules() {
    Rules rules = new Rules();
    interval.ifPresent(
        every ->
            rules
                .require(CONTINUE, every, !every.isZero(), "longer than 0")
                .require(
                    CONTINUE,
                    every,
                    freeze.isPresent(),
                    "none unless freeze names when the last update is, such as 95%"));
    freeze.ifPresent(
        last ->
            rules
                .require(
                    FREEZE, last, !isAfter(end, last), "no earlier than end (%s)".formatted(end))
                .require(
                    FREEZE,
                    last,
                    interval.isPresent(),
                    "none unless continue names the span from update to update, such as 16"));
    return rules
        .require("begin", begin, !isAfter(begin, end), "no later than end (%s)".formatted(end))
        .require("updates", updates, updates >= 1, "1 or more")
        .require("initial", initial, initial >= 0 && initial < 1, "at least 0 and below 1");
  }

  /** Whether one span is longer than another of the same unit; spans of two units may be either. */
  private static boolean isAfter(Span span, Span other) {
    if (span instanceof Span.Steps a && other instanceof Span.Steps b) {
      return a.count() > b.count();
    }
    if (span instanceof Span.Epochs a && other instanceof Span.Epochs b) {
      return a.count() > b.count();
    }
    return span instanceof Span.Percent a
        && other instanceof Span.Percent b
        && a.value() > b.value();
  }
}
