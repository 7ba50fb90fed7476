package io.espalier.trainer.executor.engine;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.gauge.LayerInput;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a batch is passed to measure.
 *
 * @param gradients whether a backward pass follows
 * @param inputs whether what reaches the layers of prunable weights is copied
 * @param temperature what logits are divided by before the loss
 * @param shifts what is added to the prunable weights, one array each, empty where nothing is; an
 *     empty list if nothing is added to any
 */
record MeasuringPass(boolean gradients, boolean inputs, double temperature, List<float[]> shifts) {
  static final MeasuringPass PLAIN = new MeasuringPass(false, false, 1, List.of());
  static final MeasuringPass GRADIENTS = new MeasuringPass(true, false, 1, List.of());

  /** Takes a pass for its logits, {@code [size, classes]}. */
  interface Outputs {
    float[] of(Batch batch, MeasuringPass how);
  }

  /** Runs passes. */
  interface Runner {
    /** Calls {@code read} with the copied inputs before gradients are cleared. */
    void run(Batch batch, MeasuringPass how, Consumer<Map<ParameterId, LayerInput>> read);
  }
}
