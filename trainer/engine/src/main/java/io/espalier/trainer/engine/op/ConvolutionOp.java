package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import io.espalier.trainer.network.Convolution;

final class ConvolutionOp implements EngineOp<Convolution> {
  @Override
  public NDArray forward(Convolution layer, Forward pass) {
    Shape strides = Forward.square(layer.stride());
    Shape sides = Forward.square(layer.padding());
    NDArray weight = pass.parameter(0);
    return (layer.bias()
            ? Conv2d.conv2d(
                pass.input(),
                weight,
                pass.parameter(1),
                strides,
                sides,
                Forward.square(1),
                layer.groups())
            : Conv2d.conv2d(
                pass.input(), weight, null, strides, sides, Forward.square(1), layer.groups()))
        .singletonOrThrow();
  }
}
