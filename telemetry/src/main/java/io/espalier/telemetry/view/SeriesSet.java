package io.espalier.telemetry.view;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Series by name; names beyond {@link #MOST} are ignored. Not thread-safe. */
final class SeriesSet {
  static final int MOST = 600;

  private final VoidedSteps voided;
  private final Map<String, Points> byName = new LinkedHashMap<>();

  SeriesSet(VoidedSteps voided) {
    this.voided = voided;
  }

  Points of(String name) {
    Points known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (byName.size() == MOST) {
      return new Points(new VoidedSteps());
    }
    Points made = new Points(voided);
    byName.put(name, made);
    return made;
  }

  void put(String name, int attempt, long step, double value) {
    of(name).put(attempt, step, value);
  }

  Map<String, Points> byName() {
    return Collections.unmodifiableMap(byName);
  }
}
