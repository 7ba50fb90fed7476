package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.AugmentationConfig;
import io.espalier.trainer.network.ImageShape;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {
  private static final int EXAMPLES = 40;

  private static byte[] bytes(ImageShape shape) {
    byte[] bytes = new byte[EXAMPLES * shape.size()];
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static Examples images(ImageShape shape) {
    Examples raw = Examples.ofBytes(bytes(shape), new int[EXAMPLES]);
    return raw.normalisedBy(Normalization.of(raw, shape.channels()));
  }

  private static int[] order() {
    return new SplittableRandom(7).ints(EXAMPLES, 0, EXAMPLES).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 29, 16", "1, 8, 16", "3, 16, 16", "3, 37, 13", "1, 40, 1", "2, 3, 3"})
  void sparseInputs_ofBytes_normalised_hasTheBitsOfTheInputs(int channels, int count, int width) {
    // given
    ImageShape shape = new ImageShape(channels, 20, width);
    int stride = count + 5;
    float[] expected =
        new Batch(shape, count).fill(images(shape), order(), 0, count).inputs().clone();
    byte[] target = new byte[shape.size() * stride];

    // when
    ByteScaling scaling =
        new Batch(shape, count)
            .fill(images(shape), order(), 0, count)
            .sparseInputs()
            .bytes(target, stride)
            .orElseThrow();

    // then
    float[] transposed = new float[count * shape.size()];
    for (int i = 0; i < transposed.length; i++) {
      int value = i % shape.size();
      int group = value / (shape.size() / scaling.groups());
      int raw = target[value * stride + i / shape.size()] & 0xff;
      transposed[i] = (raw - scaling.shift(group)) * scaling.scale(group);
    }
    assertThat(transposed).isEqualTo(expected);
  }

  @Test
  void sparseInputs_ofWhatAreNoBytes_writesNothing() {
    ImageShape shape = new ImageShape(1, 20, 16);
    byte[] target = new byte[EXAMPLES * shape.size()];
    Augmentation crop = Augmentation.of(new AugmentationConfig(true, 2), shape, 1, 0);
    float[] floats = new float[EXAMPLES * shape.size()];
    Examples ofFloats =
        Examples.ofFloats(floats, new int[EXAMPLES])
            .normalisedBy(new Normalization(List.of(1.0), List.of(2.0)));
    Batch batch = new Batch(shape, EXAMPLES);

    Optional<ByteScaling> augmented =
        batch
            .fill(images(shape), crop, order(), 0, EXAMPLES)
            .sparseInputs()
            .bytes(target, EXAMPLES);
    Optional<ByteScaling> ofNumbers =
        batch.fill(ofFloats, order(), 0, EXAMPLES).sparseInputs().bytes(target, EXAMPLES);

    assertThat(augmented).isEmpty();
    assertThat(ofNumbers).isEmpty();
    assertThat(target).containsOnly(0);
  }
}
