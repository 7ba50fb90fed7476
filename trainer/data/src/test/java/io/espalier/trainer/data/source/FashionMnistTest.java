package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.download.ScriptedServer;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.Normalization;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FashionMnistTest {
  @TempDir Path directory;

  private static byte[] images(int count, int side) {
    byte[] pixels = new byte[count * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 2 == 0 ? 0 : 200);
    }
    return IdxBytes.of(0x803, new int[] {count, side, side}, pixels);
  }

  private static byte[] labels(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return IdxBytes.of(0x801, new int[] {labels.length}, bytes);
  }

  private static void write(Path folder, byte[] trainImages, byte[] trainLabels) {
    IdxBytes.write(folder.resolve("train-images-idx3-ubyte"), trainImages);
    IdxBytes.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxBytes.gzip(trainLabels));
    IdxBytes.write(folder.resolve("t10k-images-idx3-ubyte.gz"), IdxBytes.gzip(images(1, 28)));
    IdxBytes.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(9));
  }

  private Dataset load(Optional<Path> path) {
    DataHome home = new DataHome(directory.resolve("home"), directory.resolve("shared"));
    return Datasets.load(new DataConfig(new DataConfig.FashionMnist(path), 8, 0), 1, home);
  }

  @Test
  void load_explicitDirectory_readsPlainAndPackedFiles() {
    write(directory.resolve("mine"), images(3, 28), labels(0, 4, 9));

    Dataset data = load(Optional.of(directory.resolve("mine")));

    assertThat(data.name()).isEqualTo("fashion-mnist");
    assertThat(data.train().count()).isEqualTo(3);
    assertThat(data.train().label(1)).isEqualTo(4);
    assertThat(data.test().label(0)).isEqualTo(9);
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.classNames()).contains("Ankle boot");
    assertThat(data.columns()).isEmpty();
    assertThat(data.input()).hasToString("1×28×28");
    assertThat(data.digest()).matches("[0-9a-f]{64}");
  }

  @Test
  void load_images_areNormalisedPerChannelInRawUnits() {
    write(directory.resolve("mine"), images(2, 28), labels(0, 1));

    Dataset data = load(Optional.of(directory.resolve("mine")));
    float[] values = new float[784];
    data.train().fill(new int[] {0}, 0, 1, values, new int[1]);

    assertThat(data.normalization()).isEqualTo(new Normalization(List.of(100.0), List.of(100.0)));
    assertThat(Arrays.copyOf(values, 2)).containsExactly(new float[] {-1, 1}, within(1e-6f));
  }

  @Test
  void load_noPath_looksInTheHomeThenInTheSharedDirectory() {
    write(directory.resolve("shared/fashion-mnist"), images(1, 28), labels(1));
    assertThat(load(Optional.empty()).train().label(0)).isEqualTo(1);

    write(directory.resolve("home/data/fashion-mnist"), images(1, 28), labels(2));
    assertThat(load(Optional.empty()).train().label(0)).isEqualTo(2);
  }

  @Test
  void load_nothingFound_namesDirectoriesAndTheWayOut() {
    assertThatThrownBy(() -> load(Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.path")
        .hasMessageContaining(directory.resolve("home/data/fashion-mnist").toString())
        .hasMessageContaining(directory.resolve("shared/fashion-mnist").toString())
        .hasMessageContaining("apt-get install dataset-fashion-mnist")
        .hasMessageContaining("data.url");
  }

  @Test
  void load_countsDiffer_namesBoth() {
    write(directory, images(3, 28), labels(0, 1));

    assertThatThrownBy(() -> load(Optional.of(directory)))
        .hasMessageContaining("train-labels-idx1-ubyte.gz")
        .hasMessageContaining("labels=2, images=3");
  }

  @Test
  void load_otherImageSize_isRefused() {
    write(directory, images(1, 27), labels(0));

    assertThatThrownBy(() -> load(Optional.of(directory)))
        .hasMessageContaining("must hold images of 1×28×28: dimensions=[1, 27, 27]");
  }

  @Test
  void load_labelBeyondNine_isRefused() {
    write(directory, images(2, 28), labels(3, 10));

    assertThatThrownBy(() -> load(Optional.of(directory)))
        .hasMessageContaining("a label must be from 0 to 9: index=1, label=10");
  }

  private Dataset loadFrom(URI url) {
    DataHome home = new DataHome(directory.resolve("home"), directory.resolve("shared"));
    DataConfig.FashionMnist source =
        new DataConfig.FashionMnist(Optional.empty(), Optional.of(new MirrorConfig(url, false)));
    return Datasets.load(new DataConfig(source, 8, 0), 1, home);
  }

  @Test
  void load_installedByTheSystem_fetchesNothing() {
    write(directory.resolve("shared/fashion-mnist"), images(1, 28), labels(1));

    try (ScriptedServer server = new ScriptedServer()) {
      assertThat(loadFrom(server.url()).train().label(0)).isEqualTo(1);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void load_pathWithoutFiles_isRefusedThoughThereIsAMirror() {
    try (ScriptedServer server = new ScriptedServer()) {
      DataConfig.FashionMnist source =
          new DataConfig.FashionMnist(
              Optional.of(directory.resolve("empty")),
              Optional.of(new MirrorConfig(server.url(), false)));

      assertThatThrownBy(
              () ->
                  Datasets.load(
                      new DataConfig(source, 8, 0), 1, new DataHome(directory, directory)))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("looked in " + directory.resolve("empty") + ";");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void load_mirrorHasOtherFiles_refusesThemByTheKnownDigests() {
    try (ScriptedServer server = new ScriptedServer()) {
      server.on("/data/t10k-images-idx3-ubyte.gz", ScriptedServer.file(images(1, 28)));

      assertThatThrownBy(() -> loadFrom(server.url()))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining(
              "t10k-images-idx3-ubyte.gz: data.url: must have the expected digest")
          .hasMessageContaining(
              "expected=5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b");
    }
  }

  @Test
  void dataHome_ofHome_sharesTheSystemsDataSets() {
    assertThat(DataHome.of(directory).shared()).isEqualTo(Path.of("/usr/share/datasets"));
  }
}
