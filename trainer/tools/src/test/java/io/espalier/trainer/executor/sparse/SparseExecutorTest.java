package io.espalier.trainer.executor.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.sync.Committer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine and sparse executor take the same steps, and hold the same state. */
class SparseExecutorTest {
  private static final String RECIPE =
      """
      name = same, seed = 9
      data { kind = digits, batch-size = 48 }
      train { epochs = 1, learning-rate = constant }
      """;
  private static final String MLP = "model { kind = mlp, hidden = [40, 24] }\n";
  private static final String RESNET = "model { kind = resnet-8, width = 8 }\n";
  private static final String SGD =
      "train.optimizer { kind = sgd, momentum = 0.9, weight-decay = 1e-3 }\n";
  private static final String ADAM = "train.optimizer { kind = adam, weight-decay = 1e-3 }\n";
  private static final String ADAMW = "train.optimizer { kind = adamw, weight-decay = 0.05 }\n";

  private static PreparedRun run(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("same.conf", RECIPE + more, List.of()).config());
  }

  private static MaskState masks(PreparedRun run, double density, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Mask> masks = new ArrayList<>();
    run.prunable()
        .forEach(shape -> masks.add(Mask.of(shape.size(), unit -> random.nextDouble() < density)));
    return run.masks(MaskSet.of(new MaskVersion(1), run.layout(), run.prunableIds(), masks), 0);
  }

  private static Executor executor(
      ExecutorFactory factory, PreparedRun run, MaskState masks, TrainingState values) {
    Objective objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    Executor executor =
        factory.create(run, run.denseMasks(), new ExecutorContext(0, objective, () -> {}));
    executor.use(masks);
    new StateCodec(run.stateLayout()).copy(values, masks.livingAt(0), executor);
    return executor;
  }

  private static Batch batch(PreparedRun run, int index, int size) {
    int[] examples = IntStream.range(index * size, (index + 1) * size).toArray();
    return new Batch(run.dataset().input(), size).fill(run.dataset().train(), examples, 0, size);
  }

  private static float[] read(Executor executor, StateLayout.Entry entry, int index, int slot) {
    float[] values = new float[entry.size()];
    executor.read(index, slot, 0, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Share of the network's largest value below which one is rounding: the scale of a norm that
   * another norm follows has a gradient of 0 but for that.
   */
  private static final double CANCELLED = 1e-3;

  private static double difference(float[] found, float[] expected) {
    return difference(found, expected, 1e-30);
  }

  /** The largest difference, relative to the largest value, or to {@code least} if that is less. */
  private static double difference(float[] found, float[] expected, double least) {
    double largest = Math.max(least, largest(expected));
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      apart = Math.max(apart, Math.abs(found[i] - (double) expected[i]));
    }
    return apart / largest;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.2, 0.05})
  void train_mlpBySgd_takesTheStepsOfTheEngine(double density) {
    agree(MLP + SGD, density, 1e-5, 1e-5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ADAM,
        ADAMW,
        "train.optimizer { kind = rmsprop, epsilon = 1e-3, momentum = 0.9, weight-decay = 1e-3 }",
        "train.optimizer { kind = adagrad, epsilon = 1e-3, weight-decay = 1e-3 }",
        SGD + "train.optimizer.nesterov = true, train.clip-norm = 0.05",
        SGD + "train.label-smoothing = 0.1",
        SGD + "train.freeze = [\"fc2.*\"]",
        SGD + "train.rules = [{ kind = group-lasso, strength = 1e-2, axis = inputs }]",
        SGD + "train.rules = [{ kind = group-lasso, strength = 1e-2, step = gradient }]",
        SGD + "train.rules = [{ kind = acting, act = sharpness }]",
      })
  void train_mlpByOthers_takesTheStepsOfTheEngine(String more) {
    agree(MLP + more, 0.2, 1e-5, 1e-4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.1})
  void train_residualNetworkBySgd_takesTheStepsOfTheEngine(double density) {
    agree(RESNET + SGD, density, 1e-4, 1e-3);
  }

  /** Adam divides by gradients that are near 0. */
  @Test
  void train_residualNetworkByAdamW_takesTheStepsOfTheEngine() {
    agree(RESNET + ADAMW, 0.2, 1e-4, 1e-2);
  }

  /** Groups, pools, branches and norms of every kind; deep norms over small images add rounding. */
  @Test
  void train_networksOfAllLayers_takesTheStepsOfTheEngine() {
    for (ModelConfig.Architecture model : List.of(SampleRuns.BRANCHES, SampleRuns.GROUP_NORMS)) {
      agree(SampleRuns.prepared(model, SampleRuns.SGD, SampleRuns.HARD, 1, 1), 0.2, 5, 5e-4, 5e-3);
    }
    agree(
        SampleRuns.prepared(SampleRuns.MOBILENET, SampleRuns.SGD, SampleRuns.HARD, 1, 1),
        0.2,
        1,
        2e-3,
        2e-3);
  }

  private static PreparedRun ofText(Path directory, String model, int batch) throws IOException {
    Path text = directory.resolve("text");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(40));
    String data = "data { kind = text, path = \"%s\", context = 9, batch-size = %d }\n";
    return SampleRuns.prepare(
        new RecipeLoader()
            .parse("text.conf", TEXT + data.formatted(text, batch) + model, List.of())
            .config());
  }

  private static PreparedRun ofTexts(Path directory, String model) throws IOException {
    Path texts = directory.resolve("texts.csv");
    StringBuilder rows = new StringBuilder("text,class\n");
    for (int i = 0; i < 200; i++) {
      rows.append(i % 2 == 0 ? "ab" : "ef").append("cd".repeat(i % 4));
      rows.append(i % 2 == 0 ? ",first\n" : ",second\n");
    }
    Files.writeString(texts, rows);
    String data =
        """
        data { kind = labelled-text, path = "%s", text = text, label = class, context = 7, batch-size = 16 }
        """;
    return SampleRuns.prepare(
        new RecipeLoader()
            .parse("texts.conf", TEXT + data.formatted(texts) + model, List.of())
            .config());
  }

  private static final String TEXT =
      """
      name = same, seed = 9
      train { epochs = 1, learning-rate = constant }
      """;
  private static final String TRANSFORMER = "layers = 2, features = 24, heads = 4, hidden = 40";

  @ParameterizedTest
  @CsvSource({"1, 16", "0.5, 13", "0.1, 32", "0.02, 16"})
  void train_languageModel_takesTheStepsOfTheEngine(
      double density, int batch, @TempDir Path directory) throws IOException {
    for (String more :
        List.of(
            "positions = learned",
            "positions = rotary, norm = rms, feed-forward = gated, key-value-heads = 2")) {
      String model = "model { kind = char-lm, %s, %s }\n".formatted(TRANSFORMER, more);
      agree(ofText(directory, model + SGD, batch), density, 3, 1e-5, 1e-4);
    }
  }

  @Test
  void train_textClassifier_takesTheStepsOfTheEngine(@TempDir Path directory) throws IOException {
    for (String more :
        List.of(
            "positions = learned",
            "positions = rotary, norm = rms, feed-forward = gated, key-value-heads = 1")) {
      String model = "model { kind = text-classifier, %s, %s }\n".formatted(TRANSFORMER, more);
      agree(ofTexts(directory, model + SGD), 0.3, 3, 1e-5, 1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"class-token", "mean"})
  void train_visionTransformer_takesTheStepsOfTheEngine(String pooling) {
    String model = "model { kind = tiny-vit, patch = 2, %s, pooling = %s }\n";
    agree(model.formatted(TRANSFORMER, pooling) + SGD, 0.3, 2e-5, 1e-4);
  }

  @Test
  void logits_ofEachPosition_areThoseOfTheEngine(@TempDir Path directory) throws IOException {
    PreparedRun run =
        ofText(directory, "model { kind = char-lm, %s }\n".formatted(TRANSFORMER) + SGD, 16);
    MaskState masks = masks(run, 0.2, 4);
    TrainingState start = Committer.start(run).committed().state();
    try (Executor engine = executor(EngineExecutor::of, run, masks, start);
        Executor sparse = executor(SparseExecutor::of, run, masks, start)) {
      for (int size : new int[] {1, 37}) {
        Batch batch = batch(run, 0, size);
        float[] expected = engine.logits(batch);
        assertThat(sparse.logits(batch)).hasSameSizeAs(expected);
        assertThat(difference(sparse.logits(batch), expected)).isLessThan(1e-5);
      }
    }
  }

  private static void agree(String recipe, double density, double first, double later) {
    agree(run(recipe), density, 5, first, later);
  }

  private static void agree(
      PreparedRun run, double density, int steps, double first, double later) {
    int size = run.config().data().batchSize();
    MaskState masks = masks(run, density, 3);
    TrainingState start = Committer.start(run).committed().state();
    try (Executor engine = executor(EngineExecutor::of, run, masks, start);
        Executor sparse = executor(SparseExecutor::of, run, masks, start)) {
      for (int step = 0; step < steps; step++) {
        Batch batch = batch(run, step, size);
        Executor.At at = new Executor.At(step, step, 0.01);
        TrainedBatch expected = engine.train(batch, at, run.stepRules());
        TrainedBatch found = sparse.train(batch, at, run.stepRules());
        double bound = step == 0 ? first : later;
        assertThat(found.loss()).isCloseTo(expected.loss(), offset(expected.loss() * bound));
        assertThat(difference(found.logits(), expected.logits())).isLessThan(bound);
        List<StateLayout.Entry> entries = run.stateLayout().entries();
        double[] most =
            new double[entries.stream().mapToInt(StateLayout.Entry::slots).max().orElseThrow()];
        for (int i = 0; i < entries.size(); i++) {
          for (int slot = 0; slot < entries.get(i).slots(); slot++) {
            most[slot] = Math.max(most[slot], largest(read(engine, entries.get(i), i, slot)));
          }
        }
        for (int i = 0; i < entries.size(); i++) {
          for (int slot = 0; slot < entries.get(i).slots(); slot++) {
            assertThat(
                    difference(
                        read(sparse, entries.get(i), i, slot),
                        read(engine, entries.get(i), i, slot),
                        most[slot] * CANCELLED))
                .as("step %d, %s, slot %d", step, entries.get(i).id().name(), slot)
                .isLessThan(bound);
          }
        }
      }
    }
  }

  private static Offset<Double> offset(double value) {
    return Offset.offset(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {MLP, RESNET})
  void logitsAndNorms_areThoseOfTheEngine(String model) {
    PreparedRun run = run(model + SGD);
    MaskState masks = masks(run, 0.1, 4);
    TrainingState start = Committer.start(run).committed().state();
    try (Executor engine = executor(EngineExecutor::of, run, masks, start);
        Executor sparse = executor(SparseExecutor::of, run, masks, start)) {
      for (int done = 0; done < 3; done++) {
        engine.gatherNorms(batch(run, done, 48), done);
        sparse.gatherNorms(batch(run, done, 48), done);
      }

      Batch larger = batch(run, 0, 131);
      assertThat(difference(sparse.logits(larger), engine.logits(larger))).isLessThan(1e-4);
    }
  }

  @Test
  void gradients_ofPrunedUnitsToo_areThoseOfTheEngine_andLeaveNoTrace() {
    PreparedRun run = run(RESNET + SGD);
    MaskState masks = masks(run, 0.1, 5);
    TrainingState start = Committer.start(run).committed().state();
    try (Executor engine = executor(EngineExecutor::of, run, masks, start);
        Executor sparse = executor(SparseExecutor::of, run, masks, start)) {
      List<Integer> all = IntStream.range(0, run.prunable().size()).boxed().toList();
      List<float[]> expected = gradients(engine, run, all);

      List<float[]> found = gradients(sparse, run, all);

      for (int p : all) {
        assertThat(difference(found.get(p), expected.get(p))).isLessThan(1e-4);
      }
      List<StateLayout.Entry> entries = run.stateLayout().entries();
      for (int i = 0; i < entries.size(); i++) {
        assertThat(read(sparse, entries.get(i), i, 0))
            .isEqualTo(read(engine, entries.get(i), i, 0));
      }
    }
  }

  private static List<float[]> gradients(Executor executor, PreparedRun run, List<Integer> all) {
    List<float[]> gradients = new ArrayList<>();
    run.prunable().forEach(shape -> gradients.add(new float[shape.size()]));
    executor.gradients(
        batch(run, 1, 48),
        all,
        (p, from, values) -> values.duplicate().get(gradients.get(p), from, values.remaining()));
    return gradients;
  }

  /** Units come and go as masks of other executors, joins and regrowth make them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void state_afterAnyWrites_readsAsADenseOne(int seed) {
    PreparedRun run = run(MLP + ADAM);
    SplittableRandom random = new SplittableRandom(seed);
    TrainingState dense = new TrainingState(run.stateLayout());
    try (Executor sparse = executor(SparseExecutor::of, run, run.denseMasks(), dense)) {
      for (int round = 0; round < 30; round++) {
        int entry = random.nextInt(run.stateLayout().entries().size());
        StateLayout.Entry at = run.stateLayout().entries().get(entry);
        Mask units = Mask.of(at.size(), unit -> random.nextInt(3) == 0);
        int act = at.mask().isEmpty() ? 0 : random.nextInt(4);
        for (int slot = 0; slot < at.slots(); slot++) {
          float[] values = values(random, at.size());
          switch (act) {
            case 0 -> {
              dense.write(entry, slot, FloatBuffer.wrap(values));
              sparse.write(entry, slot, FloatBuffer.wrap(values));
            }
            case 1 -> {
              dense.scatter(entry, slot, units, FloatBuffer.wrap(values));
              sparse.scatter(entry, slot, units, FloatBuffer.wrap(values));
            }
            case 2 -> {
              dense.retain(entry, slot, units);
              sparse.retain(entry, slot, units);
            }
            default -> {
              dense.restart(entry, slot, units);
              sparse.restart(entry, slot, units);
            }
          }
        }
        for (int slot = 0; slot < at.slots(); slot++) {
          int from = random.nextInt(at.size());
          assertThat(part(sparse, entry, slot, from, at.size()))
              .isEqualTo(part(dense, entry, slot, from, at.size()));
          Mask asked = Mask.of(at.size(), unit -> random.nextInt(4) == 0);
          FloatBuffer expected = FloatBuffer.allocate(asked.kept());
          dense.gather(entry, slot, asked, expected);
          FloatBuffer found = FloatBuffer.allocate(asked.kept());
          sparse.gather(entry, slot, asked, found);
          assertThat(found.array()).isEqualTo(expected.array());
        }
      }
    }
  }

  private static float[] values(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  private static float[] part(StateAccess state, int entry, int slot, int from, int size) {
    float[] values = new float[size - from];
    state.read(entry, slot, from, FloatBuffer.wrap(values));
    return values;
  }
}
