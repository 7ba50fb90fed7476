package io.espalier.masks.evidence;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of one mask update, merged over all replicas.
 *
 * <p>Holds the given arrays without copying them.
 */
public final class Evidence {
  private static final Evidence NONE = new Evidence(Map.of());

  private final Map<Statistic, List<float[]>> values;

  private Evidence(Map<Statistic, List<float[]>> values) {
    this.values = values;
  }

  /** For updates that need weights only. */
  public static Evidence none() {
    return NONE;
  }

  /**
   * This evidence and one more statistic.
   *
   * @param perParameter one array per prunable parameter with one value per unit; units that were
   *     not asked for have 0
   */
  public Evidence with(Statistic statistic, List<float[]> perParameter) {
    Map<Statistic, List<float[]>> more = new EnumMap<>(Statistic.class);
    more.putAll(values);
    more.put(statistic, List.copyOf(perParameter));
    return new Evidence(more);
  }

  /** Values of a statistic, one array per prunable parameter; they must not be changed. */
  public List<float[]> of(Statistic statistic) {
    List<float[]> found = values.get(statistic);
    if (found == null) {
      throw new IllegalArgumentException(
          "an update must be given the evidence that it demands: statistic=" + statistic);
    }
    return found;
  }
}
