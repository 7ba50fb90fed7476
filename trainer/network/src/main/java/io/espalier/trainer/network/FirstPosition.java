package io.espalier.trainer.network;

import java.util.List;

/**
 * The features of a sequence's first position as a vector, which classifies the whole sequence
 * (Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for
 * Language Understanding", 2019).
 */
public record FirstPosition() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("first-position", FirstPosition.class, FirstPosition::new).withPrefix("pool");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).requireSequence().channels());
  }
}
