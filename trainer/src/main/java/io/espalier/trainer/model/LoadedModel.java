package io.espalier.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.espalier.configs.DataConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkBlock;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A stored network for inference. Thread-safe. */
public final class LoadedModel {
  private final StoredModel stored;
  private final Network network;
  private final DataConfig.Source source;
  private final int parts;

  LoadedModel(StoredModel stored, Network network, DataConfig.Source source, int parts) {
    this.stored = stored;
    this.network = network;
    this.source = source;
    this.parts = parts;
  }

  public Network network() {
    return network;
  }

  public DataContract contract() {
    ModelDescription description = description();
    return new DataContract(
        source,
        description.input(),
        description.columns(),
        description.encoding(),
        description.classNames(),
        description.normalization());
  }

  public ModelDescription description() {
    return stored.description();
  }

  /** Evaluates on the test set; on the run's own data with the bits of its final evaluation. */
  public EvaluationPart evaluate(Dataset dataset) {
    requireFit(dataset);
    Examples test = dataset.test().normalisedBy(description().normalization());
    int[] all = IntStream.range(0, test.count()).toArray();
    return infer(
        inference -> {
          List<EvaluationPart> results = new ArrayList<>();
          for (int part = 0; part < parts; part++) {
            results.add(inference.evaluateClasses(test, all, part, parts));
          }
          return EvaluationPart.merge(results);
        });
  }

  public <T> T infer(Function<Inference, T> work) {
    try (NDManager manager = TensorEngine.newManager()) {
      JniUtils.setGradMode(false);
      NetworkBlock block = new NetworkBlock(network);
      block.assign(manager, spec -> values(spec.id()));
      ParameterStore store = new StoredValues(manager);
      return work.apply(
          new Inference(
              network,
              manager,
              input -> block.forward(store, new NDList(input), false).singletonOrThrow()));
    }
  }

  public float[] values(ParameterId id) {
    StoredTensor tensor = Objects.requireNonNull(stored.tensors().get(id.name()));
    return tensor.toFloatArray();
  }

  private void requireFit(Dataset dataset) {
    if (!dataset.input().equals(network.input())
        || !dataset.classNames().equals(description().classNames())) {
      throw new IllegalArgumentException(
          "data must have the inputs and classes of the model: input=%s, expected=%s, classes=%s, expected=%s"
              .formatted(
                  dataset.input(),
                  network.input(),
                  dataset.classNames(),
                  description().classNames()));
    }
  }

  private static final class StoredValues extends ParameterStore {
    StoredValues(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return parameter.getArray();
    }
  }
}
