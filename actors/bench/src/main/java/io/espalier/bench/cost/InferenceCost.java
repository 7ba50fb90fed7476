package io.espalier.bench.cost;

import io.espalier.bench.harness.Measurements;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.SparseModel;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Logits of a sparse file by its kept weights, and of the same network, dense, by the engine and by
 * ONNX Runtime: the same examples, in turns in one thread. Values are initial ones; those of he
 * leave a share of the multiply-accumulates as training does.
 */
final class InferenceCost {
  private static final double BLOCK_SECONDS = 0.05;

  /** Until the loops are compiled. */
  private static final double WARM_UP_SECONDS = 1;

  /** Largest difference of logits, relative to the largest one. */
  private static final double SAME = 1e-4;

  private final String network;
  private final String sparsity;
  private final PreparedRun run;
  private final Path file;
  private final LoadedModel dense;

  /** Prunes initial weights and writes a sparse file into {@code directory}. */
  InferenceCost(String network, String sparsity, BenchRecipe recipe, Path directory)
      throws IOException {
    this.network = network;
    this.sparsity = sparsity;
    run = recipe.with("prune.sparsity=" + sparsity, "prune.schedule={kind=one-shot,begin=0}");
    Path whole = directory.resolve("model.safetensors");
    ModelFile.write(whole, run, Committer.start(run).open().committed(), "name = inference-bench");
    dense = ModelFile.read(whole).load(run.config(), Execution.ENGINE);
    file = directory.resolve("sparse.safetensors");
    Safetensors packed = SparseFile.packed(whole, Safetensors.read(whole));
    Safetensors.write(file, packed.tensors(), packed.metadata());
  }

  InferenceResult measure(String key, int batch, int rounds, double goal) throws IOException {
    SparseModel sparse = SparseModel.read(file, batch);
    Examples examples = run.dataset().test().select(IntStream.range(0, batch).toArray());
    float[] raw = raw(examples);
    float[] inputs = normalised(examples);
    try (OnnxNetwork onnx = OnnxNetwork.load(OnnxExport.of(dense).bytes())) {
      return dense.infer(
          inference -> {
            requireSame(sparse.predict(raw), onnx.run(inputs));
            requireSame(sparse.predict(raw), inference.logits(examples));
            return inTurns(
                key,
                batch,
                rounds,
                goal,
                List.of(
                    () -> sparse.predict(raw),
                    () -> inference.logits(examples),
                    () -> onnx.run(inputs)));
          });
    }
  }

  private InferenceResult inTurns(
      String key, int batch, int rounds, double goal, List<Supplier<float[]>> contenders) {
    AlternatingRounds times = new AlternatingRounds();
    int[] repeats = new int[contenders.size()];
    for (int i = 0; i < repeats.length; i++) {
      Supplier<float[]> contender = contenders.get(i);
      int repeat = repeats(contender);
      repeats[i] = repeat;
      times.add(Integer.toString(i), repeated(contender, repeat));
    }
    times.run(rounds);
    List<Double> sparse = perBatch(times, 0, repeats);
    List<Double> engine = perBatch(times, 1, repeats);
    List<Double> onnx = perBatch(times, 2, repeats);
    return new InferenceResult(
        key,
        network,
        sparsity,
        batch,
        new InferenceResult.BatchTimes(
            Measurements.of(sparse),
            Measurements.of(engine),
            Measurements.of(onnx),
            Measurements.ofRatios(engine, sparse),
            Measurements.ofRatios(onnx, sparse)),
        goal);
  }

  /** Microseconds. */
  private static List<Double> perBatch(AlternatingRounds times, int contender, int[] repeats) {
    return times.of(Integer.toString(contender)).stream()
        .map(seconds -> 1e6 * seconds / repeats[contender])
        .toList();
  }

  private static LongSupplier repeated(Supplier<float[]> contender, int repeats) {
    return () -> {
      long sum = 0;
      for (int i = 0; i < repeats; i++) {
        sum += Float.floatToRawIntBits(contender.get()[0]);
      }
      return sum;
    };
  }

  private static int repeats(Supplier<float[]> contender) {
    LongSupplier once = repeated(contender, 1);
    long checked = 0;
    int done = 0;
    long start = System.nanoTime();
    double seconds;
    do {
      checked += once.getAsLong();
      done++;
      seconds = (System.nanoTime() - start) / 1e9;
    } while (seconds < WARM_UP_SECONDS || checked == Long.MIN_VALUE);
    return (int) Math.max(1, done * BLOCK_SECONDS / seconds);
  }

  private static float[] raw(Examples examples) {
    int features = examples.features();
    float[] values = new float[examples.count() * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = examples.raw(i / features, i % features);
    }
    return values;
  }

  private static float[] normalised(Examples examples) {
    int count = examples.count();
    float[] values = new float[count * examples.features()];
    examples.fill(IntStream.range(0, count).toArray(), 0, count, values, new int[count]);
    return values;
  }

  private static void requireSame(float[] found, float[] expected) {
    double apart = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      apart = Math.max(apart, Math.abs(found[i] - (double) expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    if (found.length != expected.length || !(apart <= SAME * largest)) {
      throw new IllegalStateException(
          "all must give the same logits: apart=%s, largest=%s".formatted(apart, largest));
    }
  }
}
