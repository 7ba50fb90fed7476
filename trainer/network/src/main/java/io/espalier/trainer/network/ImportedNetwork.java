package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A network with its values. Immutable and thread-safe. */
public final class ImportedNetwork {
  private final Network network;
  private final Map<ParameterId, float[]> values;

  /** Parameters without values are those of a head. */
  public ImportedNetwork(Network network, Map<ParameterId, float[]> values) {
    this.network = network;
    this.values = Map.copyOf(values);
  }

  public Network network() {
    return network;
  }

  /** Whether the file has a parameter's values; a head is to be drawn. */
  public boolean has(ParameterId parameter) {
    return values.containsKey(parameter);
  }

  /**
   * Copies of the row-major values of every parameter, in network order; 0 where the file has none.
   */
  public List<float[]> values() {
    return network.parameters().stream()
        .map(
            spec ->
                has(spec.id())
                    ? Objects.requireNonNull(values.get(spec.id())).clone()
                    : new float[spec.shape().size()])
        .toList();
  }
}
