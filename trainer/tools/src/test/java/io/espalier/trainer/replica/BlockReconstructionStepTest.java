package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.engine.block.NetworkBlock;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps of plain gradient descent at the rate 1, whose changes are the gradients, against central
 * differences of each block's own loss in whole passes.
 */
class BlockReconstructionStepTest {
  private static final int CONTEXT = 6;
  private static final int BATCH = 4;
  private static final float STEP = 1e-2f;
  private static final String PRUNED = "prune { sparsity = 50%, schedule = constant }";

  private static final String HEADS =
      "prune { sparsity = 15%, granularity { kind = head, budget = macs, cut = live, settle = 0 } }";

  @TempDir private static Path directory;
  private static Path teacher;
  private static PreparedRun dense;
  private static Map<ParameterId, float[]> taught = Map.of();

  @BeforeAll
  static void teach() throws IOException {
    Files.writeString(
        directory.resolve("text"), "the quick brown fox jumps over the lazy dog. ".repeat(40));
    teacher = directory.resolve("teacher.safetensors");
    ResolvedRecipe recipe =
        recipe(
            "train { epochs = 4, optimizer = adam, learning-rate { kind = constant, initial = 0.01 }"
                + " }, prune.sparsity = 0");
    dense = SampleRuns.prepare(recipe.config());
    FinishedRun finished = TrainingLoop.run(dense, LoopListener.NONE);
    ModelFile.write(teacher, dense, finished.committed(), recipe.text());
  }

  private static ResolvedRecipe recipe(String... lines) {
    return new RecipeLoader()
        .parse(
            "b.conf",
            """
            seed = 3
            data { kind = text, path = "%s", context = %d, batch-size = %d }
            model { kind = char-lm, layers = 2, features = 8, heads = 2, hidden = 12 }
            train.sync-every = 5
            """
                    .formatted(directory.resolve("text"), CONTEXT, BATCH)
                + String.join("\n", lines),
            List.of());
  }

  private static PreparedRun learning(String... lines) {
    return SampleRuns.prepare(
        recipe(
                "model.weights = \"%s\"".formatted(teacher),
                "train.objective { kind = block-reconstruction, teacher = \"%s\" }"
                    .formatted(teacher),
                "train { optimizer { kind = sgd, momentum = 0, weight-decay = 0 }, learning-rate {"
                    + " kind = constant, initial = 1 } }",
                String.join("\n", lines))
            .config());
  }

  private record Stepped(
      float loss, Map<ParameterId, float[]> before, Map<ParameterId, float[]> after) {
    float gradient(ParameterId id, int unit) {
      return of(before, id)[unit] - of(after, id)[unit];
    }

    static float[] of(Map<ParameterId, float[]> values, ParameterId id) {
      return Objects.requireNonNull(values.get(id));
    }
  }

  private static Stepped step(PreparedRun run) {
    try (Replica replica = Replica.of(run, 0)) {
      SyncOutcome outcome = Committer.start(run).open();
      replica.apply(outcome.commit(), outcome.payload());
      PreparedRun at = outcome.committed().run();
      Map<ParameterId, float[]> before = values(at, p -> replica.state().array(p, 0));
      float loss = (float) replica.step().loss();
      return new Stepped(loss, before, values(at, p -> replica.state().array(p, 0)));
    }
  }

  /** Values in the shapes of the whole network; those that were cut are 0. */
  private static Map<ParameterId, float[]> values(PreparedRun run, IntFunction<FloatBuffer> of) {
    Map<ParameterId, float[]> values = new HashMap<>();
    for (int p = 0; p < run.network().parameters().size(); p++) {
      ParameterId id = run.network().parameters().get(p).id();
      FloatBuffer buffer = of.apply(p);
      float[] whole = new float[run.layout().originalSize(id)];
      int columns = run.layout().rank(id) < 2 ? 1 : run.layout().surviving(id, 1).size();
      int next = 0;
      for (int i = 0; i < whole.length; i++) {
        if (run.layout().surviving(id, 0).isKept(i / columns)
            && (columns == 1 || run.layout().surviving(id, 1).isKept(i % columns))) {
          whole[i] = buffer.get(next++);
        }
      }
      values.put(id, whole);
    }
    return values;
  }

