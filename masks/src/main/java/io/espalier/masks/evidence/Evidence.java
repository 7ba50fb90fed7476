package io.espalier.masks.evidence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics of one mask update, merged over all replicas.
 *
 * <p>Holds the given arrays without copying them.
 */
public final class Evidence {
  private static final Evidence NONE = new Evidence(Map.of());

  private final Map<Demand, List<float[]>> values;

  private Evidence(Map<Demand, List<float[]>> values) {
    this.values = values;
  }

  /** For updates that need weights only. */
  public static Evidence none() {
    return NONE;
  }

  /**
   * This evidence and what one more demand asked for.
   *
   * @param perParameter one array per prunable parameter with one value per unit; units that were
   *     not asked for have 0
   */
  public Evidence with(Demand demand, List<float[]> perParameter) {
    Map<Demand, List<float[]>> more = new HashMap<>(values);
    more.put(demand, List.copyOf(perParameter));
    return new Evidence(more);
  }

  /** Values that a demand asked for, one array per prunable parameter; they must not be changed. */
  public List<float[]> of(Demand demand) {
    List<float[]> found = values.get(demand);
    if (found == null) {
      throw new IllegalArgumentException(
          "an update must be given the evidence that it demands: demand=" + demand);
    }
    return found;
  }
}
