package io.espalier.trainer.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.DataConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.objective.Teachers;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.stored.FrozenNetwork;
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
  private final TrainConfig train;

  LoadedModel(StoredModel stored, Network network, DataConfig.Source source, TrainConfig train) {
    this.stored = stored;
    this.network = network;
    this.source = source;
    this.train = train;
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
    int parts = train.trainers();
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
    try (NDManager manager = TensorEngine.newManager();
        Objective objective = Objectives.of(train, network.outputs(), Teachers.NONE)) {
      JniUtils.setGradMode(false);
      FrozenNetwork frozen = new FrozenNetwork(network, manager, this::values);
      return work.apply(
          new Inference(network, objective, batch -> frozen.logits(batch.inputs(), batch.size())));
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
}
