package io.espalier.trainer.model;

import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.stored.StoredNetwork;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A stored network that computes with kept weights only, in plain Java: no engine is loaded, and
 * memory is that of kept weights and activations. Best read from what {@code export --format
 * sparse} writes; a dense file is read whole first. Confined to one thread.
 */
public final class SparseModel {
  private final ModelDescription description;
  private final SparseNetwork network;
  private final int features;
  private final float[] normalised;

  private SparseModel(ModelDescription description, SparseNetwork network, int batch) {
    this.description = description;
    this.network = network;
    features = description.format().input().size();
    normalised = new float[batch * features];
  }

  /**
   * Reads a model file, dense or sparse.
   *
   * @param batch the most examples of one call
   */
  public static SparseModel read(Path file, int batch) throws IOException {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch must have 1 example or more: batch=" + batch);
    }
    StoredModel stored = ModelFile.read(file);
    Network network =
        stored
            .description()
            .network()
            .orElseThrow(
                () ->
                    new MalformedFileException(
                        file,
                        "must describe its network: it is of a version without that; evaluate and"
                            + " predict take it"));
    StoredNetwork.requireTensors(
        file, stored.tensors(), network, stored.description().origin().model());
    return new SparseModel(
        stored.description(), StoredForward.OnKeptWeights.network(network, stored, batch), batch);
  }

  public ModelDescription description() {
    return description;
  }

  /** Says what runs the loops: the SIMD width, or why there is none. */
  public String kernels() {
    return network.kernels();
  }

  /**
   * Returns logits {@code [examples, classes]}, or {@code [examples, positions, tokens]} of a
   * network that continues texts, row-major, in the order of the class names.
   *
   * @param inputs {@code [examples, channels, height, width]} or {@code [examples, columns]},
   *     row-major: raw values, which are normalised as in the training; of a table, after its
   *     encoding
   */
  public float[] predict(float[] inputs) {
    int examples = inputs.length / features;
    if (inputs.length == 0 || inputs.length > normalised.length || inputs.length % features != 0) {
      throw new IllegalArgumentException(
          "inputs must be from 1 to %d whole examples of %d values: values=%d"
              .formatted(normalised.length / features, features, inputs.length));
    }
    System.arraycopy(inputs, 0, normalised, 0, inputs.length);
    Normalization normalization = description.format().normalization();
    normalization.apply(normalised, features, examples);
    float[] logits = new float[examples * network.positions() * network.outputs()];
    network.infer(normalised, examples, logits);
    return logits;
  }
}
