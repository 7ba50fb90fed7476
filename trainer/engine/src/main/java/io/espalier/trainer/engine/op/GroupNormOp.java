package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.espalier.trainer.network.GroupNorm;

final class GroupNormOp implements EngineOp<GroupNorm> {
  /** The engine normalises rows in one go, forward and backward; a row is one group. */
  @Override
  public NDArray forward(GroupNorm layer, Forward pass) {
    NDArray input = pass.input();
    NDArray scale = pass.parameter(0);
    NDArray shift = pass.parameter(1);
    Shape shape = input.getShape();
    if (layer.groups() == 1 && shape.dimension() == 2) {
      return normaliseRows(layer, input, scale, shift);
    }
    long rows = shape.get(0) * layer.groups();
    NDManager manager = input.getManager();
    Shape row = new Shape(shape.size() / rows);
    try (NDArray apart = input.reshape(rows, row.size());
        NDArray ones = manager.ones(row);
        NDArray zeros = manager.zeros(row);
        NDArray normalised = normaliseRows(layer, apart, ones, zeros);
        NDArray together = normalised.reshape(shape);
        NDArray scaled = together.mul(Forward.perChannel(scale, together))) {
      return scaled.add(Forward.perChannel(shift, together));
    }
  }

  private static NDArray normaliseRows(
      GroupNorm layer, NDArray rows, NDArray scale, NDArray shift) {
    Shape row = new Shape(rows.getShape().get(1));
    return LayerNorm.layerNorm(rows, row, scale, shift, layer.epsilon()).singletonOrThrow();
  }
}
