package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.AugmentationConfig;
import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AugmentationTest {
  private static final AugmentationConfig BOTH = new AugmentationConfig(true, 1);

  /** The views of the image 123 / 456 under shifts of −1 to 1 in both directions. */
  private static final List<String> SHIFTED =
      List.of(
          "000 012", "000 123", "000 230", "012 045", "123 456", "230 560", "045 000", "456 000",
          "560 000");

  private static Normalization asItIs(int groups) {
    return new Normalization(
        IntStream.range(0, groups).mapToObj(group -> 0.0).toList(),
        IntStream.range(0, groups).mapToObj(group -> 1.0).toList());
  }

  private static Examples copies(int count, ImageShape image, int... pixels) {
    byte[] values = new byte[count * pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) pixels[i % pixels.length];
    }
    return Examples.ofBytes(values, new int[count]).normalisedBy(asItIs(image.channels()));
  }

  private static float[][] views(Examples examples, Augmentation augmentation, int... indices) {
    float[] values = new float[indices.length * examples.features()];
    examples.fill(indices, 0, indices.length, augmentation, values);
    return IntStream.range(0, indices.length)
        .mapToObj(
            i -> Arrays.copyOfRange(values, i * examples.features(), (i + 1) * examples.features()))
        .toArray(float[][]::new);
  }

  private static String shown(float[] view) {
    String digits =
        IntStream.range(0, view.length)
            .mapToObj(i -> String.valueOf((int) view[i]))
            .collect(Collectors.joining());
    return digits.substring(0, 3) + " " + digits.substring(3);
  }

  private static String mirrored(String view) {
    return Stream.of(view.split(" ", -1))
        .map(row -> new StringBuilder(row).reverse().toString())
        .collect(Collectors.joining(" "));
  }

  private static int[] all(Examples examples) {
    return IntStream.range(0, examples.count()).toArray();
  }

  private static Map<String, Integer> counts(AugmentationConfig config, int examples) {
    ImageShape image = new ImageShape(1, 2, 3);
    Examples copies = copies(examples, image, 1, 2, 3, 4, 5, 6);
    Map<String, Integer> counts = new HashMap<>();
    for (float[] view : views(copies, Augmentation.of(config, image, 7, 3), all(copies))) {
      counts.merge(shown(view), 1, Integer::sum);
    }
    return counts;
  }

  /** Pearson's statistic against equal shares. */
  private static double chiSquared(Map<String, Integer> counts, int categories, int total) {
    double expected = (double) total / categories;
    return counts.values().stream()
        .mapToDouble(count -> (count - expected) * (count - expected) / expected)
        .sum();
  }

  @Test
  void fill_flipAndCrop_givesEveryViewEquallyOften() {
    Map<String, Integer> counts = counts(BOTH, 18_000);

    assertThat(counts.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(SHIFTED.stream(), SHIFTED.stream().map(AugmentationTest::mirrored))
                .toList());
    assertThat(chiSquared(counts, 18, 18_000)).isLessThan(40.8);
  }

  @Test
  void fill_cropOnly_mirrorsNothing() {
    Map<String, Integer> counts = counts(new AugmentationConfig(false, 1), 9_000);

    assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(SHIFTED);
    assertThat(chiSquared(counts, 9, 9_000)).isLessThan(26.1);
  }

  @Test
  void fill_flipOnly_mirrorsHalf() {
    Map<String, Integer> counts = counts(new AugmentationConfig(true, 0), 10_000);

    assertThat(counts).containsOnlyKeys("123 456", "321 654");
    assertThat(chiSquared(counts, 2, 10_000)).isLessThan(10.8);
  }

  @Test
  void fill_wideCrop_shiftsUniformlyBothWays() {
    ImageShape image = new ImageShape(1, 9, 9);
    int[] pixels = new int[81];
    pixels[4 * 9 + 4] = 1;
    Examples copies = copies(16_200, image, pixels);
    Map<String, Integer> counts = new HashMap<>();

    Augmentation augmentation = Augmentation.of(new AugmentationConfig(false, 4), image, 3, 0);
    for (float[] view : views(copies, augmentation, all(copies))) {
      int at = IntStream.range(0, 81).filter(i -> view[i] == 1).findFirst().orElseThrow();
      counts.merge(at / 9 + "," + at % 9, 1, Integer::sum);
    }

    assertThat(counts).hasSize(81);
    assertThat(chiSquared(counts, 81, 16_200)).isLessThan(124.8);
  }

  @Test
  void fill_flippedTwice_isTheImage() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 200; trial++) {
      ImageShape image =
          new ImageShape(1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(6));
      float[] values = new float[7 * image.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(1000);
      }
      Augmentation flip =
          Augmentation.of(new AugmentationConfig(true, 0), image, random.nextLong(), trial);
      Normalization plain = asItIs(image.channels());

      float[] once = new float[values.length];
      Examples.ofFloats(values, new int[7])
          .normalisedBy(plain)
          .fill(new int[] {0, 1, 2, 3, 4, 5, 6}, 0, 7, flip, once);
      float[] twice = new float[values.length];
      Examples.ofFloats(once, new int[7])
          .normalisedBy(plain)
          .fill(new int[] {0, 1, 2, 3, 4, 5, 6}, 0, 7, flip, twice);

      assertThat(twice).isEqualTo(values);
    }
  }

  @Test
  void fill_anyView_isThatOfABruteForceOverPixels() {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 100; trial++) {
      ImageShape image =
          new ImageShape(1 + random.nextInt(3), 2 + random.nextInt(5), 2 + random.nextInt(5));
      int crop = random.nextInt(Math.min(image.height(), image.width()));
      int[] pixels = random.ints(image.size(), 1, 200).toArray();
      Examples one = copies(1, image, pixels);

      Augmentation augmentation =
          Augmentation.of(new AugmentationConfig(true, crop), image, trial, trial);
      float[] view = views(one, augmentation, 0)[0];

      assertThat(bruteForce(image, crop, pixels)).anyMatch(each -> Arrays.equals(each, view));
    }
  }

  private static List<float[]> bruteForce(ImageShape image, int crop, int... pixels) {
    return IntStream.rangeClosed(-crop, crop)
        .boxed()
        .flatMap(
            down ->
                IntStream.rangeClosed(-crop, crop)
                    .boxed()
                    .flatMap(
                        right ->
                            Stream.of(
                                view(image, down, right, false, pixels),
                                view(image, down, right, true, pixels))))
        .toList();
  }

  private static float[] view(
      ImageShape image, int down, int right, boolean mirror, int... pixels) {
    float[] view = new float[pixels.length];
    for (int i = 0; i < view.length; i++) {
      int x = i % image.width();
      int y = i / image.width() % image.height();
      int channel = i / image.width() / image.height();
      int column = (mirror ? image.width() - 1 - x : x) + right;
      int row = y + down;
      boolean isInside = row >= 0 && row < image.height() && column >= 0 && column < image.width();
      view[i] = isInside ? pixels[(channel * image.height() + row) * image.width() + column] : 0;
    }
    return view;
  }

  @Test
  void fill_normalised_bordersAreZeroInEveryChannel() {
    ImageShape image = new ImageShape(2, 1, 2);
    Examples copies =
        Examples.ofBytes(new byte[] {10, 20, 40, 80}, new int[] {0})
            .normalisedBy(new Normalization(List.of(15.3, 60.7), List.of(5.0, 20.0)));
    Augmentation shift = Augmentation.of(new AugmentationConfig(false, 1), image, 1, 0);
    boolean shifted = false;
    for (long epoch = 0; epoch < 50; epoch++) {
      Augmentation each = Augmentation.of(new AugmentationConfig(false, 1), image, 1, epoch);
      float[] view = views(copies, each, 0)[0];
      boolean leftIsBorder = view[0] == 0;
      assertThat(view[2] == 0).isEqualTo(leftIsBorder);
      assertThat(view[1] == 0).isEqualTo(view[3] == 0);
      shifted |= leftIsBorder && view[1] != 0;
    }
    assertThat(shifted).isTrue();
    assertThat(views(copies, shift, 0)[0]).isEqualTo(views(copies, shift, 0)[0]);
  }

  @Test
  void view_dependsOnSeedEpochAndExampleOnly() {
    ImageShape image = new ImageShape(1, 4, 4);
    Examples copies = copies(64, image, IntStream.rangeClosed(1, 16).toArray());
    AugmentationConfig config = new AugmentationConfig(true, 2);
    int[] backwards = IntStream.range(0, 64).map(i -> 63 - i).toArray();

    float[][] views = views(copies, Augmentation.of(config, image, 1, 5), all(copies));
    float[][] others = views(copies, Augmentation.of(config, image, 1, 5), backwards);

    for (int i = 0; i < 64; i++) {
      assertThat(others[63 - i]).isEqualTo(views[i]);
    }
    assertThat(views(copies, Augmentation.of(config, image, 1, 6), all(copies)))
        .isNotEqualTo(views);
    assertThat(views(copies, Augmentation.of(config, image, 2, 5), all(copies)))
        .isNotEqualTo(views);
  }

  @Test
  void fill_withoutAugmentation_isThePlainFill() {
    ImageShape image = new ImageShape(1, 2, 3);
    Examples copies = copies(3, image, 1, 2, 3, 4, 5, 6);
    float[] plain = new float[18];
    copies.fill(all(copies), 0, 3, plain, new int[3]);

    float[] augmented = new float[18];
    copies.fill(all(copies), 0, 3, Augmentation.none(image), augmented);

    assertThat(augmented).isEqualTo(plain);
  }
}
