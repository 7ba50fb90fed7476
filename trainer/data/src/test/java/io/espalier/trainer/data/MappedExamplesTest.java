package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.AugmentationConfig;
import io.espalier.trainer.network.ImageShape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples of a file do what the same bytes in memory do. */
final class MappedExamplesTest {
  private static final ImageShape SHAPE = new ImageShape(2, 3, 5);
  private static final int OFFSET = 7;
  private static final int[] LABELS = {0, 1, 2, 1, 0, 2, 2};

  @TempDir private Path directory;
  private Path file;
  private Examples inMemory;
  private Examples mapped;

  @BeforeEach
  void write() throws IOException {
    byte[] values = new byte[LABELS.length * SHAPE.size()];
    new Random(3).nextBytes(values);
    byte[] content = new byte[OFFSET + values.length];
    System.arraycopy(values, 0, content, OFFSET, values.length);
    file = Files.write(directory.resolve("levels"), content);
    inMemory = Examples.ofBytes(values, LABELS);
    mapped = map(OFFSET);
  }

  private Examples map(long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return Examples.ofFile(channel, offset, SHAPE.size(), LABELS);
    }
  }

  private static float[] fill(Examples raw, Augmentation augmentation) {
    Examples examples = raw.normalisedBy(Normalization.of(raw, SHAPE.channels()));
    int[] all = new int[raw.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = all.length - 1 - i;
    }
    float[] target = new float[all.length * SHAPE.size()];
    examples.fill(all, 0, all.length, augmentation, target);
    return target;
  }

  @Test
  void fill_withAndWithoutAugmentation_isThatOfMemory() {
    Augmentation none = Augmentation.none(SHAPE);
    Augmentation some = Augmentation.of(new AugmentationConfig(true, 2), SHAPE, 4, 1);

    assertThat(fill(mapped, none)).isEqualTo(fill(inMemory, none));
    assertThat(fill(mapped, some)).isEqualTo(fill(inMemory, some));
    assertThat(fill(mapped, some)).isNotEqualTo(fill(mapped, none));
  }

  @Test
  void select_twice_picksRowsOfTheFile() {
    int[] first = {6, 2, 4, 0};
    int[] second = {3, 1};
    Examples expected = inMemory.select(first).select(second);

    Examples selected = mapped.select(first).select(second);

    assertThat(selected.labels()).isEqualTo(expected.labels()).containsExactly(0, 2);
    assertThat(fill(selected, Augmentation.none(SHAPE)))
        .isEqualTo(fill(expected, Augmentation.none(SHAPE)));
  }

  @Test
  void rearrangedAndJoined_areThoseOfMemory() {
    int[] sources = SHAPE.sourcesFromChannelsLast();
    Augmentation none = Augmentation.none(SHAPE);

    assertThat(fill(mapped.rearranged(sources), none))
        .isEqualTo(fill(inMemory.rearranged(sources), none));
    assertThat(fill(Examples.joined(List.of(mapped, inMemory)), none))
        .isEqualTo(fill(Examples.joined(List.of(inMemory, inMemory)), none));
  }

  @Test
  void deletedFile_staysReadable() throws IOException {
    Files.delete(file);

    assertThat(mapped.raw(6, 29)).isEqualTo(inMemory.raw(6, 29));
  }

  @Test
  void shortFile_isRefused() {
    assertThatThrownBy(() -> map(OFFSET + 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bytes=217, expected=218");
  }
}
