package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.Mask;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.sync.EvaluationPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trained thresholds in whole runs, against plain Java. */
class SoftThresholdTest {
  private static final double RATE = 0.5;
  private static final double DECAY = 0.2;
  private static final int FREEZE = 40;
  private static final MemberSettings GRADUAL =
      MemberSettings.of("cubic")
          .with("begin", new Span.Steps(10))
          .with("end", new Span.Steps(FREEZE))
          .with("updates", 3)
          .with("initial", 0.0)
          .with("continue", Optional.empty())
          .with("freeze", Optional.empty());

  @TempDir private Path directory;
  private PreparedRun run;
  private Trace trace;

  @BeforeEach
  void train() {
    run = Toy.run(directory, Kinds.softThreshold(0.05, RATE, DECAY), GRADUAL, 60);
    trace = Trace.of(run);
  }

  private static double sigma(double trained) {
    return 1 / (1 + Math.exp(-trained));
  }

  /** {@code ŵ / w} of each weight. */
  private static float[] factors(Trace.Held held) {
    double threshold = sigma(held.scores[0]);
    float[] factors = new float[held.weight.length];
    for (int unit = 0; unit < factors.length; unit++) {
      double size = Math.abs(held.weight[unit]);
      factors[unit] = (float) Math.max(0, 1 - threshold / size);
    }
    return factors;
  }

  private static float[] above(Trace.Held held) {
    float[] above = factors(held);
    for (int unit = 0; unit < above.length; unit++) {
      above[unit] = above[unit] > 0 ? 1 : 0;
    }
    return above;
  }

  @Test
  void step_beforeTheFreeze_seesShrunkWeights_andLearnsWithThoseAboveTheThreshold() {
    Regression oracle = Regression.onTraining(run);
    List<Trace.Step> steps = trace.steps().subList(0, FREEZE);

    for (Trace.Step step : steps) {
      oracle.checkStep(step, factors(step.before()), above(step.before()), 0);
    }
    assertThat(steps).anySatisfy(step -> assertThat(above(step.before())).contains(0f, 1f));
  }

  @Test
  void threshold_ofEveryStep_movesByItsSlopeAndItsDecay() {
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : trace.steps().subList(0, FREEZE)) {
      double trained = step.before().scores[0];
      double moment =
          Toy.MOMENTUM * step.before().scoresMoment[0]
              + slope(oracle, step.before())
              + DECAY * trained;
      assertThat(step.after().scoresMoment[0]).isCloseTo((float) moment, within(2e-5f));
      assertThat(step.after().scores[0])
          .isCloseTo((float) (trained - RATE * Toy.RATE * moment), within(2e-5f));
    }
  }

  /** Central differences of the loss along the trained value. */
  private static double slope(Regression oracle, Trace.Held held) {
    double nudge = 1e-5;
    return (loss(oracle, held, nudge) - loss(oracle, held, -nudge)) / (2 * nudge);
  }

  private static double loss(Regression oracle, Trace.Held held, double nudge) {
    double threshold = sigma(held.scores[0] + nudge);
    double[] seen = new double[held.weight.length];
    for (int unit = 0; unit < seen.length; unit++) {
      double weight = held.weight[unit];
      seen[unit] = Math.signum(weight) * Math.max(Math.abs(weight) - threshold, 0);
    }
    return oracle.loss(seen, Values.inDouble(held.bias), 0);
  }

  @Test
  void update_keepsTheWeightsAboveTheThreshold_howeverManyThePlanCounts() {
    boolean differs = false;
    for (Trace.Sync update : updates()) {
      float[] above = above(update.before());
      assertThat(update.mask()).isEqualTo(Mask.of(above.length, unit -> above[unit] == 1));
      differs |= update.mask().kept() != run.plan().updateAt(update.step()).orElseThrow().kept();
    }
    assertThat(differs).isTrue();
  }

  @Test
  void lastUpdate_turnsWeightsIntoWhatPassesSaw_andDropsTheThreshold() {
    Trace.Sync freeze =
        updates().stream().filter(update -> update.step() == FREEZE).findFirst().orElseThrow();
    float[] factors = factors(freeze.before());

    for (int unit = 0; unit < factors.length; unit++) {
      assertThat(freeze.after().weight[unit])
          .isCloseTo(freeze.before().weight[unit] * factors[unit], within(1e-7f));
    }
    assertThat(freeze.after().scores).containsOnly(0f);
    Regression oracle = Regression.onTraining(run);
    float[] kept = Values.of(freeze.mask());
    for (Trace.Step step : trace.steps().subList(FREEZE, 60)) {
      assertThat(step.mask()).isEqualTo(freeze.mask());
      oracle.checkStep(step, kept, kept, 0);
    }
  }

  /** The update changes nothing of what the network computes. */
  @Test
  void evaluations_seeWhatPassesSee_beforeAndAfterAnUpdate() {
    Regression oracle = Regression.onValidation(run);
    for (Trace.Sync update : updates()) {
      float[] factors = factors(update.before());
      assertThat(update.results()).hasSizeGreaterThanOrEqualTo(2);
      for (EvaluationPart part : update.results()) {
        if (part.examples() == update.results().get(0).examples()) {
          oracle.checkEvaluation(update.before(), factors, part);
        }
      }
    }
  }

  private List<Trace.Sync> updates() {
    return trace.syncs().stream()
        .filter(sync -> run.plan().updateAt(sync.step()).isPresent())
        .toList();
  }
}
