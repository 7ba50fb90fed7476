package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.RotaryTables;

final class RotaryEmbeddingOp implements EngineOp<RotaryEmbedding> {
  @Override
  public NDArray forward(RotaryEmbedding layer, Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    int positions = Math.toIntExact(shape.get(2));
    Shape tables = new Shape(2, layer.headSize() / 2, positions);
    NDManager manager = input.getManager();
    NDArray halves =
        input.reshape(
            shape.get(0), shape.get(1) / layer.headSize(), 2, layer.headSize() / 2, positions);
    RotaryTables values = RotaryTables.of(layer.headSize(), layer.base(), positions);
    NDArray kept = halves.mul(manager.create(values.cosines(), tables));
    NDArray turned = halves.flip(2).mul(manager.create(values.sines(), tables));
    return kept.add(turned).reshape(shape);
  }
}
