package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardMaskTest {
  @TempDir private Path directory;
  private PreparedRun run;
  private Trace trace;

  @BeforeEach
  void train() {
    run = Toy.run(directory, Kinds.HARD, Toy.AT_FIVE, 20);
    trace = Trace.of(run);
  }

  @Test
  void step_anyTime_seesMaskedWeightsAndMasksTheGradient() {
    Regression oracle = Regression.onTraining(run);

    assertThat(trace.steps()).hasSize(20);
    for (Trace.Step step : trace.steps()) {
      float[] mask = Values.of(step.mask());
      oracle.checkStep(step, mask, mask, 0);
    }
  }

  @Test
  void update_prunesUnits_zeroesTheirWeightsAndMoments() {
    Trace.Sync update = trace.syncs().get(1);

    assertThat(update.step()).isEqualTo(5);
    assertThat(update.mask().pruned()).isEqualTo(6);
    for (int unit = 0; unit < 12; unit++) {
      boolean kept = update.mask().isKept(unit);
      assertThat(update.before().weight[unit]).isNotZero();
      assertThat(update.before().weightMoment[unit]).isNotZero();
      assertThat(update.after().weight[unit]).isEqualTo(kept ? update.before().weight[unit] : 0f);
      assertThat(update.after().weightMoment[unit])
          .isEqualTo(kept ? update.before().weightMoment[unit] : 0f);
    }
  }

  @Test
  void prunedUnits_underMomentumAndDecay_stayZeroToTheBit() {
    for (Trace.Step step : trace.steps()) {
      for (int unit = 0; unit < 12; unit++) {
        boolean zero =
            Values.isZero(step.after().weight[unit])
                && Values.isZero(step.after().weightMoment[unit]);
        assertThat(zero).isEqualTo(!step.mask().isKept(unit));
      }
    }
  }

  @Test
  void evaluation_beforeAndAfterUpdate_usesEachSidesWeights() {
    Trace.Sync update = trace.syncs().get(1);
    Regression oracle = Regression.onValidation(run);

    assertThat(update.results()).hasSize(2);
    oracle.checkEvaluation(update.before(), Values.ones(), update.results().get(0));
    oracle.checkEvaluation(update.before(), Values.of(update.mask()), update.results().get(1));
  }
}
