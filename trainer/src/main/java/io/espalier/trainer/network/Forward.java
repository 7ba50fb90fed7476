package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
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
    } else if (layer instanceof Layer.BatchNorm norm) {
      return normalise(norm.epsilon());
    } else if (layer instanceof Layer.GroupNorm norm) {
      return normaliseGroups(norm);
    } else if (layer instanceof Layer.Activation activation) {
      return activate(activation.function());
    } else if (layer instanceof Layer.LeakyRelu leaky) {
      return Activation.leakyRelu(input(), leaky.slope());
    } else if (layer instanceof Layer.Clip clip) {
      return clip(clip);
    } else if (layer instanceof Layer.Affine affine) {
      return input()
          .mul(Constant.beside(input(), affine.scale()))
          .add(Constant.beside(input(), affine.shift()));
    } else if (layer instanceof Layer.ChannelAffine affine) {
      return scaleAndShift(affine);
    }
    return reshape(layer);
  }

  private NDArray reshape(Layer layer) {
    if (layer instanceof Layer.MaxPool pool) {
      Shape padding = square(pool.padding());
      return Pool.maxPool2d(input(), square(pool.kernel()), square(pool.stride()), padding, false);
    } else if (layer instanceof Layer.AveragePool pool) {
      return pool.countsPadding() || pool.padding() == 0
          ? average(input(), pool)
          : average(input(), pool).div(average(onesLike(input()), pool));
    } else if (layer instanceof Layer.GlobalAveragePool) {
      return Pool.globalAvgPool2d(input());
    } else if (layer instanceof Layer.Add) {
      return inputs.stream().reduce(NDArray::add).orElseThrow();
    } else if (layer instanceof Layer.Multiply) {
      return multiply();
    } else if (layer instanceof Layer.Pad pad) {
      Shape sides = new Shape(pad.left(), pad.right(), pad.top(), pad.bottom());
      return input().pad(sides, pad.lowest() ? Double.NEGATIVE_INFINITY : 0);
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

  private NDArray normalise(float epsilon) {
    NDArray scale = parameters.get(0);
    NDArray shift = parameters.get(1);
    NDArray mean = parameters.get(2);
    NDArray variance = parameters.get(3);
    return BatchNorm.batchNorm(
            input(), mean, variance, scale, shift, 1, normMomentum, epsilon, training)
        .singletonOrThrow();
  }

  /** Rows of one group each are what the engine normalises in one go, forward and backward. */
  private NDArray normaliseGroups(Layer.GroupNorm layer) {
    NDArray scale = parameters.get(0);
    NDArray shift = parameters.get(1);
    Shape shape = input().getShape();
    if (layer.groups() == 1 && shape.dimension() == 2) {
      return normaliseRows(input(), scale, shift, layer.epsilon());
    }
    long rows = shape.get(0) * layer.groups();
    NDManager manager = input().getManager();
    Shape row = new Shape(shape.size() / rows);
    try (NDArray apart = input().reshape(rows, row.size());
        NDArray ones = manager.ones(row);
        NDArray zeros = manager.zeros(row);
        NDArray normalised = normaliseRows(apart, ones, zeros, layer.epsilon());
        NDArray together = normalised.reshape(shape);
        NDArray scaled = together.mul(perChannel(scale, together))) {
      return scaled.add(perChannel(shift, together));
    }
  }

  private static NDArray normaliseRows(NDArray rows, NDArray scale, NDArray shift, float epsilon) {
    Shape row = new Shape(rows.getShape().get(1));
    return LayerNorm.layerNorm(rows, row, scale, shift, epsilon).singletonOrThrow();
  }

  private static NDArray average(NDArray images, Layer.AveragePool pool) {
    Shape padding = square(pool.padding());
    return Pool.avgPool2d(
        images, square(pool.kernel()), square(pool.stride()), padding, false, true);
  }

  /** One image of one channel; its average counts what the engine cannot leave out, padding. */
  private static NDArray onesLike(NDArray images) {
    Shape shape = images.getShape();
    return images.getManager().ones(new Shape(1, 1, shape.get(2), shape.get(3)));
  }

  private NDArray clip(Layer.Clip layer) {
    NDArray clipped = input();
    if (layer.min() > Float.NEGATIVE_INFINITY) {
      clipped = clipped.maximum(Constant.beside(clipped, layer.min()));
    }
    return layer.max() < Float.POSITIVE_INFINITY
        ? clipped.minimum(Constant.beside(clipped, layer.max()))
        : clipped;
  }

  private NDArray scaleAndShift(Layer.ChannelAffine layer) {
    NDArray result = input();
    for (int i = 0; i < parameters.size(); i++) {
      NDArray each = perChannel(parameters.get(i), result);
      result = layer.scaled() && i == 0 ? result.mul(each) : result.add(each);
    }
    return result;
  }

  private NDArray multiply() {
    NDArray first = inputs.get(0);
    NDArray second = inputs.get(1);
    return first.getShape().dimension() < second.getShape().dimension()
        ? perChannel(first, second).mul(second)
        : first.mul(perChannel(second, first));
  }

  /** A vector per example, or one for all, with the axes that it needs to go with {@code other}. */
  private static NDArray perChannel(NDArray vector, NDArray other) {
    Shape shape = vector.getShape();
    boolean isImage = other.getShape().dimension() == 4;
    return isImage && shape.dimension() < 4 ? vector.reshape(shape.addAll(square(1))) : vector;
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
