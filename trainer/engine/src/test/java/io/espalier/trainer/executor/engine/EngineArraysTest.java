package io.espalier.trainer.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EngineArraysTest {
  static List<Arguments> longRuns() {
    return List.of(
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, 6),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.SOFT, 6),
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED, 6),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.ANNEALED, 6));
  }

  /** Values, moments and at most two masks per prunable parameter: nothing of a step remains. */
  @ParameterizedTest
  @MethodSource("longRuns")
  void step_twoHundredTimes_leavesNoArrayBehind(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask, int epochs) {
    PreparedRun run = SampleRuns.prepared(model, optimizer, mask, 1, epochs);
    int values = run.stateLayout().entries().stream().mapToInt(StateLayout.Entry::slots).sum();
    int most = values + 2 * run.prunable().size();
    Committer committer = Committer.start(run);
    CountedArrays arrays = new CountedArrays();

    try (Replica replica = Replica.of(run, 0, () -> {}, arrays)) {
      SyncOutcome outcome = committer.open();
      replica.apply(outcome.commit(), outcome.payload());
      assertThat(arrays.owned()).isEqualTo(values);
      while (outcome.commit().next() == Commit.Next.TRAIN) {
        long until = run.plan().nextSync(replica.completedSteps());
        while (replica.completedSteps() < until) {
          replica.step();
          assertThat(arrays.owned()).isBetween(values, most);
        }
        outcome = committer.sync(List.of(replica.packedState()));
        replica.apply(outcome.commit(), outcome.payload());
        assertThat(arrays.owned()).isBetween(values, most);
      }
      assertThat(replica.completedSteps()).isGreaterThan(200);
    }
  }
}
