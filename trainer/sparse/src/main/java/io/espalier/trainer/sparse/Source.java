package io.espalier.trainer.sparse;

import java.util.Arrays;

/** A layer's input, and its part in that tensor's gradient. Set while a network is built. */
final class Source {
  final Tensor tensor;

  /** Whether the gradient is needed. */
  boolean needed;

  /** Whether another reader has written the gradient before, so that this one adds. */
  boolean adds;

  /** Whether no other reader adds afterwards. */
  boolean last;

  Source(Tensor tensor) {
    this.tensor = tensor;
  }

  /** Whether the layer must mask the gradient by the ReLU of the tensor. */
  boolean masks() {
    return last && tensor.hasRelu();
  }

  /** Masks the gradient of a part's channels if that is left to do. */
  void finish(BatchTiles batch, Part part) {
    if (!needed || !masks()) {
      return;
    }
    int size = batch.size();
    int count = tensor.width * size;
    for (int c = part.from(tensor.channels); c < part.to(tensor.channels); c++) {
      for (int y = 0; y < tensor.height; y++) {
        int at = tensor.gradientAt(c, y, 0, size);
        int valueAt = tensor.at(c, y, 0, size);
        part.kernels().keepPositive(tensor.gradient(), at, tensor.values(), valueAt, count);
      }
    }
  }

  /** Makes the gradient of a part's channels 0 if this is the first reader that adds to it. */
  void begin(BatchTiles batch, Part part) {
    if (adds) {
      return;
    }
    int size = batch.size();
    for (int c = part.from(tensor.channels); c < part.to(tensor.channels); c++) {
      for (int y = 0; y < tensor.height; y++) {
        int at = tensor.gradientAt(c, y, 0, size);
        Arrays.fill(tensor.gradient(), at, at + tensor.width * size, 0);
      }
    }
  }
}
