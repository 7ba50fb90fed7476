package io.espalier.cli.inspect;

import io.espalier.trainer.model.ModelDescription;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.onnx.NetworkLatency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A stored network beside the whole one that its recipe names.
 *
 * @param secondsDense of the whole network for one example in ONNX Runtime, if it was measured
 * @param seconds of the stored one
 */
record NetworkChange(
    Network whole,
    Network stored,
    List<LayerChange> layers,
    OptionalDouble secondsDense,
    OptionalDouble seconds) {
  /** A layer; widths are outputs of its weight, in the whole and in the stored network. */
  public record LayerChange(String name, int widthDense, int width, long macsDense, long macs) {}

  /**
   * Reads a model file and times both networks if {@code measured}; empty if the file does not
   * describe its network, as in old versions.
   */
  public static Optional<NetworkChange> of(Path model, boolean measured) throws IOException {
    ModelDescription description = ModelFile.read(model).description();
    return description
        .network()
        .flatMap(
            stored ->
                description.wholeNetwork().flatMap(whole -> between(whole, stored, measured)));
  }

  private static Optional<NetworkChange> between(Network whole, Network stored, boolean measured) {
    List<LayerChange> layers =
        whole.parameters().stream()
            .filter(dense -> dense.role() == Role.WEIGHT)
            .flatMap(dense -> stored.parameter(dense.id()).stream().map(now -> layer(dense, now)))
            .toList();
    boolean same = whole.parameters().size() == stored.parameters().size();
    if (!same || layers.isEmpty()) {
      return Optional.empty();
    }
    List<Double> seconds = measured ? NetworkLatency.ofExamples(List.of(whole, stored)) : List.of();
    return Optional.of(
        seconds.isEmpty()
            ? new NetworkChange(
                whole, stored, layers, OptionalDouble.empty(), OptionalDouble.empty())
            : new NetworkChange(
                whole,
                stored,
                layers,
                OptionalDouble.of(seconds.get(0)),
                OptionalDouble.of(seconds.get(1))));
  }

  private static LayerChange layer(ParameterSpec dense, ParameterSpec now) {
    return new LayerChange(
        dense.id().name(),
        dense.shape().dimensions().get(0),
        now.shape().dimensions().get(0),
        dense.macs(),
        now.macs());
  }

  public boolean isCut() {
    return stored.values() < whole.values();
  }

  public boolean isMeasured() {
    return seconds.isPresent() && secondsDense.isPresent();
  }
}
