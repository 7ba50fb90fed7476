package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.StepConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.DivergedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {
  @TempDir private Path directory;

  @Test
  void step_learningRateFarTooHigh_failsNamingStepAndParameter() {
    RunConfig calm =
        SampleRuns.config(
            SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.GRADUAL, 0.9, 1, 3);
    PreparedRun run = SampleRuns.prepare(withRate(calm, 1e20));

    assertThatThrownBy(() -> TrainingLoop.run(run, LoopListener.NONE))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching("(?s).*is not a finite number: step=\\d+.*")
        .hasMessageMatching("(?s).*parameter of largest magnitude=(fc1|fc2|output)\\.weight.*")
        .hasMessageContaining("lower train.learning-rate.initial");
  }

  @Test
  void prunedUnits_underAdamWithDecay_stayZeroToTheBit() {
    OptimizerConfig adam = new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0.01);
    PreparedRun run = Toy.run(directory, Kinds.HARD, Toy.AT_FIVE, 40, 5, adam, 0.5);

    for (Trace.Step step : Trace.of(run).steps()) {
      for (int unit = 0; unit < 12; unit++) {
        boolean zero =
            Values.isZero(step.after().weight[unit])
                && Values.isZero(step.after().weightMoment[unit]);
        assertThat(zero).isEqualTo(!step.mask().isKept(unit));
      }
    }
  }

  private static RunConfig withRate(RunConfig config, double rate) {
    TrainConfig train = config.train();
    return new RunConfig(
        config.name(),
        config.seed(),
        config.data(),
        config.model(),
        train.with(
            new StepConfig(
                train.step().optimizer(),
                new LearningRateConfig.Constant(rate),
                train.step().clipNorm())),
        config.prune());
  }
}