  private static boolean isOf(ResidualUnit block, ParameterId id) {
    return id.name().startsWith(block.to().replace("add2", ""));
  }

  /** What a node gives for the first batch. */
  private static float[] given(String node, Map<ParameterId, float[]> values) {
    float[] examples = new float[BATCH * dense.network().input().size()];
    int[] order = Splits.batchOrder(3, 0, dense.splits().shard(0), 0);
    dense.dataset().train().fill(order, 0, BATCH, examples, new int[BATCH * CONTEXT]);
    AtomicReference<float[]> given = new AtomicReference<>(new float[0]);
    try (NDManager manager = TensorEngine.newManager()) {
      NetworkBlock block = new NetworkBlock(dense.network());
      block.assign(manager, spec -> Stepped.of(values, spec.id()));
      block.tapNodes(
          Optional.of(
              (name, output) -> {
                if (name.equals(node)) {
                  given.set(output.toFloatArray());
                }
                return output;
              }));
      Shape shape =
          new Shape(
              BATCH,
              dense.network().input().channels(),
              dense.network().input().height(),
              dense.network().input().width());
      block.forward(
          new ParameterStore(manager, false), new NDList(manager.create(examples, shape)), false);
    }
    return Objects.requireNonNull(given.get());
  }

  /** The mean square by which a block differs from the dense one behind the same layers. */
  private static double loss(ResidualUnit block, Map<ParameterId, float[]> values) {
    Map<ParameterId, float[]> denseBlock = new HashMap<>(values);
    taught.forEach(
        (id, each) -> {
          if (isOf(block, id)) {
            denseBlock.put(id, each);
          }
        });
    float[] target = given(block.to(), denseBlock);
    float[] found = given(block.to(), values);
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += Math.pow((double) found[i] - target[i], 2);
    }
    return sum / found.length;
  }

  private static double lossOfBlocks(Map<ParameterId, float[]> values) {
    return ResidualUnit.of(dense.network(), Scope.BLOCKS).stream()
        .mapToDouble(block -> loss(block, values))
        .sum();
  }

  private static double slope(
      ResidualUnit block, Map<ParameterId, float[]> values, ParameterId id, int unit) {
    return (loss(block, moved(values, id, unit, STEP))
            - loss(block, moved(values, id, unit, -STEP)))
        / (2 * STEP);
  }

  private static Map<ParameterId, float[]> moved(
      Map<ParameterId, float[]> values, ParameterId id, int unit, float by) {
    Map<ParameterId, float[]> moved = new HashMap<>(values);
    float[] each = Stepped.of(values, id).clone();
    each[unit] += by;
    moved.put(id, each);
    return moved;
  }

  @Test
  void step_ofPrunedBlocks_followsEachBlocksOwnLoss() {
    taught = step(learning("prune.sparsity = 0")).before();
    Stepped stepped = step(learning(PRUNED));
    List<ResidualUnit> blocks = ResidualUnit.of(dense.network(), Scope.BLOCKS);

    assertThat(blocks).hasSize(2);
    assertThat((double) stepped.loss()).isCloseTo(lossOfBlocks(stepped.before()), within(1e-5));
    for (ParameterSpec spec : dense.network().parameters()) {
      Optional<ResidualUnit> block =
          blocks.stream().filter(each -> isOf(each, spec.id())).findFirst();
      if (block.isPresent()) {
        assertSlopes(stepped, block.get(), spec.id());
      } else {
        assertThat(Stepped.of(stepped.after(), spec.id()))
            .as(spec.id().name())
            .containsExactly(Stepped.of(stepped.before(), spec.id()));
      }
    }
  }

  @Test
  void step_ofAFrozenBlock_trainsTheOthers() {
    taught = step(learning("prune.sparsity = 0")).before();
    List<ResidualUnit> blocks = ResidualUnit.of(dense.network(), Scope.BLOCKS);
    Stepped stepped = step(learning(PRUNED, "train.freeze = [\"block1.*\"]"));

    for (ParameterSpec spec : dense.network().parameters()) {
      if (isOf(blocks.get(1), spec.id())) {
        assertSlopes(stepped, blocks.get(1), spec.id());
      } else {
        assertThat(Stepped.of(stepped.after(), spec.id()))
            .as(spec.id().name())
            .containsExactly(Stepped.of(stepped.before(), spec.id()));
      }
    }
  }

  private static void assertSlopes(Stepped stepped, ResidualUnit block, ParameterId id) {
    float[] before = Stepped.of(stepped.before(), id);
    for (int unit = 0; unit < before.length; unit += 7) {
      boolean isPruned = before[unit] == 0 && Stepped.of(taught, id)[unit] != 0;
      double expected = isPruned ? 0 : slope(block, stepped.before(), id, unit);
      assertThat((double) stepped.gradient(id, unit))
          .as("%s %d", id, unit)
          .isCloseTo(expected, within(2e-5 + 2e-2 * Math.abs(expected)));
    }
  }

  @Test
  void step_ofTheTeacherItself_hasNothingToLearn() {
    Stepped stepped = step(learning("prune.sparsity = 0"));

    assertThat(stepped.loss()).isCloseTo(0, within(1e-10f));
    stepped
        .before()
        .forEach(
            (id, values) ->
                assertThat(Stepped.of(stepped.after(), id))
                    .as(id.name())
                    .containsExactly(values, within(1e-6f)));
  }

  @Test
  void training_ofAPrunedNetwork_bringsTheLossOfTheTextBack() {
    String rate = "train { epochs = %d, optimizer = adam, learning-rate.initial = 1e-3 }";
    double untrained = loss(learning(PRUNED, rate.formatted(0)));
    double trained = loss(learning(PRUNED, rate.formatted(3)));

    assertThat(trained).isLessThan(untrained - 0.1);
  }

  private static double loss(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE).test().loss();
  }

  @Test
  void step_afterHeadsAreCut_followsTheBlocksOfTheNetworkBefore() {
    taught = step(learning("prune.sparsity = 0")).before();
    PreparedRun run = learning(HEADS, "prune.schedule = constant");
    Stepped stepped = step(run);

    assertThat(Committer.start(run).open().committed().run().network()).isNotEqualTo(run.network());
    assertThat((double) stepped.loss())
        .isGreaterThan(1e-4)
        .isCloseTo(lossOfBlocks(stepped.before()), within(1e-5));
    for (ResidualUnit block : ResidualUnit.of(dense.network(), Scope.BLOCKS)) {
      dense.network().parameters().stream()
          .map(ParameterSpec::id)
          .filter(id -> isOf(block, id))
          .forEach(id -> assertSlopes(stepped, block, id));
    }
  }

  @Test
  void training_whileHeadsAreCut_isTaughtByTheNetworkBefore() {
    taught = step(learning("prune.sparsity = 0")).before();
    PreparedRun run =
        learning(
            "train { epochs = 3, optimizer = adam, learning-rate.initial = 1e-3 }",
            HEADS,
            "prune.schedule { kind = one-shot, begin = 30% }");
    List<Committed> cut = new ArrayList<>();

    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void synced(SyncOutcome outcome) {
                if (outcome.cut().isPresent()) {
                  cut.add(outcome.committed());
                }
              }
            });

    assertThat(finished.committed().run().network()).isNotEqualTo(run.network());
    assertThat(lossOfBlocks(values(finished.committed())))
        .isLessThan(0.9 * lossOfBlocks(values(cut.get(0))));
  }

  private static Map<ParameterId, float[]> values(Committed committed) {
    return values(committed.run(), p -> FloatBuffer.wrap(committed.state().values(p, 0)));
  }

  @Test
  void teacher_withOtherBlocks_isRefused() {
    assertThatThrownBy(() -> learning("model { features = 16, weights = none }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "train.objective.teacher: must have the blocks of the run's network: teacher=[")
        .hasMessageContaining("name the network that the run starts from, before it was pruned");
  }
}
