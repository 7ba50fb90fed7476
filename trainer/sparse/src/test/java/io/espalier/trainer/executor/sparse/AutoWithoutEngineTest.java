package io.espalier.trainer.executor.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.SampleRuns;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The class path of this module has no engine. */
final class AutoWithoutEngineTest {
  private static final String RECIPE =
      """
      name = auto, seed = 1
      data { kind = digits, batch-size = 32 }
      model { kind = mlp, hidden = [8] }
      train { epochs = 2, execution = auto }
      prune { sparsity = 50% }
      """;

  /** There are no examples to measure steps with. */
  private static final String STREAM =
      "data = null, data { kind = kafka, topic = t, features = 64, classes = 10 },"
          + " train.epochs = null, train.samples = 8000";

  private static PreparedRun prepared(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("auto.conf", RECIPE + more, List.of()).config());
  }

  private static ExecutionDecision measured(String more, long start) {
    return ExecutionDecision.measured(prepared(more), start);
  }

  @Test
  void measured_whatJavaComputes_isInJavaFromWhereTheRunGoesOn() {
    assertThat(BackEnds.problem(Execution.ENGINE)).isPresent();

    assertThat(measured("", 0)).isEqualTo(new ExecutionDecision(Optional.empty(), Optional.of(0L)));
    assertThat(measured("", 7).sparseFrom()).contains(7L);
  }

  @Test
  void prepared_ofWhatOnlyTheEngineComputes_isRefusedWithTheModuleThatIsMissing() {
    assertThatThrownBy(() -> prepared(STREAM))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.execution: must be one that can be taken here")
        .hasMessageContaining("the run needs the engine for its steps")
        .hasMessageContaining("missing=io.espalier:espalier-engine");
  }

  @Test
  void measured_otherMasksAndChannels_areInJava() {
    for (String more :
        List.of(
            "prune.mask = soft",
            "prune { mask = movement, score = movement }",
            "prune.granularity { kind = channel, cut = live }")) {
      assertThat(measured(more, 0).sparseFrom()).as(more).contains(0L);
    }
  }

  @Test
  void prepared_onTheEngine_isRefusedBeforeDataIsRead() {
    assertThatThrownBy(
            () ->
                prepared(
                    "train.execution = engine, data { kind = csv, path = absent.csv, label = a }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.execution: must be one that can be taken here")
        .hasMessageContaining("missing=io.espalier:espalier-engine")
        .hasMessageNotContaining("absent.csv");
  }
}
