package io.espalier.trainer.analysis.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CorruptionsTest {
  private static final ImageShape GREY = new ImageShape(1, 100, 100);

  private static float[] filled(ImageShape shape, float value) {
    float[] image = new float[shape.size()];
    Arrays.fill(image, value);
    return image;
  }

  private static float[] corrupted(Corruption by, float[] image, ImageShape shape, int severity) {
    float[] changed = image.clone();
    by.apply(changed, shape, severity, CounterRandom.of(7, severity));
    return changed;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }

  private static double distance(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (left[i] - right[i]) * (left[i] - right[i]);
    }
    return Math.sqrt(sum);
  }

  static Stream<Corruption> all() {
    return Corruptions.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void corruption_ofHigherSeverity_changesMore(Corruption each) {
    ImageShape shape = new ImageShape(3, 16, 12);
    float[] image = new float[shape.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) (.5 + .4 * Math.sin(i * i));
    }

    double mild = distance(image, corrupted(each, image, shape, 1));
    double strong = distance(image, corrupted(each, image, shape, Corruption.SEVERITIES));

    assertThat(mild).isGreaterThan(0);
    assertThat(strong).isGreaterThan(mild);
    assertThat(corrupted(each, image, shape, 3)).isEqualTo(corrupted(each, image, shape, 3));
  }

  @ParameterizedTest
  @MethodSource("all")
  void corruption_ofAnImageOfOnePixel_isFinite(Corruption each) {
    ImageShape pixel = new ImageShape(1, 1, 1);

    assertThat(corrupted(each, new float[1], pixel, 5)[0]).isFinite();
  }

  @Test
  void gaussianNoise_hasTheDeviationOfItsSeverity() {
    float[] noisy = corrupted(new GaussianNoise(), filled(GREY, .5f), GREY, 5);

    assertThat(mean(noisy)).isCloseTo(.5, within(.003));
    assertThat(deviation(noisy)).isCloseTo(.1, within(.003));
  }

  /** Of a Poisson number of mean .5 · 50, the deviation is its root. */
  @Test
  void shotNoise_hasTheVarianceOfPhotons() {
    float[] noisy = corrupted(new ShotNoise(), filled(GREY, .5f), GREY, 5);

    assertThat(mean(noisy)).isCloseTo(.5, within(.003));
    assertThat(deviation(noisy)).isCloseTo(Math.sqrt(25) / 50, within(.003));
  }

  /** Of mean 2 the sums are .1353, .4060, .6767. */
  @Test
  void poisson_isTheNumberWhoseSumPassesTheDraw() {
    assertThat(List.of(.1, .2, .5, .7))
        .extracting(uniform -> ShotNoise.poisson(2, uniform))
        .containsExactly(0, 1, 2, 3);
    assertThat(ShotNoise.poisson(0, .999)).isZero();
    assertThat(ShotNoise.poisson(500, Math.nextDown(1.0))).isBetween(600, 1500);
  }

  @Test
  void impulseNoise_makesItsShareBlackOrWhite() {
    float[] noisy = corrupted(new ImpulseNoise(), filled(GREY, .5f), GREY, 5);
    long black = 0;
    long white = 0;
    for (float value : noisy) {
      black += value == 0 ? 1 : 0;
      white += value == 1 ? 1 : 0;
    }

    assertThat(black / 10_000.0).isCloseTo(.035, within(.006));
    assertThat(white / 10_000.0).isCloseTo(.035, within(.006));
  }

  /** A point becomes the product of two kernels, whose values beside it are exp(−1/2) apart. */
  @Test
  void gaussianBlur_ofAPoint_isTheKernel() {
    ImageShape shape = new ImageShape(1, 11, 11);
    float[] point = new float[shape.size()];
    point[5 * 11 + 5] = 1;

    float[] blurred = corrupted(new GaussianBlur(), point, shape, 5);

    assertThat(mean(blurred) * blurred.length).isCloseTo(1, within(1e-5));
    assertThat(blurred[5 * 11 + 6] / blurred[5 * 11 + 5])
        .isCloseTo((float) Math.exp(-.5), within(1e-5f));
    assertThat(blurred[6 * 11 + 6] / blurred[5 * 11 + 5])
        .isCloseTo((float) Math.exp(-1), within(1e-5f));
  }

  @Test
  void gaussianBlur_ofOneColour_changesNothing() {
    float[] blurred = corrupted(new GaussianBlur(), filled(GREY, .25f), GREY, 3);

    assertThat(blurred[0]).isCloseTo(.25f, within(1e-6f));
    assertThat(deviation(blurred)).isLessThan(1e-6);
  }

  /** 4 pixels at .65 are 2 boxes of 2. */
  @Test
  void pixelation_ofFourPixels_isTheMeansOfPairs() {
    ImageShape row = new ImageShape(1, 1, 4);

    assertThat(corrupted(new Pixelation(), new float[] {0, 1, .5f, .5f}, row, 5))
        .containsExactly(.5f, .5f, .5f, .5f);
    assertThat(corrupted(new Pixelation(), new float[] {0, .5f, 1, 0}, row, 5))
        .containsExactly(.25f, .25f, .5f, .5f);
  }

  @Test
  void brightness_ofAColour_keepsItsHue() {
    ImageShape colour = new ImageShape(3, 1, 1);

    float[] risen = corrupted(new Brightness(), new float[] {.5f, .25f, 0}, colour, 5);

    assertThat(risen[0]).isCloseTo(.8f, within(1e-6f));
    assertThat(risen[1]).isCloseTo(.4f, within(1e-6f));
    assertThat(risen[2]).isZero();
    assertThat(corrupted(new Brightness(), new float[3], colour, 1))
        .containsExactly(.05f, .05f, .05f);
  }

  @Test
  void contrast_movesValuesToTheMean() {
    ImageShape pair = new ImageShape(1, 1, 2);

    float[] closer = corrupted(new Contrast(), new float[] {0, 1}, pair, 5);

    assertThat(closer[0]).isCloseTo(.425f, within(1e-6f));
    assertThat(closer[1]).isCloseTo(.575f, within(1e-6f));
  }
}
