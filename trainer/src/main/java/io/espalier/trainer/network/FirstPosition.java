package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/**
 * The features of a sequence's first position as a vector, which classifies the whole sequence
 * (Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for
 * Language Understanding", 2019).
 */
record FirstPosition() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("first-position", FirstPosition.class, FirstPosition::new).withPrefix("pool");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).requireSequence().channels());
  }

  @Override
  public NDArray forward(Forward pass) {
    return pass.input().get(":, :, 0");
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.FirstPosition();
  }

  @Override
  public String export(OnnxNode node) {
    String first =
        node.part(
            "first",
            "Gather",
            List.of(node.input(), node.longs("index", 0)),
            new Attributes().with("axis", 2));
    return node.whole("Squeeze", first, node.longs("axes", 2));
  }
}
