package io.espalier.trainer.sparse;

import java.util.List;

/**
 * A layer as a function of single examples. Values are row-major without the batch, such as {@code
 * [channels, height, width]}. Parameters are those of the {@link SparseNode}, live: of a weight,
 * the kept values only.
 */
public interface ExampleFunction {
  /** Fills the output. */
  void forward(List<float[]> inputs, float[] output);

  /**
   * From the gradient of the output, fills those of the inputs, all 0 before, and adds to {@link
   * SparseParameter#gradient} of each parameter.
   */
  void backward(List<float[]> inputs, float[] gradient, List<float[]> inputGradients);
}
