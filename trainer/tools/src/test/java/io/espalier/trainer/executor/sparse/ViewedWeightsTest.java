package io.espalier.trainer.executor.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.stored.StoredTeacher;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With any mask kind, plain Java takes the steps of the engine from each state of a run. */
class ViewedWeightsTest {
  private static final String RECIPE =
      """
      name = viewed, seed = 6
      data { kind = digits, batch-size = 32 }
      train { epochs = 2, sync-every = 4, learning-rate = constant, clip-norm = 2 }
      prune { sparsity = 70%, schedule { kind = cubic, begin = 10%, end = 40%, updates = 4 } }
      """;
  private static final String MLP = "model { kind = mlp, hidden = [24, 16] }, ";
  private static final String RESNET = "model { kind = resnet-8, width = 4 }, ";
  private static final String CHANNELS = "prune.granularity { kind = channel, ";
  private static final String ADAM = ", train.optimizer = adam";

  @ParameterizedTest
  @ValueSource(
      strings = {
        MLP + "prune.mask { kind = soft, masked-decay = 0.01 }",
        MLP + "prune.mask { kind = soft, hidden-gradient = 0.5, hidden-momentum = false }" + ADAM,
        MLP + "prune.mask { kind = annealed, over = 6 }",
        MLP + "prune.mask { kind = soft-threshold, initial = 0.03 }",
        MLP + "prune { mask = movement, score = movement }",
        MLP + "prune { mask { kind = movement, hidden-learn = true }, score = movement }" + ADAM,
        MLP + "prune { mask = averaged-taylor, score = averaged-taylor }",
        MLP + "prune.mask = hard-concrete",
        MLP + "prune.mask = transport" + ADAM,
        MLP + "prune.mask = keep-logits",
        MLP + "prune.mask = edge-popup" + ADAM,
        MLP + "prune.mask = soft, train.freeze = [\"fc2.*\"]",
        MLP + "prune.mask = soft, train.rules = [{ kind = group-lasso, strength = 1e-2 }]",
        MLP
            + "prune { mask = movement, score = movement }, train.freeze = [\"fc2.*\"],"
            + " train.rules = [{ kind = group-lasso, strength = 1e-2 }]",
        RESNET + "prune.mask = soft",
        RESNET + "prune.mask { kind = annealed, over = 6 }",
        RESNET + CHANNELS + "cut = live, settle = 2 }",
        RESNET + CHANNELS + "cut = never }",
        RESNET + CHANNELS + "cut = never }, prune.mask = soft",
        RESNET + CHANNELS + "cut = live }, prune.mask { kind = annealed, over = 6 }",
      })
  void train_fromEachStateOfARun_takesTheStepsOfTheEngine(String recipe) {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader().parse("viewed.conf", RECIPE + recipe, List.of()).config());
    int[] pruned = new int[1];

    forEachSync(
        run,
        committed -> {
          agree(committed);
          pruned[0] += committed.masks().masks().sparsity() > 0.2 ? 1 : 0;
        });

    assertThat(pruned[0]).isGreaterThan(4);
  }

  private static void forEachSync(PreparedRun run, Consumer<Committed> each) {
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void synced(SyncOutcome outcome) {
            if (outcome.committed().step() < run.plan().totalSteps()) {
              each.accept(outcome.committed());
            }
          }
        });
  }

  private static void agree(Committed from) {
    PreparedRun run = from.run();
    EpochBatches batches = new EpochBatches(run, run.splits().shard(0), 0);
    try (Executor engine = executor(EngineExecutor::of, from);
        Executor java = executor(SparseExecutor::of, from)) {
      for (long step = from.step(); step < from.step() + 2; step++) {
        Batch batch = batches.load(step);
        Executor.At at = new Executor.At(step, step, 0.01);
        TrainedBatch expected = engine.train(batch, at, run.stepRules());
        TrainedBatch found = java.train(batch, at, run.stepRules());
        assertThat(found.loss()).isCloseTo(expected.loss(), within(expected.loss() * 1e-4));
        close("logits", found.logits(), expected.logits(), 1e-4);
        assertState(engine, java, run.stateLayout().entries(), "step " + step);
      }
      Batch batch = batches.load(0);
      close("evaluation", java.logits(batch), engine.logits(batch), 1e-4);
      List<float[]> expected = gradients(engine, run, batch);
      List<float[]> found = gradients(java, run, batch);
      for (int p = 0; p < expected.size(); p++) {
        close("gradient " + p, found.get(p), expected.get(p), 1e-3);
      }
      assertState(engine, java, run.stateLayout().entries(), "after measuring");
    }
  }

  private static Executor executor(ExecutorFactory factory, Committed from) {
    PreparedRun run = from.run();
    Objective objective =
        Objectives.of(
            run.config().train(), run.dataset().classes(), StoredTeacher.of(run.dataset()));
    MaskState masks = from.masks();
    Executor executor = factory.create(run, masks, new ExecutorContext(0, objective, () -> {}));
    new StateCodec(run.stateLayout()).copy(from.state(), masks.livingAt(from.step()), executor);
    return executor;
  }

  private static void assertState(
      Executor engine, Executor java, List<StateLayout.Entry> entries, String when) {
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        close(
            "%s, %s, slot %d".formatted(when, entries.get(i).id().name(), slot),
            read(java, entries.get(i), i, slot),
            read(engine, entries.get(i), i, slot),
            1e-3);
      }
    }
  }

  private static float[] read(Executor executor, StateLayout.Entry entry, int index, int slot) {
    float[] values = new float[entry.size()];
    executor.read(index, slot, 0, FloatBuffer.wrap(values));
    return values;
  }

  /** Zeros are the same; others differ by a share of the largest. */
  private static void close(String what, float[] found, float[] expected, double bound) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double largest =
        IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i])
          .as("%s, %d", what, i)
          .isCloseTo(expected[i], within(bound * largest + 1e-6));
    }
  }

  private static List<float[]> gradients(Executor executor, PreparedRun run, Batch batch) {
    List<float[]> gradients = new ArrayList<>();
    run.prunable().forEach(shape -> gradients.add(new float[shape.size()]));
    executor.gradients(
        batch,
        IntStream.range(0, gradients.size()).boxed().toList(),
        (p, from, values) -> values.duplicate().get(gradients.get(p), from, values.remaining()));
    return gradients;
  }
}
