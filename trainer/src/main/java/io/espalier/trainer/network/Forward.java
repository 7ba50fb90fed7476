package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.espalier.configs.LayerConfig.Function;
import io.espalier.trainer.engine.Constant;
import java.util.List;

/**
 * One layer's forward pass over a batch.
 *
 * @param inputs arrays with the batch as first axis
 * @param parameters in the order of {@link Layer#parametersOf}
 */
record Forward(
    List<NDArray> inputs, List<NDArray> parameters, boolean training, float normMomentum) {

  NDArray run(Layer layer) {
    if (layer instanceof Layer.Convolution convolution) {
      return convolve(convolution);
    } else if (layer instanceof Layer.Linear linear) {
      return connect(linear);
    } else if (layer instanceof Layer.BatchNorm) {
      return normalise();
    } else if (layer instanceof Layer.Activation activation) {
      return activate(activation.function());
    } else if (layer instanceof Layer.LeakyRelu leaky) {
      return Activation.leakyRelu(input(), leaky.slope());
    }
    return reshape(layer);
  }

  private NDArray reshape(Layer layer) {
    if (layer instanceof Layer.MaxPool pool) {
      Shape padding = square(pool.padding());
      return Pool.maxPool2d(input(), square(pool.kernel()), square(pool.stride()), padding, false);
    } else if (layer instanceof Layer.AveragePool pool) {
      Shape padding = square(pool.padding());
      return Pool.avgPool2d(
          input(), square(pool.kernel()), square(pool.stride()), padding, false, true);
    } else if (layer instanceof Layer.GlobalAveragePool) {
      return Pool.globalAvgPool2d(input());
    } else if (layer instanceof Layer.Add) {
      return inputs.stream().reduce(NDArray::add).orElseThrow();
    } else if (layer instanceof Layer.Concat) {
      return NDArrays.concat(new NDList(inputs), 1);
    } else if (layer instanceof Layer.Flatten) {
      return input().reshape(input().getShape().get(0), -1);
    }
    throw new IllegalArgumentException("a layer must have a forward pass: layer=" + layer);
  }

  /**
   * The same images with another order in memory, {@code [batch, height, width, channels]}. What
   * the engine makes of them keeps that order, in which it convolves and normalises faster.
   */
  static NDArray withChannelsInnermost(NDArray images) {
    try (images;
        NDArray view = images.transpose(0, 2, 3, 1);
        NDArray copy = view.reshape(-1);
        NDArray cells = copy.reshape(view.getShape())) {
      return cells.transpose(0, 3, 1, 2);
    }
  }

  private NDArray input() {
    return inputs.get(0);
  }

  private NDArray convolve(Layer.Convolution layer) {
    Shape stride = square(layer.stride());
    Shape padding = square(layer.padding());
    NDArray weight = parameters.get(0);
    int groups = layer.groups();
    NDList result =
        layer.bias()
            ? Conv2d.conv2d(input(), weight, parameters.get(1), stride, padding, square(1), groups)
            : Conv2d.conv2d(input(), weight, null, stride, padding, square(1), groups);
    return result.singletonOrThrow();
  }

  private NDArray connect(Layer.Linear layer) {
    NDList result =
        layer.bias()
            ? Linear.linear(input(), parameters.get(0), parameters.get(1))
            : Linear.linear(input(), parameters.get(0));
    return result.singletonOrThrow();
  }

  private NDArray normalise() {
    NDArray scale = parameters.get(0);
    NDArray shift = parameters.get(1);
    NDArray mean = parameters.get(2);
    NDArray variance = parameters.get(3);
    return BatchNorm.batchNorm(
            input(),
            mean,
            variance,
            scale,
            shift,
            1,
            normMomentum,
            Layer.BatchNorm.EPSILON,
            training)
        .singletonOrThrow();
  }

  private NDArray activate(Function function) {
    NDArray input = input();
    return switch (function) {
      case RELU -> Activation.relu(input);
      case RELU6 -> upToSix(input);
      case HARD_SWISH ->
          upToSix(input.add(Constant.beside(input, 3))).mul(input).div(Constant.beside(input, 6));
      case SIGMOID -> Activation.sigmoid(input);
      case TANH -> Activation.tanh(input);
      case GELU -> Activation.gelu(input);
    };
  }

  private static NDArray upToSix(NDArray input) {
    return Activation.relu(input).minimum(Constant.beside(input, 6));
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }
}
