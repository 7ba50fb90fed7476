package io.espalier.trainer.network;

/**
 * LeNet-5 in its 20-50-500 form, with ReLU (LeCun, Bottou, Bengio and Haffner, "Gradient-Based
 * Learning Applied to Document Recognition", 1998). Pooling precedes ReLU: they commute, and ReLU
 * then sees a quarter of the values.
 */
final class LeNet5 {
  private LeNet5() {}

  /** With norms, one is behind each hidden layer, whose shift takes the place of the bias. */
  static LayerList layers(boolean norms) {
    LayerList layers = new LayerList();
    block(layers.add("conv1", new Convolution(20, 5, 1, 0, 1, !norms)), 1, norms);
    block(layers.add("conv2", new Convolution(50, 5, 1, 0, 1, !norms)), 2, norms);
    layers.add("flatten", new Flatten()).add("fc1", new Linear(500, !norms));
    return (norms ? layers.norm("norm3") : layers).relu("relu3");
  }

  private static void block(LayerList layers, int number, boolean norms) {
    LayerList unused =
        (norms ? layers.norm("norm" + number) : layers)
            .add("pool" + number, new MaxPool(2, 2, 0))
            .relu("relu" + number);
  }
}
