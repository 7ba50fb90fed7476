package io.espalier.configs;

import java.util.Map;

/** A user's own member of a family: its registered name and the keys that it declared. */
public record CustomFamily(String name, Map<String, Object> settings) {
  public CustomFamily {
    settings = Map.copyOf(settings);
  }
}
