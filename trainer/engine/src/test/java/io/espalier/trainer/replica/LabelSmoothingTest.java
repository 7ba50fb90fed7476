package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelSmoothingTest {
  private static final double SMOOTHING = 0.3;

  @TempDir private Path directory;

  @Test
  void step_smoothedLabels_descendsTheSlopeOfTheSmoothedLoss() {
    PreparedRun run = smoothed();
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] mask = Values.of(step.mask());
      double[] weight = Regression.product(step.before().weight, mask);
      double[] bias = Values.inDouble(step.before().bias);
      double[] slope = oracle.slope(weight, bias, SMOOTHING);

      assertThat(step.outcome().loss())
          .isCloseTo(oracle.loss(weight, bias, SMOOTHING), within(1e-5));
      for (int i = 0; i < weight.length; i++) {
        assertThat((double) step.after().weight[i])
            .isCloseTo(weight[i] - Toy.RATE * mask[i] * slope[i], within(1e-6));
      }
      for (int i = 0; i < bias.length; i++) {
        assertThat((double) step.after().bias[i])
            .isCloseTo(bias[i] - Toy.RATE * slope[weight.length + i], within(1e-6));
      }
    }
  }

  @Test
  void evaluation_ofASmoothedRun_isPlainCrossEntropy() {
    PreparedRun run = smoothed();
    Regression oracle = Regression.onValidation(run);

    for (Trace.Sync sync : Trace.of(run).syncs().subList(1, 3)) {
      int last = sync.results().size() - 1;
      oracle.checkEvaluation(sync.after(), Values.of(sync.mask()), sync.results().get(last));
    }
  }

  private PreparedRun smoothed() {
    return Toy.run(
        directory,
        Kinds.HARD,
        Toy.AT_FIVE,
        15,
        5,
        new OptimizerConfig.Sgd(0, 0),
        0.5,
        SMOOTHING,
        Optional.empty());
  }
}
