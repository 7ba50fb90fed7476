package io.espalier.telemetry.event;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Renders events as single lines of plain text with parts separated by {@code " · "}. */
public final class EventText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private EventText() {}

  /** Returns time (UTC), origin, name and text of an event, without a line break. */
  public static String line(Envelope envelope) {
    Event event = envelope.event();
    return String.format(
            Locale.ROOT,
            "%s %-10s %-19s %s",
            TIME.format(envelope.time()),
            oneLine(event.origin().orElse("run")),
            event.getClass().getSimpleName(),
            text(event))
        .stripTrailing();
  }

  /** Returns type words and text: {@code run stopped: at step 40 · …}. */
  public static String sentence(Event event) {
    String words = EventType.of(event).name().replaceAll("^io\\.espalier\\.|\\.v\\d+$", "");
    return words.replace('.', ' ') + ": " + text(event);
  }

  /** Returns the step, where the event has one, and the {@link #detail}. */
  public static String text(Event event) {
    String lead = EventTexts.lead(event);
    return lead.isEmpty() ? detail(event) : lead + " · " + detail(event);
  }

  /** Returns the text without the step. */
  public static String detail(Event event) {
    return oneLine(EventTexts.detail(event));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
