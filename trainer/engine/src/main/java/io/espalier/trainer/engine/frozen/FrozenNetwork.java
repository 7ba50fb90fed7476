package io.espalier.trainer.engine.frozen;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.HeapFloats;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.engine.block.StoredValues;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.BlockValues;
import io.espalier.trainer.stored.FixedNetwork;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A network with fixed values on the engine. */
final class FrozenNetwork implements FixedNetwork {
  private final NDManager manager;
  private final ImageShape input;
  private final NetworkBlock block;
  private final ParameterStore store;

  private FrozenNetwork(Network network, NDManager manager, Function<ParameterId, float[]> values) {
    this.manager = manager;
    input = network.input();
    block = new NetworkBlock(network);
    block.assign(manager, spec -> values.apply(spec.id()));
    store = new StoredValues(manager);
  }

  static FrozenNetwork open(Network network, Function<ParameterId, float[]> values) {
    NDManager manager = TensorEngine.newManager();
    JniUtils.setGradMode(false);
    try {
      return new FrozenNetwork(network, manager, values);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public Network network() {
    return block.network();
  }

  @Override
  public float[] logits(float[] inputs, int count) {
    return plainPass(inputs, count, NDArray::toFloatArray);
  }

  /** Without gradients, also within a pass that takes some. */
  private <T> T plainPass(float[] inputs, int count, Function<NDArray, T> read) {
    boolean takesGradients = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return pass(inputs, count, read);
    } finally {
      JniUtils.setGradMode(takesGradients);
    }
  }

  /** Shows the logits on the engine, which live until {@code read} returns. */
  private <T> T pass(float[] inputs, int count, Function<NDArray, T> read) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shape shape = new Shape(count, input.channels(), input.height(), input.width());
      NDArray batch = HeapFloats.copy(inputs, shape, manager);
      return read.apply(block.forward(store, new NDList(batch), false).singletonOrThrow());
    }
  }

  @Override
  public List<float[]> blocks(float[] inputs, int count, List<BlockValues> of) {
    BlockPass pass = new BlockPass(manager, block.network(), count, of);
    tapped(pass, inputs, count);
    return pass.given();
  }

  @Override
  public void outputs(float[] inputs, int count, List<String> nodes, OutputReader reader) {
    tapped(
        (node, output) -> {
          if (nodes.contains(node)) {
            reader.see(node, output.toFloatArray());
          }
          return output;
        },
        inputs,
        count);
  }

  private void tapped(NetworkBlock.NodeTap tap, float[] inputs, int count) {
    block.tapNodes(Optional.of(tap));
    try {
      plainPass(inputs, count, logits -> logits);
    } finally {
      block.tapNodes(Optional.empty());
    }
  }

  @Override
  public void gradients(
      float[] inputs, int count, LogitSlope slope, List<ParameterId> parameters, Reader reader) {
    JniUtils.setGradMode(true);
    try {
      pass(
          inputs,
          count,
          logits -> {
            JniUtils.setGradMode(false);
            NDArray by = manager.create(slope.at(logits.toFloatArray()), logits.getShape());
            JniUtils.backward((PtNDArray) logits, (PtNDArray) by, false, false);
            for (int p = 0; p < parameters.size(); p++) {
              reader.read(p, view(array(parameters.get(p)).getGradient()));
            }
            clearGradients();
            return logits;
          });
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private void clearGradients() {
    network().parameters().stream()
        .filter(spec -> spec.role().isTrained())
        .forEach(spec -> JniUtils.zeroGrad((PtNDArray) array(spec.id())));
  }

  @Override
  public FloatBuffer values(ParameterId id) {
    return view(array(id));
  }

  private NDArray array(ParameterId id) {
    return block.parameter(id).getArray();
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }

  @Override
  public void close() {
    manager.close();
  }
}
