package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.AugmentationConfig;
import io.espalier.trainer.network.ImageShape;
import java.util.Arrays;
import java.util.List;
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
  @CsvSource({"1, 29", "1, 8", "3, 16", "3, 37"})
  void transposeInto_ofBytes_hasTheBitsOfTheInputs(int channels, int count) {
    // given
    ImageShape shape = new ImageShape(channels, 20, 16);
    int stride = count + 5;
    float[] expected =
        new Batch(shape, count).fill(images(shape), order(), 2, count).inputs().clone();

    for (int width : new int[] {16, 320, shape.size()}) {
      // given
      int lines = shape.size() / width;
      int[] starts = new int[lines];
      Arrays.setAll(starts, line -> 3 + line * (width + 2) * stride);
      float[] target = new float[3 + lines * (width + 2) * stride];

      // when
      Batch batch = new Batch(shape, count).fill(images(shape), order(), 2, count);
      boolean isWritten = batch.transposeInto(target, starts, width, stride);

      // then
      assertThat(isWritten).isTrue();
      for (int e = 0; e < count; e++) {
        for (int i = 0; i < shape.size(); i++) {
          assertThat(target[starts[i / width] + i % width * stride + e])
              .isEqualTo(expected[e * shape.size() + i]);
        }
      }
    }
  }

  @Test
  void transposeInto_whatHasNoTable_writesNothing() {
    ImageShape shape = new ImageShape(1, 20, 16);
    float[] target = new float[EXAMPLES * shape.size()];
    Augmentation crop = Augmentation.of(new AugmentationConfig(true, 2), shape, 1, 0);
    float[] floats = new float[EXAMPLES * shape.size()];
    Examples ofFloats =
        Examples.ofFloats(floats, new int[EXAMPLES])
            .normalisedBy(new Normalization(List.of(1.0), List.of(2.0)));
    Batch batch = new Batch(shape, EXAMPLES);

    boolean augmented =
        batch
            .fill(images(shape), crop, order(), 0, EXAMPLES)
            .transposeInto(target, new int[1], shape.size(), EXAMPLES);
    boolean ofNumbers =
        batch
            .fill(ofFloats, order(), 0, EXAMPLES)
            .transposeInto(target, new int[1], shape.size(), EXAMPLES);
    boolean small =
        new Batch(new ImageShape(320, 1, 1), 9)
            .fill(images(new ImageShape(320, 1, 1)), order(), 0, 9)
            .transposeInto(target, new int[1], 320, 9);

    assertThat(List.of(augmented, ofNumbers, small)).containsOnly(false);
    assertThat(target).containsOnly(0f);
  }
}
