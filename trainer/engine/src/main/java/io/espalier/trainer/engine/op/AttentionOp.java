package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.Attention;

final class AttentionOp implements EngineOp<Attention> {
  /**
   * Products run over all heads of all examples in one batch, whose rows are positions: in the
   * memory of a sequence, a row is whole.
   */
  @Override
  public NDArray forward(Attention layer, Forward pass) {
    NDArray queries = pass.input();
    Shape shape = queries.getShape();
    long examples = shape.get(0);
    long positions = shape.get(2);
    long heads = pass.inputs().get(1).getShape().get(1) / layer.headSize();
    long sharing = shape.get(1) / layer.headSize() / heads;
    NDArray asked = rows(layer, queries, heads).mul(ConstantOperand.beside(queries, layer.scale()));
    NDArray keys = rows(layer, pass.inputs().get(1), heads);
    NDArray values = rows(layer, pass.inputs().get(2), heads);
    NDArray products = asked.batchMatMul(keys.transpose(0, 2, 1));
    if (layer.causal()) {
      int length = Math.toIntExact(positions);
      products =
          products.add(
              queries
                  .getManager()
                  .create(
                      Attention.hidden(length, Math.toIntExact(sharing)),
                      new Shape(sharing * positions, positions)));
    }
    if (pass.inputs().size() > 3) {
      products =
          products
              .reshape(examples, heads, -1, positions)
              .add(ofPadding(pass.inputs().get(3)))
              .reshape(examples * heads, -1, positions);
    }
    return products
        .softmax(2)
        .batchMatMul(values)
        .reshape(examples, heads * sharing, positions, layer.headSize())
        .transpose(0, 2, 1, 3)
        .reshape(examples, positions, shape.get(1))
        .transpose(0, 2, 1);
  }

  /** A sequence as {@code [examples · heads, sharing · positions, headSize]}. */
  private static NDArray rows(Attention layer, NDArray sequence, long heads) {
    Shape shape = sequence.getShape();
    long positions = shape.get(2);
    return sequence
        .transpose(0, 2, 1)
        .reshape(shape.get(0), positions, -1, layer.headSize())
        .transpose(0, 2, 1, 3)
        .reshape(shape.get(0) * heads, -1, layer.headSize());
  }

  /** Added to products, {@code [examples, 1, 1, positions]}. */
  private static NDArray ofPadding(NDArray mask) {
    return ConstantOperand.beside(mask, 1)
        .sub(mask)
        .mul(ConstantOperand.beside(mask, Attention.HIDDEN))
        .expandDims(1);
  }
}
