package io.espalier.trainer.engine.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import java.util.Map;
import java.util.Objects;

/** Runs a network with given values on the engine. */
public final class EvaluationPass {
  private EvaluationPass() {}

  /** Output of a batch in evaluation mode, row-major. */
  public static float[] run(
      Network network, Map<ParameterId, float[]> values, int batch, float[] examples) {
    return run(network, values, batch, examples, false);
  }

  /** Output of a batch, row-major. */
  static float[] run(
      Network network,
      Map<ParameterId, float[]> values,
      int batch,
      float[] examples,
      boolean training) {
    try (NDManager manager = TensorEngine.newManager()) {
      boolean before = JniUtils.isGradMode();
      JniUtils.setGradMode(false);
      try {
        return forward(manager, network, values, batch, examples, training);
      } finally {
        JniUtils.setGradMode(before);
      }
    }
  }

  private static float[] forward(
      NDManager manager,
      Network network,
      Map<ParameterId, float[]> values,
      int batch,
      float[] examples,
      boolean training) {
    NetworkBlock block = new NetworkBlock(network);
    block.assign(manager, spec -> Objects.requireNonNull(values.get(spec.id())));
    ImageShape input = network.input();
    Shape shape = new Shape(batch, input.channels(), input.height(), input.width());
    NDList batched = new NDList(manager.create(examples, shape));
    return block.forward(new Store(manager), batched, training).singletonOrThrow().toFloatArray();
  }

  private static final class Store extends ParameterStore {
    Store(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return parameter.getArray();
    }
  }
}
