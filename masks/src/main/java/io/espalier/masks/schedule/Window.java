package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.custom.CustomKeys;

/**
 * The part of a run in which a gradual schedule works.
 *
 * @param updates mask updates after {@code begin}, evenly spaced, the last at {@code end}
 * @param initial sparsity at {@code begin}; above 0 it takes an update of its own there
 */
record Window(Span begin, Span end, int updates, double initial) {
  static final CustomKeys KEYS =
      CustomKeys.NONE
          .span("begin", new Span.Percent(10))
          .span("end", new Span.Percent(75))
          .whole("updates", 50)
          .share("initial", 0);

  static Window of(MemberSettings settings) {
    return new Window(
        settings.span("begin"),
        settings.span("end"),
        settings.whole("updates"),
        settings.number("initial"));
  }

  Rules rules() {
    return new Rules()
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
