package io.espalier.trainer.network;

import java.util.List;

/**
 * The pixels of an image as positions of a sequence, row by row. Behind a convolution whose stride
 * is its kernel they are patches of an image (Dosovitskiy et al., "An Image is Worth 16x16 Words:
 * Transformers for Image Recognition at Scale", 2021).
 */
public record FlattenPositions() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("flatten-positions", FlattenPositions.class, FlattenPositions::new)
          .withPrefix("sequence");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape image = inputs.get(0).requireImage();
    return TensorShape.sequence(image.channels(), image.size() / image.channels());
  }
}
