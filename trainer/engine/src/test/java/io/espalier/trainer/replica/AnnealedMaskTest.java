package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.masks.annealing.Temperature.Shape;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnealedMaskTest {
  /** Units are pruned at step 5 and die at step 28, between two syncs. */
  private static final MaskConfig COSINE = Kinds.annealed(0.6, Shape.COSINE, new Span.Steps(23));

  @TempDir private Path directory;

  @Test
  void step_whileUnitsAnneal_seesAndCountsTheDrawnMask() {
    PreparedRun run = Toy.run(directory, COSINE, Toy.AT_FIVE, 50);
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] drawn = drawn(run, step);
      if (step.step() < 28) {
        oracle.checkStep(step, drawn, drawn, 0);
      } else {
        assertThat(drawn).isEqualTo(Values.of(step.mask()));
      }
    }
  }

  @Test
  void prunedUnits_fromTheStepWhereTemperatureIsZero_areZeroToTheBit() {
    Trace trace = Trace.of(Toy.run(directory, COSINE, Toy.AT_FIVE, 50));

    for (Trace.Step step : trace.steps()) {
      for (int unit = 0; unit < 12; unit++) {
        boolean dead = !step.mask().isKept(unit) && step.step() >= 28;
        assertThat(Values.isZero(step.after().weight[unit])).isEqualTo(dead);
        assertThat(Values.isZero(step.after().weightMoment[unit])).isEqualTo(dead);
      }
    }
  }

  @Test
  void sync_atTheStepOfDeath_commitsZeros() {
    MaskConfig mask = Kinds.annealed(0.6, Shape.LINEAR, new Span.Steps(20));
    Trace trace = Trace.of(Toy.run(directory, mask, Toy.AT_FIVE, 50));
    Trace.Sync before = trace.syncs().get(4);
    Trace.Sync death = trace.syncs().get(5);

    assertThat(death.step()).isEqualTo(25);
    for (int unit = 0; unit < 12; unit++) {
      assertThat(before.after().weight[unit]).isNotZero();
      assertThat(Values.isZero(death.after().weight[unit])).isEqualTo(!death.mask().isKept(unit));
    }
  }

  @Test
  void evaluation_whileUnitsAnneal_usesTheTargetMask() {
    PreparedRun run = Toy.run(directory, COSINE, Toy.AT_FIVE, 50);
    Regression oracle = Regression.onValidation(run);

    List<Trace.Sync> annealing = Trace.of(run).syncs().subList(1, 6);

    for (Trace.Sync sync : annealing) {
      int last = sync.results().size() - 1;
      oracle.checkEvaluation(sync.after(), Values.of(sync.mask()), sync.results().get(last));
    }
  }

  /** Without momentum and decay a pruned weight moves exactly in the steps that draw it. */
  @Test
  void prunedUnits_atConstantTemperature_getGradientInThatShareOfSteps() {
    MaskConfig mask = Kinds.annealed(0.3, Shape.CONSTANT, new Span.Steps(200));
    PreparedRun run =
        Toy.run(directory, mask, Toy.AT_FIVE, 220, 10, new OptimizerConfig.Sgd(0, 0), 0.5);

    int moved = 0;
    int chances = 0;
    for (Trace.Step step : Trace.of(run).steps()) {
      for (int unit = 0; unit < 12; unit++) {
        boolean changed = step.after().weight[unit] != step.before().weight[unit];
        if (step.mask().isKept(unit)) {
          assertThat(changed).as("kept, step " + step.step()).isTrue();
        } else if (step.step() >= 210) {
          assertThat(changed).as("dead, step " + step.step()).isFalse();
        } else {
          chances++;
          moved += changed ? 1 : 0;
        }
      }
    }
    assertThat(chances).isEqualTo(6 * 200);
    assertThat(moved).isBetween(360 - 64, 360 + 64);
  }

  @Test
  void initialTemperatureOfZero_givesTheBitsOfHardMasks() {
    MaskConfig cold = Kinds.annealed(0, Shape.COSINE, new Span.Steps(23));

    assertThat(digest(Toy.run(directory, cold, Toy.AT_FIVE, 50)))
        .isEqualTo(digest(Toy.run(directory, Kinds.HARD, Toy.AT_FIVE, 50)));
  }

  @Test
  void temperatureOfOne_whileItLasts_trainsToTheBitsOfADenseNetwork() {
    MaskConfig hot = Kinds.annealed(1, Shape.CONSTANT, new Span.Steps(23));
    PreparedRun dense =
        Toy.run(
            directory,
            Kinds.HARD,
            Toy.AT_FIVE,
            50,
            5,
            new OptimizerConfig.Sgd(Toy.MOMENTUM, Toy.DECAY),
            0);

    List<Trace.Step> expected = Trace.of(dense).steps();
    List<Trace.Step> found = Trace.of(Toy.run(directory, hot, Toy.AT_FIVE, 50)).steps();

    for (int step = 0; step < 28; step++) {
      assertThat(found.get(step).after().weight).isEqualTo(expected.get(step).after().weight);
      assertThat(found.get(step).after().weightMoment)
          .isEqualTo(expected.get(step).after().weightMoment);
    }
    assertThat(found.get(28).after().weight).isNotEqualTo(expected.get(28).after().weight);
  }

  private static float[] drawn(PreparedRun run, Trace.Step step) {
    IntBuffer bits = IntBuffer.allocate(12);
    step.masks().annealing().draw(0, step.mask()).draw(step.step(), run.config().seed(), 0, bits);
    float[] drawn = new float[12];
    for (int unit = 0; unit < drawn.length; unit++) {
      drawn[unit] = Float.intBitsToFloat(bits.get(unit));
    }
    return drawn;
  }

  private static String digest(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }
}
