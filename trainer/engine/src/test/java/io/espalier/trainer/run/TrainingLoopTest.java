package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingLoopTest {
  static Stream<Arguments> runs() {
    return Stream.of(
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.SOFT),
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.RESNET, SampleRuns.ADAM, SampleRuns.SOFT),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.BRANCHES, SampleRuns.SGD, SampleRuns.HARD),
        Arguments.of(SampleRuns.BRANCHES, SampleRuns.SGD, SampleRuns.ANNEALED),
        Arguments.of(SampleRuns.MOBILENET, SampleRuns.SGD, SampleRuns.HARD));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void run_sameRecipeTwice_givesSameBitsExactCountsAndLearns(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    boolean learnsFast = model == SampleRuns.RESNET || model == SampleRuns.BRANCHES;
    PreparedRun run = SampleRuns.prepared(model, optimizer, mask, 2, learnsFast ? 6 : 12);
    List<Long> kept = new ArrayList<>();
    List<Long> planned = new ArrayList<>();
    LoopListener counts =
        new LoopListener() {
          @Override
          public void synced(SyncOutcome outcome) {
            outcome
                .pruning()
                .ifPresent(
                    pruning -> {
                      planned.add(pruning.planned().kept());
                      kept.add(pruning.update().next().kept());
                    });
          }
        };

    FinishedRun first = TrainingLoop.run(run, counts);
    FinishedRun second = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(second.committed().digest()).isEqualTo(first.committed().digest());
    assertThat(second.test()).isEqualTo(first.test());
    assertThat(kept).isEqualTo(planned).hasSize(8);
    assertThat(first.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
    assertThat(first.test().accuracy()).isGreaterThan(0.5);
  }
}
