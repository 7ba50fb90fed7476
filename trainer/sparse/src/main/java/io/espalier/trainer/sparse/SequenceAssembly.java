package io.espalier.trainer.sparse;

import java.util.List;
import java.util.Optional;

/** Makes the operations of layers of sequences. */
final class SequenceAssembly {
  private final Parameters parameters;
  private final Kernels kernels;
  private final int batch;
  private final boolean trains;

  /** Makes a trained parameter of a node. */
  interface Parameters {
    SparseParameter of(SparseGraph.Node node, String role, List<Integer> dimensions);
  }

  /**
   * @param batch the most examples with those that fill up
   */
  SequenceAssembly(Parameters parameters, Kernels kernels, int batch, boolean trains) {
    this.parameters = parameters;
    this.kernels = kernels;
    this.batch = batch;
    this.trains = trains;
  }

  /** Empty for other layers. */
  Optional<Operation> operation(SparseGraph.Node node, List<Source> sources, Tensor out) {
    SparseLayer layer = node.layer();
    Source source = sources.get(0);
    if (layer instanceof SparseLayer.TokenEmbedding embedding) {
      SparseParameter weight = weight(node, out.channels, embedding.tokens());
      return Optional.of(new Embedding(source.tensor, out, weight, embedding.tokens(), batch));
    }
    if (layer instanceof SparseLayer.PositionEmbedding) {
      SparseParameter weight = weight(node, out.channels, out.width);
      return Optional.of(new PlaceFeatures(List.of(), out, weight, out.width, kernels));
    }
    if (layer instanceof SparseLayer.ClassToken) {
      SparseParameter weight = weight(node, out.channels, 1);
      return Optional.of(new PlaceFeatures(sources, out, weight, 1, kernels));
    }
    if (layer instanceof SparseLayer.PositionNorm norm) {
      SparseParameter scale = parameters.of(node, "scale", List.of(out.channels));
      List<SparseParameter> all =
          norm.centred()
              ? List.of(scale, parameters.of(node, "shift", List.of(out.channels)))
              : List.of(scale);
      return Optional.of(new PositionNormalization(source, out, norm, all, kernels, batch));
    }
    return withoutParameters(layer, sources, out);
  }

  private SparseParameter weight(SparseGraph.Node node, int features, int inputs) {
    return parameters.of(node, "weight", List.of(features, inputs));
  }

  private Optional<Operation> withoutParameters(
      SparseLayer layer, List<Source> sources, Tensor out) {
    Source source = sources.get(0);
    if (layer instanceof SparseLayer.FlattenPositions) {
      return Optional.of(Copying.positions(sources, out, kernels));
    }
    if (layer instanceof SparseLayer.PaddingMask mask) {
      return Optional.of(new PaddingMark(source.tensor, out, mask.padding()));
    }
    if (layer instanceof SparseLayer.RotaryEmbedding rotary) {
      return Optional.of(new Turning(source, out, rotary, kernels));
    }
    if (layer instanceof SparseLayer.Attention attention) {
      return Optional.of(new Attending(sources, out, attention, trains, kernels, batch));
    }
    if (layer instanceof SparseLayer.FirstPosition) {
      return Optional.of(new FirstPlace(source, out, kernels));
    }
    if (layer instanceof SparseLayer.MeanPool) {
      return Optional.of(
          sources.size() == 1
              ? new GlobalPooling(source, out, kernels)
              : new MaskedMean(sources, out, kernels, batch));
    }
    return Optional.empty();
  }
}
