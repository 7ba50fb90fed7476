package io.espalier.trainer.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.statistic.LossSlope;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Slopes of a linear layer's cross-entropy, whose gradient is known. */
class LossSlopeObserverTest {
  private static final int CLASSES = 10;
  private static final int FEATURES = 64;

  @Test
  void slopes_ofManyDirections_areTheLengthOfTheGradient_withoutABackwardPass() {
    PreparedRun run =
        SampleRuns.prepare(
            new RecipeLoader()
                .parse(
                    "test",
                    "name = test, data = digits, model { kind = layers, layers = [flatten,"
                        + " { kind = linear, outputs = classes }] }",
                    List.of())
                .config());
    StatisticObserverProvider provider = StatisticObservers.of(new LossSlope(10_000));
    StatisticObserver observer =
        provider.create(StatisticRequest.of(new LossSlope(10_000), 1), run.observedLayers().get(0));
    Random random = new Random(3);
    float[] weights = new float[CLASSES * FEATURES];
    float[] input = new float[FEATURES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() / 8;
    }
    for (int i = 0; i < FEATURES; i++) {
      input[i] = (float) random.nextGaussian();
    }
    float[] logits = logits(weights, input);

    observer.see(
        LayerActivations.ofPasses(run.observedLayers().get(0), FloatBuffer.wrap(weights), weights));
    for (Probe probe : observer.probes()) {
      float[] moved = probe.shift(FloatBuffer.wrap(weights));
      for (int i = 0; i < moved.length; i++) {
        moved[i] += weights[i];
      }
      probe.see(logits, logits(moved, input), new int[] {4});
    }

    assertThat(provider.needsGradients()).isFalse();
    double expected = squaredLength(logits, input);
    assertThat((double) observer.result().get(0)[0]).isCloseTo(expected, within(.05 * expected));
  }

  private static float[] logits(float[] weights, float[] input) {
    float[] logits = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      double sum = 0;
      for (int i = 0; i < FEATURES; i++) {
        sum += (double) weights[c * FEATURES + i] * input[i];
      }
      logits[c] = (float) sum;
    }
    return logits;
  }

  /** Of (softmax − one-hot) ⊗ input. */
  private static double squaredLength(float[] logits, float[] input) {
    double all = 0;
    for (float logit : logits) {
      all += Math.exp(logit);
    }
    double errors = 0;
    for (int c = 0; c < CLASSES; c++) {
      double error = Math.exp(logits[c]) / all - (c == 4 ? 1 : 0);
      errors += error * error;
    }
    double inputs = 0;
    for (float value : input) {
      inputs += value * value;
    }
    return errors * inputs;
  }
}
