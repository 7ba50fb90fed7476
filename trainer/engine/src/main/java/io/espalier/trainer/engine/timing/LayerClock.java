package io.espalier.trainer.engine.timing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.engine.block.StoredValues;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.latency.TimedLayer;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Times forward and backward of one batch in the calling thread, images in the networks' memory
 * order: the median of several passes after a warm-up.
 */
public final class LayerClock {
  private static final int WARM_UPS = 3;
  private static final int PASSES = 9;
  private static final int MOST_PASSES = 101;
  private static final long ENOUGH_NS = 30_000_000;
  private static final InitialDraw VALUES = InitialDraw.of(ModelConfig.HE, 1);

  private final LongSupplier clockNs;

  public LayerClock(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Nanoseconds of a training step's part of a layer, 1 or more. */
  public long nanoseconds(TimedLayer layer) {
    try (NDManager manager = TensorEngine.newManager()) {
      JniUtils.setGradMode(false);
      NetworkBlock block =
          readsRowMajor(layer)
              ? new NetworkBlock(layer.network())
              : NetworkBlock.readingInnermost(layer.network());
      block.assign(manager, spec -> VALUES.values(spec, 0));
      NDArray input = input(layer, manager);
      for (int pass = 0; pass < WARM_UPS; pass++) {
        pass(block, input, manager);
      }
      long[] times = new long[MOST_PASSES];
      int count = 0;
      for (long spent = 0; count < PASSES || (spent < ENOUGH_NS && count < MOST_PASSES); count++) {
        times[count] = pass(block, input, manager);
        spent += times[count];
      }
      Arrays.sort(times, 0, count);
      return Math.max(1, times[count / 2]);
    }
  }

  private static boolean readsRowMajor(TimedLayer layer) {
    return layer.first() || layer.input().isVector();
  }

  private static NDArray input(TimedLayer layer, NDManager manager) {
    int height = layer.image().height();
    int width = layer.image().width();
    NDArray input =
        readsRowMajor(layer)
            ? manager.randomUniform(-1, 1, new Shape(layer.batch(), layer.inputs(), height, width))
            : manager
                .randomUniform(-1, 1, new Shape(layer.batch(), height, width, layer.inputs()))
                .transpose(0, 3, 1, 2);
    input.setRequiresGradient(!layer.first());
    return input;
  }

  private long pass(NetworkBlock block, NDArray input, NDManager manager) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      long start = clockNs.getAsLong();
      JniUtils.setGradMode(true);
      NDArray output =
          block.forward(new StoredValues(manager), new NDList(input), true).singletonOrThrow();
      JniUtils.setGradMode(false);
      NDArray ones = manager.ones(output.getShape());
      JniUtils.backward((PtNDArray) output, (PtNDArray) ones, false, false);
      long spent = clockNs.getAsLong() - start;
      clear(block, input);
      return spent;
    }
  }

  private static void clear(NetworkBlock block, NDArray input) {
    for (Parameter parameter : block.parametersById().values()) {
      if (parameter.requiresGradient()) {
        JniUtils.zeroGrad((PtNDArray) parameter.getArray());
      }
    }
    if (input.hasGradient()) {
      JniUtils.zeroGrad((PtNDArray) input);
    }
  }
}
