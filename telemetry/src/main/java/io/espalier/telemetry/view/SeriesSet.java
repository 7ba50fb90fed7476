package io.espalier.telemetry.view;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Series by name. Not thread-safe. */
final class SeriesSet {
  /** The most series of a set; further names are passed over. */
  static final int MOST = 600;

  private final Cuts cuts;
  private final Map<String, Points> byName = new LinkedHashMap<>();

  public SeriesSet(Cuts cuts) {
    this.cuts = cuts;
  }

  /** The series of this name, made if there is none. */
  public Points of(String name) {
    Points known = byName.get(name);
    if (known != null) {
      return known;
    }
    Points made = new Points(cuts);
    if (byName.size() < MOST) {
      byName.put(name, made);
    }
    return made;
  }

  /** Adds a point to the series of this name. */
  public void put(String name, int attempt, long step, double value) {
    of(name).put(attempt, step, value);
  }

  /** See {@link Points#cut}. */
  public void cut(int attempt, long firstVoid) {
    byName.values().forEach(each -> each.cut(attempt, firstVoid));
  }

  public Map<String, Points> byName() {
    return Collections.unmodifiableMap(byName);
  }
}
