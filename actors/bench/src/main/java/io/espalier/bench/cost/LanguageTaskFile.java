package io.espalier.bench.cost;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A run for another framework to train, as safetensors: the initial parameters by their names;
 * {@code train:tokens} and {@code train:labels} {@code [steps, batch, context]}, {@code
 * train:rates} {@code [steps]}, {@code test:tokens} and {@code test:labels} {@code [windows,
 * context]}; metadata {@code network}, {@code optimizer} and {@code clipNorm} as JSON.
 */
final class LanguageTaskFile {
  private LanguageTaskFile() {}

  static void write(Path file, PreparedRun run) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(initialValues(run));
    tensors.putAll(training(run));
    Examples test = run.dataset().test();
    int[] all = IntStream.range(0, test.count()).toArray();
    Batch whole = new Batch(run.dataset().input(), all.length).fill(test, all, 0, all.length);
    List<Integer> shape = List.of(all.length, test.positions());
    tensors.put("test:tokens", StoredTensor.ofFloats(shape, whole.inputs()));
    tensors.put("test:labels", StoredTensor.ofFloats(shape, floats(whole.labels())));
    Metadata metadata =
        Metadata.of("language-task")
            .put("network", run.network().toJson())
            .putJson("optimizer", run.config().train().step().optimizer())
            .putJson(
                "clipNorm", run.config().train().step().clipNorm().map(List::of).orElse(List.of()));
    Safetensors.write(file, tensors, metadata.texts());
  }

  private static Map<String, StoredTensor> initialValues(PreparedRun run) {
    TrainingState state = Committer.start(run).open().committed().state();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<ParameterSpec> specs = run.network().parameters();
    for (int i = 0; i < specs.size(); i++) {
      tensors.put(
          specs.get(i).id().name(),
          StoredTensor.ofFloats(specs.get(i).shape().dimensions(), state.values(i, 0)));
    }
    return tensors;
  }

  private static Map<String, StoredTensor> training(PreparedRun run) {
    EpochBatches batches = new EpochBatches(run, run.splits().shard(0), 0);
    int steps = Math.toIntExact(run.plan().totalSteps());
    int size = batches.load(0).size();
    int rows = batches.load(0).rows();
    float[] tokens = new float[Math.multiplyExact(steps, rows)];
    float[] labels = new float[tokens.length];
    float[] rates = new float[steps];
    for (int step = 0; step < steps; step++) {
      Batch batch = batches.load(step);
      System.arraycopy(batch.inputs(), 0, tokens, step * rows, rows);
      System.arraycopy(floats(batch.labels()), 0, labels, step * rows, rows);
      rates[step] = (float) run.learningRate().at(step);
    }
    List<Integer> shape = List.of(steps, size, rows / size);
    return Map.of(
        "train:tokens", StoredTensor.ofFloats(shape, tokens),
        "train:labels", StoredTensor.ofFloats(shape, labels),
        "train:rates", StoredTensor.ofFloats(List.of(steps), rates));
  }

  private static float[] floats(int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
