package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes a narrow network the whole one whose channels are copies of its own: it computes the same,
 * and its parameters move as each of the copies would.
 *
 * <p>A layer that reads a share of the channels sums fewer products, which {@code forward} makes up
 * for, as the scaler of HeteroFL does (Diao, Ding and Tarokh, 2021). That one divides a layer's
 * outputs by the width: behind a norm it has no effect, and the changes of narrow networks, which
 * are averaged with those of the whole, grow with it. Here the factor is on the weights that read,
 * and {@code gradient} shares what a parameter learns among its copies.
 *
 * @param forward channels of the whole network per channel that a weight reads, 1 or more
 * @param gradient share of the whole network's output channels, above 0 and up to 1
 */
record WidthScale(double forward, double gradient) {
  private static final WidthScale NONE = new WidthScale(1, 1);

  /** The scales of a narrow network's trained parameters; empty unless the recipe asks for them. */
  static Map<ParameterId, WidthScale> of(PreparedRun run) {
    Map<ParameterId, WidthScale> scales = new HashMap<>();
    if (run.config().federation().common().filter(each -> each.client().scaler()).isPresent()
        && !run.layout().isDense()) {
      for (ParameterSpec spec : run.network().parameters()) {
        WidthScale scale = of(run.layout(), spec);
        if (spec.role().isTrained() && !scale.equals(NONE)) {
          scales.put(spec.id(), scale);
        }
      }
    }
    return scales;
  }

  private static WidthScale of(Layout layout, ParameterSpec spec) {
    double read = spec.shape().rank() < 2 ? 1 : kept(layout.surviving(spec.id(), 1));
    return new WidthScale(1 / read, kept(layout.surviving(spec.id(), 0)));
  }

  private static double kept(Mask channels) {
    return (double) channels.kept() / channels.size();
  }

  /** The values {@code forward · leaf}, whose gradient reaches the leaf times {@code gradient}. */
  NDArray onto(NDArray leaf) {
    NDArray learning = leaf.mul(ConstantOperand.beside(leaf, gradient));
    NDArray fixed = leaf.stopGradient().mul(ConstantOperand.beside(leaf, forward - gradient));
    return learning.add(fixed);
  }
}
