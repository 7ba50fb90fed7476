package io.espalier.trainer.executor.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mask kind, named in a recipe and nothing more, does something of its own. */
final class MaskKindsActTest {
  private static PreparedRun prepared(String kind, int trainers) {
    return SampleRuns.prepare(
        new RecipeLoader()
            .load(
                "digits",
                List.of(
                    "prune.mask=" + kind,
                    "train.execution=java",
                    "train.epochs=8",
                    "train.trainers=" + trainers))
            .config());
  }

  private static FinishedRun train(String kind, int trainers) {
    return TrainingLoop.run(prepared(kind, trainers), LoopListener.NONE);
  }

  @Test
  void eachKind_endsInOtherBitsThanAllOthers() {
    TreeMap<String, String> kinds = new TreeMap<>();

    for (String kind : new MaskKinds().list().stream().map(each -> each.name()).toList()) {
      kinds.put(kind, train(kind, 1).committed().digest());
    }

    assertThat(kinds).hasSizeGreaterThan(9);
    assertThat(new HashSet<>(kinds.values())).as("%s", kinds).hasSameSizeAs(kinds.keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard-concrete", "transport", "keep-logits", "edge-popup"})
  void gates_ofTwoTrainers_keepExactlyWhatThePlanKeeps(String kind) {
    FinishedRun run = train(kind, 2);

    assertThat(run.committed().masks().masks().sparsity()).isBetween(.899, .901);
    assertThat(train(kind, 2).committed().digest()).isEqualTo(run.committed().digest());
  }

  /** Kept weights are the initial ones times one factor of the layer. */
  @ParameterizedTest
  @ValueSource(strings = {"keep-logits", "edge-popup"})
  void frozenWeights_areTheInitialOnesTimesTheRescaling(String kind) {
    PreparedRun run = prepared(kind, 1);
    List<float[]> initial =
        TrainingState.of(run.stateLayout(), InitialValues.of(run.config(), run.network()))
            .prunableWeights();

    Committed end = TrainingLoop.run(run, LoopListener.NONE).committed();

    List<float[]> weights = end.state().prunableWeights();
    for (int p = 0; p < weights.size(); p++) {
      Mask kept = end.masks().masks().masks().get(p);
      float factor = (float) Math.sqrt((double) kept.size() / kept.kept());
      Set<Integer> pruned = new HashSet<>();
      for (int unit = 0; unit < kept.size(); unit++) {
        float expected = kept.isKept(unit) ? initial.get(p)[unit] * factor : 0;
        assertThat(weights.get(p)[unit]).isEqualTo(expected);
        if (!kept.isKept(unit)) {
          pruned.add(unit);
        }
      }
      assertThat(pruned).hasSize(kept.pruned()).isNotEmpty();
    }
  }
}
