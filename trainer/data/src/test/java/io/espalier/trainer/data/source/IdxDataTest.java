package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.ChannelOrder;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.download.ScriptedServer;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IdxDataTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  @TempDir Path directory;

  private static byte[] images(int count, int height, int width) {
    byte[] pixels = new byte[count * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    return IdxBytes.of(0x803, new int[] {count, height, width}, pixels);
  }

  private static byte[] labels(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return IdxBytes.of(0x801, new int[] {labels.length}, bytes);
  }

  private void write(String name, byte[] content) {
    IdxBytes.write(directory.resolve(name), content);
  }

  private void writeAll() {
    write(TRAIN_IMAGES, images(3, 2, 4));
    write(TRAIN_LABELS, labels(5, 7, 5));
    write(TEST_IMAGES, images(2, 2, 4));
    write(TEST_LABELS, labels(7, 5));
  }

  private DataConfig.Idx source() {
    return source(List.of(), ChannelOrder.FIRST, Map.of());
  }

  private DataConfig.Idx source(
      List<String> classes, ChannelOrder channels, Map<String, String> sha256) {
    return new DataConfig.Idx(
        Optional.of(directory), Optional.empty(), sha256, classes, channels, 0.25);
  }

  private Dataset load(DataConfig.Idx source) {
    return Datasets.load(
        new DataConfig(source, 8, 0), 1, new DataHome(directory.resolve("home"), directory));
  }

  private AbstractThrowableAssert<?, ?> assertRefused(DataConfig.Idx source) {
    return assertThatThrownBy(() -> load(source)).isInstanceOf(InvalidConfigException.class);
  }

  private static float[] raw(Examples examples, int example, Normalization normalization) {
    float[] values = new float[examples.features()];
    examples.fill(new int[] {example}, 0, 1, values, new int[1]);
    int length = values.length / normalization.groups();
    for (int i = 0; i < values.length; i++) {
      int group = i / length;
      values[i] =
          Math.round(
              values[i] * normalization.standardDeviation().get(group)
                  + normalization.mean().get(group));
    }
    return values;
  }

  @Test
  void load_fourFiles_labelsThatOccurAreTheClasses() {
    writeAll();

    Dataset data = load(source());

    assertThat(data.name()).isEqualTo("idx");
    assertThat(data.input()).hasToString("1×2×4");
    assertThat(data.classNames()).containsExactly("5", "7");
    assertThat(data.train().count()).isEqualTo(3);
    assertThat(data.train().label(1)).isEqualTo(1);
    assertThat(data.test().label(1)).isZero();
    assertThat(raw(data.train(), 1, data.normalization()))
        .containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
  }

  @ParameterizedTest
  @CsvSource({
    "train-images.idx3-ubyte, train-labels.idx1-ubyte, test-images.idx3-ubyte,"
        + " test-labels.idx1-ubyte",
    "emnist-letters-train-images-idx3-ubyte, emnist-letters-train-labels-idx1-ubyte,"
        + " emnist-letters-test-images-idx3-ubyte, emnist-letters-test-labels-idx1-ubyte",
    "train-images-idx3, train-labels-idx1-int, test-images-idx3-float, t10k-labels-idx1-ubyte",
  })
  void load_otherUsualNames_areFound(
      String trainImages, String trainLabels, String testImages, String testLabels) {
    write(trainImages, images(2, 3, 3));
    write(trainLabels + ".gz", IdxBytes.gzip(labels(0, 1)));
    write(testImages + ".gz", IdxBytes.gzip(images(1, 3, 3)));
    write(testLabels, labels(1));

    Dataset data = load(source());

    assertThat(data.train().count()).isEqualTo(2);
    assertThat(data.test().label(0)).isEqualTo(1);
  }

  @Test
  void load_noTestSet_drawsTheShareWithTheSeed() {
    write(TRAIN_IMAGES, images(8, 2, 2));
    write(TRAIN_LABELS, labels(0, 1, 0, 1, 0, 1, 0, 1));

    Dataset data = load(source());

    assertThat(data.test().count()).isEqualTo(2);
    assertThat(data.train().count()).isEqualTo(6);
    assertThat(data.test().label(0) + data.test().label(1)).isEqualTo(1);
  }

  @Test
  void load_classesGiven_areNumberedFromZero() {
    writeAll();
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    Dataset data = load(source(names, ChannelOrder.FIRST, Map.of()));

    assertThat(data.classNames()).isEqualTo(names);
    assertThat(data.train().label(1)).isEqualTo(7);
  }

  @Test
  void load_intLabelsAnyNumbers_becomeClassesInTheirOrder() {
    write(TRAIN_IMAGES, images(3, 2, 2));
    byte[] wide = ByteBuffer.allocate(12).putInt(70_000).putInt(-3).putInt(16_777_217).array();
    write(TRAIN_LABELS, IdxBytes.of(0xC01, new int[] {3}, wide));
    write(TEST_IMAGES, images(1, 2, 2));
    write(TEST_LABELS, IdxBytes.of(0x901, new int[] {1}, new byte[] {-3}));

    Dataset data = load(source());

    assertThat(data.classNames()).containsExactly("-3", "70000", "16777217");
    assertThat(data.train().label(0)).isEqualTo(1);
    assertThat(data.test().label(0)).isZero();
  }

  @Test
  void load_twoChannels_areNormalisedEach() {
    byte[] pixels = {0, 10, 20, 30, 100, 100, 100, 120};
    write("train-images-idx4-ubyte", IdxBytes.of(0x804, new int[] {2, 2, 1, 2}, pixels));
    write(TRAIN_LABELS, labels(0, 1));
    write("test-images-idx4-ubyte", IdxBytes.of(0x804, new int[] {1, 2, 1, 2}, new byte[4]));
    write("test-labels-idx1-ubyte", labels(0));

    Dataset data = load(source());

    assertThat(data.input()).hasToString("2×1×2");
    assertThat(data.normalization().mean()).containsExactly(52.5, 67.5);
    assertThat(raw(data.train(), 1, data.normalization())).containsExactly(100, 100, 100, 120);
  }

  @Test
  void load_channelsLast_areBroughtToTheFront() {
    byte[] pixels = {1, 2, 3, 11, 12, 13, 101, 102, 103, 111, 112, 113};
    write("train-images-idx4-ubyte", IdxBytes.of(0x804, new int[] {2, 1, 2, 3}, pixels));
    write(TRAIN_LABELS, labels(0, 1));
    write("test-images-idx4-ubyte", IdxBytes.of(0x804, new int[] {2, 1, 2, 3}, pixels));
    write("test-labels-idx1-ubyte", labels(0, 1));

    Dataset data = load(source(List.of(), ChannelOrder.LAST, Map.of()));

    assertThat(data.input()).hasToString("3×1×2");
    assertThat(raw(data.train(), 1, data.normalization()))
        .containsExactly(101, 111, 102, 112, 103, 113);
  }

  @Test
  void load_floatImages_keepTheirFractions() {
    byte[] pixels =
        ByteBuffer.allocate(16)
            .putFloat(-0.5f)
            .putFloat(1.5f)
            .putFloat(-0.5f)
            .putFloat(1.5f)
            .array();
    write("train-images-idx3-float", IdxBytes.of(0xD03, new int[] {2, 1, 2}, pixels));
    write(TRAIN_LABELS, labels(0, 1));
    write(TEST_IMAGES, images(1, 1, 2));
    write(TEST_LABELS, labels(0));

    Dataset data = load(source());

    assertThat(data.normalization()).isEqualTo(new Normalization(List.of(0.5), List.of(1.0)));
  }

  @Test
  void load_digestsGiven_areThoseOfTheUnpackedFiles() {
    writeAll();
    write(TEST_LABELS + ".gz", new byte[3]);
    String right = "a60b8e6ac40c2a1d7e5fae4b37e4fd33a4fd0da9b0d1bcf6b0a2c7d2f3d4a8ff";

    assertRefused(source(List.of(), ChannelOrder.FIRST, Map.of(TRAIN_LABELS, right)))
        .hasMessageContaining(TRAIN_LABELS)
        .hasMessageContaining("expected=" + right)
        .hasMessageContaining("sha256=");
    assertRefused(source(List.of(), ChannelOrder.FIRST, Map.of("train-labels.idx1-ubyte", right)))
        .hasMessageContaining("data.sha256")
        .hasMessageContaining("missing=[train-labels.idx1-ubyte]");
    assertRefused(source(List.of(), ChannelOrder.FIRST, Map.of("labels", right)))
        .hasMessageContaining("must name files as MNIST does")
        .hasMessageContaining("sha256=labels");
  }

  @Test
  void load_filesMissing_areNamed() {
    assertRefused(source())
        .hasMessageContaining("data.path")
        .hasMessageContaining(TRAIN_IMAGES + " and " + TRAIN_LABELS)
        .hasMessageContaining("found no IDX files");

    writeAll();
    directory.resolve(TEST_LABELS).toFile().delete();
    assertRefused(source()).hasMessageContaining("holds " + TEST_LABELS + ", each plain or as .gz");
  }

  @Test
  void load_twoFilesOfOneRole_areRefused() {
    writeAll();
    write("other-train-images-idx3-ubyte", images(3, 2, 4));

    assertRefused(source())
        .hasMessageContaining("other-train-images-idx3-ubyte and train-images-idx3-ubyte");
  }

  @Test
  void load_testImagesOfAnotherSize_areRefused() {
    writeAll();
    write(TEST_IMAGES, images(2, 4, 2));

    assertRefused(source())
        .hasMessageContaining(TEST_IMAGES)
        .hasMessageContaining("dimensions=[2, 4, 2], expected=[…, 2, 4]");
  }

  @Test
  void load_countsDiffer_areNamed() {
    writeAll();
    write(TEST_LABELS, labels(7, 5, 5));

    assertRefused(source()).hasMessageContaining("labels=3, images=2");
  }

  @Test
  void load_labelsOutOfRange_areRefused() {
    writeAll();
    assertRefused(source(List.of("a", "b"), ChannelOrder.FIRST, Map.of()))
        .hasMessageContaining(TRAIN_LABELS)
        .hasMessageContaining("a label must be from 0 to 1: index=0, label=5");

    write(TEST_LABELS, labels(7, 6));
    assertRefused(source())
        .hasMessageContaining(TEST_LABELS)
        .hasMessageContaining("a label must occur in " + TRAIN_LABELS + ": index=1, label=6");
  }

  @Test
  void load_oneClassOrNoExampleForTheTest_isRefused() {
    write(TRAIN_IMAGES, images(3, 2, 2));
    write(TRAIN_LABELS, labels(1, 1, 1));
    assertRefused(source()).hasMessageContaining("from 2 to 10000 classes: classes=1");

    write(TRAIN_LABELS, labels(1, 2, 3));
    assertRefused(source())
        .hasMessageContaining("data.test")
        .hasMessageContaining("test=0.25, images=3");
  }

  @Test
  void load_labelsOfFractions_areRefused() {
    writeAll();
    write(TRAIN_LABELS, IdxBytes.of(0xD01, new int[] {3}, new byte[12]));

    assertRefused(source()).hasMessageContaining("must hold whole numbers: type=FLOAT");
  }

  @Test
  void load_fromAMirror_fetchesWhatTheDigestsName() {
    byte[] images = images(4, 2, 2);
    byte[] labels = labels(0, 1, 0, 1);
    Map<String, String> sha256 =
        Map.of(TRAIN_IMAGES, sha256(images), "train-labels.idx1-ubyte", sha256(labels));
    try (ScriptedServer server = new ScriptedServer()) {
      server.on("/data/" + TRAIN_IMAGES + ".gz", ScriptedServer.file(IdxBytes.gzip(images)));
      server.on("/data/train-labels.idx1-ubyte", ScriptedServer.file(labels));
      DataConfig.Idx source =
          new DataConfig.Idx(
              Optional.empty(),
              Optional.of(new MirrorConfig(server.url(), false)),
              sha256,
              List.of(),
              ChannelOrder.FIRST,
              0.5);

      Dataset data = load(source);
      Dataset again = load(source);

      assertThat(data.train().count()).isEqualTo(2);
      assertThat(again.digest()).isEqualTo(data.digest());
      assertThat(server.requests()).hasSize(3);
      assertThat(directory.resolve("home/data"))
          .isDirectoryContaining("glob:**/idx-????????????????");
    }
  }

  private static String sha256(byte[] content) {
    MessageDigest digest = Sha256.begin();
    digest.update(content);
    return Sha256.hex(digest);
  }
}
