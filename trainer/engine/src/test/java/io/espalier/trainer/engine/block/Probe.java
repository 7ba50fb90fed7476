package io.espalier.trainer.engine.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs a block on literal numbers and notes which parameters it asked its store for. */
final class Probe implements AutoCloseable {
  private final NDManager manager = TensorEngine.newManager();
  private final NetworkBlock block;
  private final RecordingStore store = new RecordingStore(manager);

  private static final class RecordingStore extends ParameterStore {
    private final Set<String> asked = new LinkedHashSet<>();

    RecordingStore(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      asked.add(parameter.getName());
      return parameter.getArray();
    }
  }

  Probe(Network network, long seed) {
    this(network, seed, false);
  }

  Probe(Network network, long seed, boolean foldsNorms) {
    block = new NetworkBlock(network, foldsNorms);
    InitialDraw draw = InitialDraw.of(ModelConfig.HE, seed);
    List<ParameterSpec> specs = network.parameters();
    block.assign(manager, spec -> draw.values(spec, specs.indexOf(spec)));
  }

  NetworkBlock block() {
    return block;
  }

  Set<String> asked() {
    return store.asked;
  }

  void set(String name, float... values) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    array(name).set(values);
    JniUtils.setGradMode(before);
  }

  float[] value(String name) {
    return array(name).toFloatArray();
  }

  float[] gradient(String name) {
    return array(name).getGradient().toFloatArray();
  }

  NDArray array(String name) {
    return block.parameter(new ParameterId(name)).getArray();
  }

  /** Output of a batch, row-major. */
  float[] run(boolean training, int batch, float... input) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return forward(training, batch, input).toFloatArray();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  Shape outputShape(int batch, float... input) {
    return forward(false, batch, input).getShape();
  }

  /** Gradient of Σ weights · output with respect to every trained parameter, left in its array. */
  void backward(float[] weights, int batch, float... input) {
    backward(() -> {}, weights, batch, input);
  }

  /** The same, with something that happens between the forward and the backward pass. */
  void backward(Runnable between, float[] weights, int batch, float... input) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      NDArray output = forward(true, batch, input);
      NDArray loss = output.mul(manager.create(weights, output.getShape())).sum();
      between.run();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private NDArray forward(boolean training, int batch, float... input) {
    ImageShape shape = block.network().input();
    NDArray array =
        manager.create(input, new Shape(batch, shape.channels(), shape.height(), shape.width()));
    return block.forward(store, new NDList(array), training).singletonOrThrow();
  }

  @Override
  public void close() {
    manager.close();
  }
}
