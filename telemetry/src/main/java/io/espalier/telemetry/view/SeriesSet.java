package io.espalier.telemetry.view;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Series by name. Not thread-safe. */
final class SeriesSet {
  /** The most series of a set; further names are passed over. */
  static final int MOST = 600;

  private final VoidedSteps voided;
  private final Map<String, Points> byName = new LinkedHashMap<>();

  public SeriesSet(VoidedSteps voided) {
    this.voided = voided;
  }

  /** The series of this name, made if there is none. */
  public Points of(String name) {
    Points known = byName.get(name);
    if (known != null) {
      return known;
    }
    Points made = new Points(voided);
    if (byName.size() < MOST) {
      byName.put(name, made);
    }
    return made;
  }

  /** Adds a point to the series of this name. */
  public void put(String name, int attempt, long step, double value) {
    of(name).put(attempt, step, value);
  }

  /** See {@link Points#discard}. */
  public void discard(int attempt, long firstVoid) {
    byName.values().forEach(each -> each.discard(attempt, firstVoid));
  }

  public Map<String, Points> byName() {
    return Collections.unmodifiableMap(byName);
  }
}
