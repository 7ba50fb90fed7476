package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import java.util.List;

/** Mean of each square window; {@code countsPadding} counts the padding's zeros as values. */
public record AveragePool(int kernel, int stride, int padding, boolean countsPadding)
    implements Layer {
  static final LayerKind KIND =
      LayerKind.of("average-pool", AveragePool.class, AveragePool::read).withPrefix("pool");

  public AveragePool {
    SlidingWindow unused = new SlidingWindow(kernel, stride, padding);
  }

  private static LayerKind.Maker read(Settings settings) {
    SlidingWindow window = SlidingWindow.ofPool(settings);
    return sizes -> new AveragePool(window.kernel(), window.stride(), window.padding(), true);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).slide(inputs.get(0).channels(), kernel, stride, padding);
  }
}
