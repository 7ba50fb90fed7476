package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.StepGradients;
import io.espalier.trainer.optimizer.HiddenWeights;
import io.espalier.trainer.optimizer.Optimizer;
import io.espalier.trainer.optimizer.ParameterArrays;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.state.LiveUnits;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovementMaskTest {
  private static final double RATE = 0.5;
  private static final MemberSettings GRADUAL =
      MemberSettings.of("cubic")
          .with("begin", new Span.Steps(10))
          .with("end", new Span.Steps(40))
          .with("updates", 3)
          .with("initial", 0.0)
          .with("continue", Optional.empty())
          .with("freeze", Optional.empty());

  @TempDir private Path directory;

  private Trace train(boolean hiddenLearn) {
    return Trace.of(run(hiddenLearn));
  }

  private PreparedRun run(boolean hiddenLearn) {
    return Toy.run(directory, Kinds.movement(RATE, hiddenLearn), GRADUAL, 60);
  }

  /** W = [1, −1, .5, −.5] stays; two gradients, rate .01. */
  @Test
  void scores_afterTwoSteps_areTheHandSum() {
    MaskKind kind = MaskKinds.of(Kinds.MOVEMENT);
    WeightView view =
        kind.view(
            new MaskedWeight(
                0,
                Mask.allKept(4),
                0,
                true,
                100,
                AnnealingState.none(new Temperature(Temperature.Shape.LINEAR, 0, 0)),
                1,
                0));
    Optimizer optimizer =
        Optimizer.of(
            new OptimizerConfig.Sgd(0, 0), new HiddenWeights(0, 1, true), Optional.empty());
    FloatBuffer weight = FloatBuffer.wrap(new float[] {1, -1, .5f, -.5f});
    FloatBuffer scores = FloatBuffer.allocate(4);
    FloatBuffer slope = FloatBuffer.allocate(4);
    float[][] gradients = {{.2f, -.1f, -.3f, .4f}, {.1f, .2f, -.1f, .1f}};

    for (int step = 0; step < 2; step++) {
      FloatBuffer gradient = FloatBuffer.wrap(gradients[step]);
      view.backward(new StepGradients(step, weight, gradient, List.of(scores), List.of(slope)));
      optimizer.step(
          List.of(ParameterArrays.auxiliary(scores, List.of(), slope, new Training(1, 0))),
          step,
          .01);
    }

    assertThat(scores.array())
        .containsExactly(new float[] {-.003f, .001f, .002f, .0025f}, within(1e-9f));
    assertThat(slope.array()).containsOnly(0f);
  }

  @Test
  void score_ofEveryStepBeforeTheFreeze_movesByTheSlopeAlongItsMaskUnit() {
    PreparedRun run = run(true);
    Regression oracle = Regression.onTraining(run);
    List<Trace.Step> steps = Trace.of(run).steps().subList(0, 40);

    for (Trace.Step step : steps) {
      double[] slope = slopeAlongMask(oracle, step);
      for (int unit = 0; unit < slope.length; unit++) {
        double moment = Toy.MOMENTUM * step.before().scoresMoment[unit] + slope[unit];
        assertThat(step.after().scoresMoment[unit]).isCloseTo((float) moment, within(2e-5f));
        assertThat(step.after().scores[unit])
            .isCloseTo(
                (float) (step.before().scores[unit] - RATE * Toy.RATE * moment), within(2e-5f));
      }
    }
    assertThat(steps).anyMatch(step -> step.mask().pruned() == 0);
    assertThat(steps).anyMatch(step -> step.mask().pruned() > 0);
  }

  /** Central differences of the loss of {@code m ⊙ w} along each unit of m. */
  private static double[] slopeAlongMask(Regression oracle, Trace.Step step) {
    float[] mask = Values.of(step.mask());
    double[] bias = Values.inDouble(step.before().bias);
    double[] seen = Regression.product(step.before().weight, mask);
    double[] slope = new double[seen.length];
    for (int unit = 0; unit < seen.length; unit++) {
      double present = seen[unit];
      double nudge = 1e-4 * step.before().weight[unit];
      seen[unit] = present + nudge;
      double above = oracle.loss(seen, bias, 0);
      seen[unit] = present - nudge;
      slope[unit] = (above - oracle.loss(seen, bias, 0)) / 2e-4;
      seen[unit] = present;
    }
    return slope;
  }

  @Test
  void hiddenWeights_learnOrRest_asTheRecipeSays() {
    for (boolean learn : new boolean[] {true, false}) {
      PreparedRun run = run(learn);
      Regression oracle = Regression.onTraining(run);
      for (Trace.Step step : Trace.of(run).steps()) {
        float[] seen = Values.of(step.mask());
        boolean dense = learn && step.step() < 40;
        oracle.checkStep(step, seen, dense ? Values.ones() : seen, 0);
      }
    }
  }

  @Test
  void update_keepsTheWeightsWithTheLargestScores() {
    List<Trace.Sync> updates =
        train(true).syncs().stream()
            .filter(sync -> sync.step() > 10 && sync.step() <= 40)
            .filter(sync -> sync.step() % 10 == 0)
            .toList();

    assertThat(updates).hasSize(3);
    boolean differs = false;
    for (Trace.Sync update : updates) {
      float[] scores = update.before().scores;
      int kept = update.mask().kept();
      assertThat(kept(update.mask())).isEqualTo(top(scores, kept));
      float[] magnitudes = new float[12];
      for (int unit = 0; unit < 12; unit++) {
        magnitudes[unit] = Math.abs(update.before().weight[unit]);
      }
      differs |= !kept(update.mask()).equals(top(magnitudes, kept));
    }
    assertThat(differs).isTrue();
  }

  private static List<Integer> kept(Mask mask) {
    return IntStream.range(0, mask.size()).filter(mask::isKept).boxed().toList();
  }

  private static List<Integer> top(float[] scores, int count) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted((a, b) -> Float.compare(scores[b], scores[a]))
        .limit(count)
        .sorted()
        .toList();
  }

  @Test
  void lastUpdate_dropsTheScores_whichTravelNoMore() {
    PreparedRun run = run(true);
    Trace trace = Trace.of(run);
    Trace.Sync freeze =
        trace.syncs().stream().filter(sync -> sync.step() == 40).findFirst().orElseThrow();
    LiveUnits before = trace.syncs().get(1).masks().livingAt(5);

    assertThat(freeze.before().scores).doesNotContain(0f);
    assertThat(freeze.after().scores).containsOnly(0f);
    assertThat(freeze.after().scoresMoment).containsOnly(0f);
    for (Trace.Step step : trace.steps().subList(40, 60)) {
      assertThat(step.after().scores).containsOnly(0f);
    }
    assertThat(run.stateLayout().packedFloats(before)).isEqualTo(2 * (12 + 3 + 12));
    assertThat(run.stateLayout().packedFloats(freeze.masks().livingAt(45))).isEqualTo(2 * (6 + 3));
  }
}
