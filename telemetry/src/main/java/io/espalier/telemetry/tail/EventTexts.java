package io.espalier.telemetry.tail;

import io.espalier.telemetry.event.Event;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What each type of event says to people. */
final class EventTexts {
  private final Map<Class<?>, Function<Object, String>> texts = new HashMap<>();

  <E extends Event> void add(Class<E> type, Function<E, String> text) {
    texts.put(type, event -> text.apply(type.cast(event)));
  }

  String of(Event event) {
    return texts.getOrDefault(event.getClass(), Object::toString).apply(event);
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
