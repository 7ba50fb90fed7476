package io.espalier.trainer.model;

import io.espalier.configs.DataConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.objective.Teachers;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A stored network for inference. Thread-safe. */
public final class LoadedModel {
  private final StoredModel stored;
  private final Network network;
  private final DataConfig.Source source;
  private final TrainConfig train;
  private final Execution execution;

  LoadedModel(
      StoredModel stored,
      Network network,
      DataConfig.Source source,
      TrainConfig train,
      Execution execution) {
    this.stored = stored;
    this.execution = execution;
    this.network = network;
    this.source = source;
    this.train = train;
  }

  StoredModel stored() {
    return stored;
  }

  /** Returns what computes its logits. */
  public Execution execution() {
    return execution;
  }

  public Network network() {
    return network;
  }

  public DataContract contract() {
    return description().format().contract(source);
  }

  public ModelDescription description() {
    return stored.description();
  }

  /** Evaluates on the test set; on the run's own data with the bits of its final evaluation. */
  public EvaluationPart evaluate(Dataset dataset) {
    requireFit(dataset);
    Examples test = dataset.test().normalisedBy(description().format().normalization());
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
    try (StoredForward forward = forward();
        Objective objective = objective()) {
      return work.apply(new Inference(network, objective, forward::logits));
    }
  }

  /** The recipe's objective, for evaluations; the caller closes it. */
  public Objective objective() {
    return Objectives.of(train, network.outputs(), Teachers.NONE);
  }

  private StoredForward forward() {
    return switch (execution) {
      case ENGINE -> new StoredForward.OnEngine(this);
      case JAVA -> new StoredForward.OnKeptWeights(this);
    };
  }

  /** All values of a parameter, row-major; a copy. */
  public float[] values(ParameterId id) {
    return stored.tensor(id).dense().toFloatArray();
  }

  /** Throws {@link IllegalArgumentException} if the data have other inputs or classes. */
  public void requireFit(Dataset dataset) {
    if (!dataset.input().equals(network.input())
        || !dataset.classNames().equals(description().format().classNames())) {
      throw new IllegalArgumentException(
          "data must have the inputs and classes of the model: input=%s, expected=%s, classes=%s, expected=%s"
              .formatted(
                  dataset.input(),
                  network.input(),
                  dataset.classNames(),
                  description().format().classNames()));
    }
  }
}
