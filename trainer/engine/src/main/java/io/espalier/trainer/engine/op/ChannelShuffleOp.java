package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.ChannelShuffle;

final class ChannelShuffleOp implements EngineOp<ChannelShuffle> {
  @Override
  public NDArray forward(ChannelShuffle layer, Forward pass) {
    NDArray input = pass.input();
    Shape shape = input.getShape();
    try (NDArray blocks =
            input.reshape(shape.get(0), layer.groups(), shape.get(1) / layer.groups(), -1);
        NDArray dealt = blocks.transpose(0, 2, 1, 3)) {
      return dealt.reshape(shape);
    }
  }
}
