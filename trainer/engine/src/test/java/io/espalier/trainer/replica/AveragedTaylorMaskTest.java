package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.WeightView;
import io.espalier.masks.kind.WeightView.StepGradients;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragedTaylorMaskTest {
  private static final MemberSettings GRADUAL =
      MemberSettings.of("cubic")
          .with("begin", new Span.Steps(10))
          .with("end", new Span.Steps(40))
          .with("updates", 3)
          .with("initial", 0.0)
          .with("continue", Optional.empty())
          .with("freeze", Optional.empty());

  /** Steps after which masks change: the schedule's updates. */
  private static final List<Long> UPDATES = List.of(20L, 30L, 40L);

  @TempDir private Path directory;

  private PreparedRun run(double maskedDecay) {
    return Toy.run(directory, Kinds.averagedTaylor(maskedDecay), GRADUAL, 60);
  }

  /**
   * W = [[1, −2, .5], [.3, 0, −1]] stays; the first gradient gives [[−.1, .4, .2], [−.3, 0, .2]].
   */
  @Test
  void mean_ofTheStepsSinceAnUpdate_isTheHandSum() {
    FloatBuffer weight = FloatBuffer.wrap(new float[] {1, -2, .5f, .3f, 0, -1});
    FloatBuffer mean = FloatBuffer.wrap(new float[] {9, 9, 9, 9, 9, 9});
    WeightView view = view(30);

    see(view, 30, weight, mean, .1f, .2f, -.4f, 1, 5, .2f);
    assertMean(mean, -.1f, .4f, .2f, -.3f, 0, .2f);
    see(view, 31, weight, mean, .3f, 0, .4f, 0, 1, -.4f);
    assertMean(mean, -.2f, .2f, 0, -.15f, 0, -.1f);
    see(view, 32, weight, mean, .2f, .1f, 0, 1, 1, 0);
    assertMean(mean, -.2f, .2f, 0, -.2f, 0, -.2f / 3);
    see(view(33), 33, weight, mean, .1f, .2f, -.4f, 1, 5, .2f);
    assertMean(mean, -.1f, .4f, .2f, -.3f, 0, .2f);
  }

  private static WeightView view(long updatedAt) {
    return MaskKinds.of(Kinds.averagedTaylor(0))
        .view(
            new MaskedWeight(
                0,
                Mask.allKept(6),
                updatedAt,
                true,
                100,
                AnnealingState.none(new Temperature(Temperature.Shape.LINEAR, 0, 0)),
                1,
                0));
  }

  private static void see(
      WeightView view, long step, FloatBuffer weight, FloatBuffer mean, float... gradient) {
    view.backward(
        new StepGradients(
            step,
            weight,
            FloatBuffer.wrap(gradient),
            List.of(mean),
            List.of(FloatBuffer.allocate(gradient.length))));
  }

  private static void assertMean(FloatBuffer mean, float... worked) {
    assertThat(mean.array()).containsExactly(worked, within(1e-6f));
  }

  /** Slopes of the loss by central differences, of hidden weights too. */
  @Test
  void mean_ofEveryStep_isThatOfTheLossesSlopesSinceTheUpdate() {
    PreparedRun run = run(0);
    Regression oracle = Regression.onTraining(run);
    double[] sums = new double[12];
    long since = 0;

    for (Trace.Step step : Trace.of(run).steps().subList(0, 40)) {
      if (UPDATES.contains(step.step())) {
        sums = new double[12];
        since = step.step();
      }
      double[] seen = Regression.product(step.before().weight, Values.of(step.mask()));
      double[] slope = oracle.slope(seen, Values.inDouble(step.before().bias), 0);
      for (int unit = 0; unit < 12; unit++) {
        sums[unit] -= step.before().weight[unit] * slope[unit];
        assertThat(step.after().scores[unit])
            .as("step %d, unit %d", step.step(), unit)
            .isCloseTo((float) (sums[unit] / (step.step() - since + 1)), within(2e-5f));
      }
    }
  }

  @Test
  void update_keepsTheWeightsWithTheLargestMeans_andTheLastDropsThem() {
    List<Trace.Sync> syncs = Trace.of(run(0)).syncs();
    List<Trace.Sync> updates =
        syncs.stream()
            .filter(sync -> sync.step() == 20 || sync.step() == 30 || sync.step() == 40)
            .toList();

    assertThat(updates).hasSize(3);
    for (Trace.Sync update : updates) {
      float[] means = update.before().scores;
      List<Integer> best =
          IntStream.range(0, 12)
              .boxed()
              .sorted((a, b) -> Float.compare(means[b], means[a]))
              .limit(update.mask().kept())
              .sorted()
              .toList();
      assertThat(IntStream.range(0, 12).filter(update.mask()::isKept).boxed().toList())
          .isEqualTo(best);
    }
    assertThat(updates.get(1).after().scores).doesNotContain(0f);
    assertThat(updates.get(2).after().scores).containsOnly(0f);
  }

  @Test
  void steps_areThoseOfASoftMask() {
    PreparedRun run = run(.05);
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : Trace.of(run).steps()) {
      float[] seen = Values.of(step.mask());
      boolean soft = step.step() < 40;
      oracle.checkStep(step, seen, soft ? Values.ones() : seen, soft ? .05 : 0);
    }
  }
}
