package io.espalier.trainer.analysis;

import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A stored network with data, computed on the engine with all weights. What diagnostics share is
 * computed once. Confined to one thread.
 */
public final class AnalysedNetwork implements AutoCloseable {
  private final ResourceStack opened;
  private final LoadedModel model;
  private final Dataset data;
  private final AnalysisSettings settings;
  private final AnalysisProgress progress;
  private final Objective objective;
  private final NetworkPasses passes;
  private final Inference inference;
  private Optional<Predictions> predictions = Optional.empty();
  private Optional<Sample> training = Optional.empty();
  private String diagnostic = "";

  private AnalysedNetwork(
      ResourceStack opened,
      LoadedModel model,
      Dataset data,
      AnalysisSettings settings,
      AnalysisProgress progress) {
    model.requireFit(data);
    this.opened = opened;
    this.model = model;
    this.data = data;
    this.settings = settings;
    this.progress = progress;
    objective = model.objective();
    opened.add(objective::close);
    passes = new NetworkPasses(model.network(), model::values);
    opened.add(passes::close);
    inference = new Inference(model.network(), objective, passes::logits);
  }

  /**
   * Loads a network onto the engine.
   *
   * @throws IllegalArgumentException if the data have other inputs or classes
   */
  public static AnalysedNetwork of(
      LoadedModel model, Dataset data, AnalysisSettings settings, AnalysisProgress progress) {
    return ResourceStack.open(
        resources -> new AnalysedNetwork(resources, model, data, settings, progress));
  }

  Finding ask(NetworkDiagnostic asked) {
    diagnostic = asked.name();
    return asked.find(this);
  }

  Network network() {
    return model.network();
  }

  List<String> classNames() {
    return model.description().format().classNames();
  }

  Dataset data() {
    return data;
  }

  AnalysisSettings settings() {
    return settings;
  }

  NetworkPasses passes() {
    return passes;
  }

  /** Weights that multiply, in network order. */
  List<ParameterSpec> weights() {
    return network().parameters().stream()
        .filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
        .toList();
  }

  /** A copy of a parameter's values, row-major. */
  float[] values(ParameterId id) {
    FloatBuffer live = passes.values(id);
    float[] values = new float[live.remaining()];
    live.get(values);
    return values;
  }

  /** Works with other values of one parameter, which has its own again afterwards. */
  <T> T changed(ParameterId id, Consumer<float[]> change, Supplier<T> work) {
    float[] own = values(id);
    float[] other = own.clone();
    change.accept(other);
    passes.values(id).put(other);
    try {
      return work.get();
    } finally {
      passes.values(id).put(own);
    }
  }

  /** Raw examples, normalised as in the training. */
  Examples normalised(Examples raw) {
    return raw.normalisedBy(model.description().format().normalization());
  }

  Examples test() {
    return normalised(data.test());
  }

  /** A sample of the training examples; the same for all diagnostics. */
  Sample trainingSample() {
    if (training.isEmpty()) {
      training =
          Optional.of(Sample.of(normalised(data.train()), settings.examples(), settings.seed()));
    }
    return training.get();
  }

  Sample testSample() {
    return Sample.of(test(), settings.examples(), settings.seed());
  }

  EvaluationPart evaluate(Sample sample) {
    return inference.evaluate(sample.examples(), sample.indices(), 0, 1);
  }

  /** How the network answers on the whole test set. */
  Predictions predictions() {
    if (predictions.isEmpty()) {
      Predictions made = new Predictions(network().outputs(), objective, test().count());
      forEachBatch(Sample.all(test()), batch -> made.add(passes.logits(batch), batch));
      predictions = Optional.of(made);
    }
    return predictions.get();
  }

  /** Shows a sample batch by batch; each is valid until the next. */
  void forEachBatch(Sample sample, Consumer<Batch> work) {
    Batch batch = new Batch(network().input(), Inference.BATCH);
    for (int from = 0; from < sample.count(); from += Inference.BATCH) {
      int count = Math.min(Inference.BATCH, sample.count() - from);
      work.accept(batch.fill(sample.examples(), sample.indices(), from, count));
    }
  }

  /** Reports a step of the diagnostic that is asked. */
  void progress(int done, int total) {
    progress.at(diagnostic, done, total);
  }

  @Override
  public void close() {
    opened.close();
  }
}
