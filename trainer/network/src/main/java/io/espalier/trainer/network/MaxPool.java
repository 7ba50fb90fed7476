package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import java.util.List;

/** Largest value of each square window; padding never wins. */
public record MaxPool(int kernel, int stride, int padding) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("max-pool", MaxPool.class, MaxPool::read).withPrefix("pool");

  public MaxPool {
    SlidingWindow unused = new SlidingWindow(kernel, stride, padding);
  }

  private static LayerKind.Maker read(Settings settings) {
    SlidingWindow window = SlidingWindow.ofPool(settings);
    return sizes -> new MaxPool(window.kernel(), window.stride(), window.padding());
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
  }
}
