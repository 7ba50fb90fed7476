package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.PositionNorm;

final class PositionNormOp implements EngineOp<PositionNorm> {
  /** The engine normalises whole rows in one go, forward and backward. */
  @Override
  public NDArray forward(PositionNorm layer, Forward pass) {
    NDArray input = Forward.featuresLast(pass.input());
    NDArray scale = pass.parameter(0);
    Shape row = scale.getShape();
    if (layer.centred() && layer.share(row.size()) == 1) {
      return Forward.featuresFirst(
          LayerNorm.layerNorm(input, row, scale, pass.parameter(1), layer.epsilon())
              .singletonOrThrow());
    }
    NDArray scaled = normalised(layer, input, layer.share(row.size())).mul(scale);
    return Forward.featuresFirst(layer.centred() ? scaled.add(pass.parameter(1)) : scaled);
  }

  private static NDArray normalised(PositionNorm layer, NDArray input, float share) {
    int[] last = {2};
    NDArray left = ConstantOperand.beside(input, share);
    NDArray smallest = ConstantOperand.beside(input, layer.epsilon());
    if (!layer.centred()) {
      NDArray squares = input.square().mean(last, true).mul(left);
      return input.div(squares.add(smallest).sqrt());
    }
    NDArray mean = input.mean(last, true).mul(left);
    NDArray apart = input.sub(mean);
    NDArray ofCut = mean.square().mul(ConstantOperand.beside(input, 1 - share));
    NDArray variance = apart.square().mean(last, true).mul(left).add(ofCut);
    return apart.div(variance.add(smallest).sqrt());
  }
}
