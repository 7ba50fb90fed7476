package io.espalier.configs;

import java.util.List;
import java.util.Map;

/**
 * One layer as a recipe spells it, without its name and inputs.
 *
 * @param settings the value of each key of the kind: an integer, a double or a boolean
 */
public record LayerConfig(LayerKinds.Kind kind, Map<String, Object> settings) {
  public LayerConfig {
    settings = Map.copyOf(settings);
  }

  /**
   * A layer in its place.
   *
   * @param from names of the earlier layers that it reads, or {@link #INPUT}
   */
  public record Named(String name, LayerConfig layer, List<String> from) {
    /** The example, in {@code from}. */
    public static final String INPUT = "input";

    public Named {
      from = List.copyOf(from);
    }
  }
}
