package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/**
 * The pixels of an image as positions of a sequence, row by row. Behind a convolution whose stride
 * is its kernel they are patches of an image (Dosovitskiy et al., "An Image is Worth 16x16 Words:
 * Transformers for Image Recognition at Scale", 2021).
 */
record FlattenPositions() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("flatten-positions", FlattenPositions.class, FlattenPositions::new)
          .withPrefix("sequence");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape image = inputs.get(0).requireImage();
    return TensorShape.sequence(image.channels(), image.size() / image.channels());
  }

  @Override
  public NDArray forward(Forward pass) {
    Shape shape = pass.input().getShape();
    return pass.input().reshape(shape.get(0), shape.get(1), -1);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.FlattenPositions();
  }

  @Override
  public String export(OnnxNode node) {
    TensorShape output = node.output();
    return node.whole(
        "Reshape", node.input(), node.longs("shape", 0, output.channels(), output.positions()));
  }
}
