package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.file.LockFile;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.ImageBytes;
import io.espalier.trainer.data.source.DataHome.DataListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageDataTest {
  private static final String SIZE = "size = 4, colour = grey";

  @TempDir private Path directory;
  private Path folder;
  private final List<String> notices = new ArrayList<>();
  private int decodings;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(directory.resolve("photos"));
  }

  /** A file of one level, as PNG. */
  private Path plain(String name, int level) {
    int[][] samples = new int[5][6];
    Arrays.stream(samples).forEach(row -> Arrays.fill(row, level));
    return ImageBytes.write(folder.resolve(name), ImageBytes.grey(samples), "png");
  }

  private Path text(String name) {
    return ImageBytes.write(folder.resolve(name), new byte[] {'h', 'i'});
  }

  private DataConfig config(String keys) {
    String data = "data { kind = images, path = \"%s\", %s }, model = lenet-5";
    return new RecipeLoader()
        .parse("t.conf", data.formatted(folder, keys), List.of())
        .config()
        .data();
  }

  private DataHome home() {
    return new DataHome(directory.resolve("home"), directory)
        .reportingTo(
            new DataListener() {
              @Override
              public void noticed(String notice) {
                notices.add(notice);
              }

              @Override
              public void decoded(Path from, int images, int total) {
                decodings++;
              }
            });
  }

  private Dataset load(String keys) {
    return Datasets.load(config(keys), 1, home());
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String keys) {
    return assertThatThrownBy(() -> load(keys)).isInstanceOf(InvalidConfigException.class);
  }

  private static List<Float> firstLevels(Examples examples) {
    List<Float> levels = new ArrayList<>();
    for (int i = 0; i < examples.count(); i++) {
      levels.add(examples.raw(i, 0));
    }
    return levels;
  }

  private void divided() {
    plain("train/dog/1.png", 10);
    plain("train/dog/2.png", 20);
    plain("train/cat/1.png", 30);
    plain("train/owl/1.png", 35);
    plain("test/cat/1.png", 40);
    plain("test/dog/1.png", 50);
  }

  @Test
  void load_trainAndTest_areTheSetsInTheOrderOfNames() {
    divided();

    Dataset data = load(SIZE);

    assertThat(data.name()).isEqualTo("images");
    assertThat(data.input()).hasToString("1×4×4");
    assertThat(data.columns()).isEmpty();
    assertThat(data.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(firstLevels(data.train())).containsExactly(30f, 10f, 20f, 35f);
    assertThat(data.train().labels()).containsExactly(0, 1, 1, 2);
    assertThat(firstLevels(data.test())).containsExactly(40f, 50f);
    assertThat(data.test().labels()).containsExactly(0, 1);
    assertThat(data.normalization().mean()).containsExactly(95 / 4.0);
    assertThat(notices)
        .containsExactly(
            "no test example of 1 of 3 classes: 'owl' (training=1); the accuracy says nothing about such a class");
  }

  @Test
  void load_classFolders_areSplitBySeedAndClass() {
    for (int i = 0; i < 8; i++) {
      plain("a/%d.png".formatted(i), i);
      plain("b/%d.png".formatted(i), 100 + i);
    }

    Dataset data = load(SIZE + ", test = 25%");

    assertThat(data.test().labels()).containsExactlyInAnyOrder(0, 0, 1, 1);
    assertThat(data.train().count()).isEqualTo(12);
    List<Float> all = new ArrayList<>(firstLevels(data.train()));
    all.addAll(firstLevels(data.test()));
    assertThat(all).doesNotHaveDuplicates().hasSize(16);
    Dataset other = Datasets.load(config(SIZE + ", test = 25%"), 2, home());
    assertThat(firstLevels(other.test())).isNotEqualTo(firstLevels(data.test()));
  }

  @Test
  void load_whateverTheOrderOfCreation_isTheSame() throws IOException {
    List<Integer> numbers = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    List<Dataset> loaded = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(numbers, new Random(seed));
      for (int number : numbers) {
        plain("class %d/%d.png".formatted(number % 2, number), 20 * number);
      }
      loaded.add(load(SIZE));
      for (int number : numbers) {
        Files.delete(folder.resolve("class %d/%d.png".formatted(number % 2, number)));
      }
    }

    assertThat(loaded).extracting(Dataset::digest).containsOnly(loaded.get(0).digest());
    assertThat(loaded)
        .extracting(data -> firstLevels(data.train()))
        .containsOnly(firstLevels(loaded.get(0).train()));
  }

  @Test
  void load_againUnchanged_decodesNothing() {
    divided();
    Dataset first = load(SIZE);
    int before = decodings;

    Dataset again = load(SIZE);

    assertThat(before).isPositive();
    assertThat(decodings).isEqualTo(before);
    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(firstLevels(again.train())).isEqualTo(firstLevels(first.train()));
  }

  @Test
  void load_afterAnyChange_decodesAgainAndOldExamplesStay() throws IOException {
    divided();
    Dataset first = load(SIZE);
    List<Float> levels = firstLevels(first.train());

    plain("train/cat/1.png", 99);
    Files.setLastModifiedTime(
        folder.resolve("train/cat/1.png"), FileTime.fromMillis(1_000_000_000_000L));
    Dataset changed = load(SIZE);
    plain("train/cat/0.png", 98);
    Dataset added = load(SIZE);

    assertThat(firstLevels(changed.train())).containsExactly(99f, 10f, 20f, 35f);
    assertThat(firstLevels(added.train())).containsExactly(98f, 99f, 10f, 20f, 35f);
    assertThat(Stream.of(first, changed, added).map(Dataset::digest)).doesNotHaveDuplicates();
    assertThat(firstLevels(first.train())).isEqualTo(levels);
    assertThat(load("size = [4, 5], colour = rgb").input()).hasToString("3×4×5");
  }

  @Test
  void load_damagedCache_isMadeAgain() throws IOException {
    divided();
    Dataset first = load(SIZE);
    try (Stream<Path> files = Files.list(directory.resolve("home/data/images"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".levels")).toList()) {
        byte[] content = Files.readAllBytes(file);
        content[70] ^= 1;
        Files.write(file, content);
      }
    }

    Dataset again = load(SIZE);

    assertThat(decodings).isEqualTo(2);
    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(again.train().raw(0, 6)).isEqualTo(30f);
  }

  @Test
  void load_whileAnotherRunDecodes_waitsForIt() throws Exception {
    divided();
    load(SIZE);
    Path lock;
    try (Stream<Path> files = Files.list(directory.resolve("home/data/images"))) {
      lock = files.filter(path -> path.toString().endsWith(".lock")).findFirst().orElseThrow();
    }
    plain("train/cat/1.png", 77);
    plain("train/cat/9.png", 78);
    CountDownLatch waits = new CountDownLatch(1);
    DataHome home =
        home()
            .reportingTo(
                new DataListener() {
                  @Override
                  public void noticed(String notice) {
                    if (notice.contains("another run decodes these images")) {
                      waits.countDown();
                    }
                  }
                });
    LockFile other = LockFile.take(lock).orElseThrow();
    FutureTask<Dataset> loading = new FutureTask<>(() -> Datasets.load(config(SIZE), 1, home));
    Thread thread = new Thread(loading);

    thread.start();
    waits.await();
    assertThat(loading).isNotDone();
    other.close();

    assertThat(firstLevels(loading.get().train())).contains(77f, 78f);
  }

  @Test
  void load_byTwoRunsAtOnce_isTheSameForBoth() throws ExecutionException, InterruptedException {
    divided();
    List<FutureTask<Dataset>> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<Dataset> run =
          new FutureTask<>(
              () ->
                  Datasets.load(
                      config(SIZE), 1, new DataHome(directory.resolve("home"), directory)));
      runs.add(run);
      new Thread(run).start();
    }

    assertThat(runs.get(0).get().digest()).isEqualTo(runs.get(1).get().digest());
  }

  @Test
  void load_brokenFiles_areAllNamedWithTheirReasons() throws IOException {
    divided();
    Path empty = ImageBytes.write(folder.resolve("train/cat/empty.png"), new byte[0]);
    byte[] whole = Files.readAllBytes(folder.resolve("train/cat/1.png"));
    Path half =
        ImageBytes.write(
            folder.resolve("test/dog/half.PNG"), Arrays.copyOf(whole, whole.length / 2));

    assertRefused(SIZE)
        .hasMessageContainingAll(
            empty + ": data.path: must be a PNG, JPEG or BMP file by its content: bytes=0",
            half + ": data.path: must be",
            "broken=2, shown=2; mend or remove these files");
    assertThat(directory.resolve("home/data/images"))
        .isDirectoryNotContaining(path -> !path.toString().endsWith(".lock"));
  }

  @Test
  void load_otherFiles_areLeftOutWithANotice() {
    divided();
    plain("loose.png", 1);
    text("train/notes.txt");
    text("train/dog/Thumbs.db");
    text("train/dog/.DS_Store");
    text("train/dog/photo.webp");
    text(".hidden/x.png");

    assertThat(load(SIZE).train().count()).isEqualTo(4);
    assertThat(notices.get(0))
        .isEqualTo(
            folder
                + ": files=3 that are no PNG, JPEG or BMP files of a class folder are left out,"
                + " such as loose.png");
  }

  @Test
  void load_emptyClass_isRefusedByName() throws IOException {
    plain("a/1.png", 1);
    plain("b/1.png", 2);
    Files.createDirectories(folder.resolve("c"));

    assertRefused(SIZE)
        .hasMessageContaining("every class folder must hold a PNG, JPEG or BMP file: empty=1 ('c')")
        .hasMessageContaining("remove the folder");
  }

  @Test
  void load_classOnlyInTest_isRefusedByName() {
    divided();
    plain("test/bat/1.png", 3);

    assertRefused(SIZE).hasMessageContaining("only in test=1 ('bat'); move some of its images");
  }

  @Test
  void load_oneClass_isRefused() {
    plain("a/1.png", 1);

    assertRefused(SIZE)
        .hasMessageContaining("from 2 to 10000 class folders")
        .hasMessageContaining("classes=1 ('a')");
  }

  @Test
  void load_imagesWithoutClassFolders_areCounted() {
    plain("1.png", 1);

    assertRefused(SIZE).hasMessageContaining("classes=0, files beside them=1");
  }

  @Test
  void load_emptyTestFolder_isRefused() throws IOException {
    plain("train/a/1.png", 1);
    plain("train/b/1.png", 1);
    Files.createDirectories(folder.resolve("test"));

    assertRefused(SIZE).hasMessageContaining("test images=0");
  }

  @Test
  void load_foldersBesideTrainAndTest_areRefused() {
    divided();
    plain("val/dog/1.png", 1);

    assertRefused(SIZE)
        .hasMessageContaining("others=[val]")
        .hasMessageContaining("data.validation");
  }

  @Test
  void load_folderInAClassFolder_isRefused() {
    plain("a/deep/1.png", 1);
    plain("b/1.png", 1);

    assertRefused(SIZE).hasMessageContaining("folder in it=deep");
  }

  @Test
  void load_splitWithoutATestImage_isRefused() {
    plain("a/1.png", 1);
    plain("b/1.png", 1);

    assertRefused(SIZE + ", test = 20%").hasMessageContaining("data.test: must leave an example");
  }

  @Test
  void load_missingFolder_isRefused() throws IOException {
    Files.delete(folder);

    assertRefused(SIZE)
        .hasMessageContaining("must be a directory with one folder of images per class");
  }

  @Test
  void load_homeThatIsNoDirectory_isRefusedWithTheReason() {
    divided();
    ImageBytes.write(directory.resolve("home"), new byte[1]);

    assertRefused(SIZE).hasMessageContaining("storable in the Espalier home");
  }

  @Test
  void load_ofATrainedNetwork_hasItsEncodingAndClasses() throws IOException {
    divided();
    Dataset data = load(SIZE);
    DataContract contract = DataContract.of(data, config(SIZE).source());
    Files.delete(folder.resolve("train/owl/1.png"));
    Files.delete(folder.resolve("train/owl"));

    Dataset other = Datasets.load(config("size = 9, colour = rgb"), 1, home(), contract);

    assertThat(other.input()).hasToString("1×4×4");
    assertThat(other.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(other.normalization()).isEqualTo(data.normalization());
    plain("train/bat/1.png", 3);
    assertThatThrownBy(() -> Datasets.load(config(SIZE), 1, home(), contract))
        .hasMessageContaining("others=1 ('bat'), classes=3 ('cat', 'dog', 'owl')");
  }
}
