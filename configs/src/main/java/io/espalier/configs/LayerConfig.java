package io.espalier.configs;

import java.util.List;
import java.util.Map;

/** One layer's settings as in a recipe: an integer, double or boolean per key of the kind. */
public record LayerConfig(LayerKinds.Kind kind, Map<String, Object> settings) {
  public LayerConfig {
    settings = Map.copyOf(settings);
  }

  /** A named layer; {@code from} has names of earlier layers, or {@link #INPUT}. */
  public record Named(String name, LayerConfig layer, List<String> from) {
    /** The example, in {@code from}. */
    public static final String INPUT = "input";

    public Named {
      from = List.copyOf(from);
    }
  }
}
