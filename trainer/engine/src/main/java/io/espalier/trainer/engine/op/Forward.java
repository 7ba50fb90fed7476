package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.Layer;
import java.util.List;

/**
 * One layer's part of a pass; inputs are batch-first, parameters as {@link Layer#parametersOf}.
 *
 * @param foldsNorms whether {@link FoldedBatchNorm} may be used; channels are then innermost
 */
public record Forward(
    List<NDArray> inputs,
    List<NDArray> parameters,
    boolean training,
    float normMomentum,
    boolean foldsNorms) {
  public NDArray input() {
    return inputs.get(0);
  }

  public NDArray parameter(int index) {
    return parameters.get(index);
  }

  /** A vector per example, or one for all, with the axes that it needs to go with {@code other}. */
  public static NDArray perChannel(NDArray vector, NDArray other) {
    Shape shape = vector.getShape();
    boolean isImage = other.getShape().dimension() == 4;
    return isImage && shape.dimension() < 4 ? vector.reshape(shape.addAll(square(1))) : vector;
  }

  /** A sequence {@code [batch, features, positions]} with the features last; else the array. */
  public static NDArray featuresLast(NDArray array) {
    return array.getShape().dimension() == 3 ? array.transpose(0, 2, 1) : array;
  }

  /** The reverse of {@link #featuresLast}. In memory the features of a position stay together. */
  public static NDArray featuresFirst(NDArray array) {
    return featuresLast(array);
  }

  public static Shape square(int side) {
    return new Shape(side, side);
  }
}
