package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegrowthRunTest {
  private static final String CONSTANT =
      """
      name = test, data { kind = digits, batch-size = 32, validation = 10% }
      train { epochs = 6, trainers = 2, sync-every = 5, evaluate-every = 1 epoch }
      prune { sparsity = 80%, score = random, allocation = erk, schedule = constant }
      """;

  private static final String MLP = "model { kind = mlp, hidden = [32, 16] }, ";

  @ParameterizedTest
  @ValueSource(strings = {"set", "rigl"})
  void exchange_atConstantSparsity_keepsEveryCount_andGrowsAtZero(String rule) {
    PreparedRun run = prepared("prune.regrowth { kind = " + rule + ", every = 10 }");
    List<List<Integer>> counts = new ArrayList<>();
    List<Integer> grown = new ArrayList<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          private MaskSet before = MaskSet.dense(run.layout(), run.prunableIds());

          @Override
          public void synced(SyncOutcome outcome) {
            MaskSet after = outcome.committed().masks().masks();
            outcome
                .pruning()
                .ifPresent(
                    pruning -> {
                      counts.add(after.masks().stream().map(Mask::kept).toList());
                      assertThat(pruning.update().changes())
                          .allMatch(change -> change.kept() == change.target());
                      grown.add(
                          pruning.update().changes().stream()
                              .mapToInt(ParameterChange::regrown)
                              .sum());
                      requireZeroWhereGrown(run, outcome.committed(), before);
                      pruning
                          .update()
                          .restarted()
                          .forEach(mask -> assertThat(mask.size()).isPositive());
                    });
            before = after;
          }
        });

    assertThat(counts).hasSizeGreaterThan(5).allMatch(counts.get(0)::equals);
    assertThat(grown.subList(1, grown.size())).allMatch(units -> units > 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.regrowth { kind = rigl, every = 10 }",
        "prune.regrowth { kind = set, every = 10 }, train.optimizer = adam",
        "prune { score = taylor, allocation = global, schedule = cubic }",
        "prune { score { kind = taylor, batches = 2 }, allocation = global, schedule = cubic,"
            + " mask = soft }, model { kind = resnet-8, width = 2, initial = he }, train.epochs = 3",
        "prune { score = taylor, allocation = global, mask = annealed, schedule { kind = cubic,"
            + " end = 50% }, regrowth = none }",
        "prune { score = taylor, allocation = global, schedule = cubic, regrowth { kind = rigl,"
            + " every = 7 } }"
      })
  void resume_fromEveryCommit_endsWithTheSameBits(String variant) {
    PreparedRun run = prepared(variant);
    List<Committed> commits = new ArrayList<>();
    List<Traffic> traffic = new ArrayList<>();
    FinishedRun whole =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic soFar) {
                commits.add(outcome.committed());
                traffic.add(soFar);
              }
            });

    for (int i = 1; i < commits.size(); i += 4) {
      FinishedRun resumed =
          TrainingLoop.resume(run, commits.get(i), traffic.get(i), LoopListener.NONE);
      assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
      assertThat(resumed.test()).isEqualTo(whole.test());
      assertThat(resumed.traffic()).isEqualTo(whole.traffic());
    }
    assertThat(whole.test().accuracy()).isGreaterThan(0.2);
    assertThat(whole.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
  }

  @Test
  void taylor_choosesOtherUnitsThanMagnitude_atTheSameCounts() {
    PreparedRun taylor =
        prepared("prune { score = taylor, allocation = global, schedule = cubic }");
    PreparedRun magnitude =
        prepared("prune { score = magnitude, allocation = global, schedule = cubic }");

    MaskSet first = TrainingLoop.run(taylor, LoopListener.NONE).committed().masks().masks();
    MaskSet second = TrainingLoop.run(magnitude, LoopListener.NONE).committed().masks().masks();

    assertThat(first.kept()).isEqualTo(second.kept());
    assertThat(first).isNotEqualTo(second);
  }

  private static void requireZeroWhereGrown(PreparedRun run, Committed committed, MaskSet before) {
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0;
          entries.get(i).mask().isPresent() && slot < entries.get(i).slots();
          slot++) {
        int index = entries.get(i).mask().get();
        float[] values = committed.state().values(i, slot);
        Mask grown = committed.masks().masks().masks().get(index).andNot(before.masks().get(index));
        grown.forEachKept(unit -> assertThat(Float.floatToRawIntBits(values[unit])).isZero());
      }
    }
  }

  private static PreparedRun prepared(String variant) {
    return SampleRuns.prepare(
        new RecipeLoader()
            .parse(
                "test.conf", CONSTANT + (variant.contains("model") ? "" : MLP) + variant, List.of())
            .config());
  }
}
