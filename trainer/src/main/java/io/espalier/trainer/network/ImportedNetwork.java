package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A network that was read from an ONNX file, with its values. Immutable and thread-safe. */
public final class ImportedNetwork {
  private final Network network;
  private final Map<ParameterId, float[]> values;

  public ImportedNetwork(Network network, Map<ParameterId, float[]> values) {
    this.network = network;
    this.values = Map.copyOf(values);
  }

  public Network network() {
    return network;
  }

  /** Copies of the row-major values of every parameter, in network order. */
  public List<float[]> values() {
    return network.parameters().stream()
        .map(spec -> Objects.requireNonNull(values.get(spec.id())).clone())
        .toList();
  }
}
