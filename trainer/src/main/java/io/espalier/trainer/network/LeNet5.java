package io.espalier.trainer.network;

/**
 * LeNet-5 in its 20-50-500 form, with ReLU (LeCun, Bottou, Bengio and Haffner, "Gradient-Based
 * Learning Applied to Document Recognition", 1998).
 *
 * <p>Pooling goes before ReLU: the two commute, and ReLU then sees a quarter of the values.
 */
final class LeNet5 {
  private LeNet5() {}

  static LayerList plain() {
    return new LayerList()
        .add("conv1", new Convolution(20, 5, 1, 0, 1, true))
        .pool("pool1")
        .relu("relu1")
        .add("conv2", new Convolution(50, 5, 1, 0, 1, true))
        .pool("pool2")
        .relu("relu2")
        .add("flatten", new Flatten())
        .add("fc1", new Linear(500, true))
        .relu("relu3");
  }

  /** A norm behind each hidden layer, whose shift takes the place of the bias. */
  static LayerList normalised() {
    return new LayerList()
        .add("conv1", new Convolution(20, 5, 1, 0, 1, false))
        .norm("norm1")
        .pool("pool1")
        .relu("relu1")
        .add("conv2", new Convolution(50, 5, 1, 0, 1, false))
        .norm("norm2")
        .pool("pool2")
        .relu("relu2")
        .add("flatten", new Flatten())
        .add("fc1", new Linear(500, false))
        .norm("norm3")
        .relu("relu3");
  }
}
