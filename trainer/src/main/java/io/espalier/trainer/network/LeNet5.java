package io.espalier.trainer.network;

import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Window;
import io.espalier.configs.ModelConfig;

/**
 * LeNet-5 in its 20-50-500 form, with ReLU (LeCun, Bottou, Bengio and Haffner, "Gradient-Based
 * Learning Applied to Document Recognition", 1998).
 *
 * <p>Pooling goes before ReLU: the two commute, and ReLU then sees a quarter of the values.
 */
final class LeNet5 {
  private static final Window KERNEL = new Window(5, 1, 0);

  private LeNet5() {}

  static ModelConfig.Layers plain() {
    return new LayerList()
        .add("conv1", LayerList.convolution(20, KERNEL, 1, true))
        .pool("pool1")
        .relu("relu1")
        .add("conv2", LayerList.convolution(50, KERNEL, 1, true))
        .pool("pool2")
        .relu("relu2")
        .add("flatten", new LayerConfig.Flatten())
        .linear("fc1", 500, true)
        .relu("relu3")
        .classify();
  }

  /** A norm behind each hidden layer, whose shift takes the place of the bias. */
  static ModelConfig.Layers normalised() {
    return new LayerList()
        .add("conv1", LayerList.convolution(20, KERNEL, 1, false))
        .norm("norm1")
        .pool("pool1")
        .relu("relu1")
        .add("conv2", LayerList.convolution(50, KERNEL, 1, false))
        .norm("norm2")
        .pool("pool2")
        .relu("relu2")
        .add("flatten", new LayerConfig.Flatten())
        .linear("fc1", 500, false)
        .norm("norm3")
        .relu("relu3")
        .classify();
  }
}
