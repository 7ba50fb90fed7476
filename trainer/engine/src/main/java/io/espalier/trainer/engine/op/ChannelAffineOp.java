package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.ChannelAffine;

final class ChannelAffineOp implements EngineOp<ChannelAffine> {
  @Override
  public NDArray forward(ChannelAffine layer, Forward pass) {
    NDArray result = pass.input();
    for (int i = 0; i < pass.parameters().size(); i++) {
      NDArray each = Forward.perChannel(pass.parameter(i), result);
      result = layer.scaled() && i == 0 ? result.mul(each) : result.add(each);
    }
    return result;
  }
}
