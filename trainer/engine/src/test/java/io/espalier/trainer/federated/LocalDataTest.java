package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.ImageConfig;
import io.espalier.configs.ImageConfig.Colour;
import io.espalier.configs.ImageConfig.Fit;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.ImageBytes;
import io.espalier.trainer.data.ImageEncoding;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.network.ImageShape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDataTest {
  private static final Optional<Path> NO_FILE = Optional.empty();
  private static final Optional<String> NO_COLUMN = Optional.empty();
  private static final DataContract TABLE =
      new DataContract(
          new DataConfig.Csv(Path.of("server.csv"), "kind", new DataConfig.TestSet.Share(.2)),
          new ImageShape(1, 1, 2),
          List.of("height", "width"),
          List.of("cat", "dog", "owl"),
          new Normalization(List.of(10.0, 20.0), List.of(2.0, 4.0)));
  private static final DataContract IMAGES =
      new DataContract(
          new DataConfig.Idx(
              Optional.of(Path.of("server")),
              Optional.empty(),
              Map.of(),
              List.of(),
              DataConfig.ChannelOrder.FIRST,
              .2),
          new ImageShape(1, 2, 2),
          List.of(),
          List.of("3", "7"),
          new Normalization(List.of(1.0), List.of(1.0)));

  @TempDir private Path directory;

  @Test
  void table_ofOneClass_hasTheServersClassesColumnsAndNormalisation() throws IOException {
    Path file = write("own.csv", "width,note,height,kind\n24,x,12,owl\n20,y,8,owl\n");

    Dataset dataset = load(LocalSource.of(file.toString(), Optional.of("kind"), NO_FILE), TABLE);

    assertThat(dataset.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(dataset.normalization()).isEqualTo(TABLE.normalization());
    assertThat(inputs(dataset)).containsExactly(1, 1, -1, 0);
    assertThat(labels(dataset.train())).containsExactly(2, 2);
    assertThat(dataset.test().count()).isOne();
  }

  @Test
  void table_classThatTheServerDoesNotKnow_isRefusedWithItsLine() throws IOException {
    Path file = write("own.csv", "height,width,kind\n1,2,cat\n1,2,bat\n");

    assertThatThrownBy(
            () -> load(LocalSource.of(file.toString(), Optional.of("kind"), NO_FILE), TABLE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            file
                + ":3: --data: a label must be a class of the network: column='kind', value='bat',"
                + " classes=[cat, dog, owl]");
  }

  @Test
  void classFolders_ofAFewClasses_areTrainedOnWithoutTheirTestSet() throws IOException {
    ImageEncoding encoding = new ImageEncoding(2, 2, Fit.STRETCH, Colour.GREY);
    DataContract server =
        new DataContract(
            new DataConfig.Images(
                Path.of("server"), .2, new ImageConfig(List.of(2), Fit.STRETCH, Colour.GREY)),
            encoding.shape(),
            List.of(),
            Optional.of(encoding),
            List.of("cat", "dog", "owl"),
            new Normalization(List.of(10.0), List.of(2.0)));
    int[][] levels = {{16, 16}, {16, 16}};
    for (String name : List.of("train/owl/a.png", "train/dog/b.bmp", "test/owl/c.png")) {
      String format = name.substring(name.length() - 3);
      ImageBytes.write(directory.resolve(name), ImageBytes.grey(levels), format);
    }

    Dataset dataset = load(LocalSource.of(directory.toString(), NO_COLUMN, NO_FILE), server);

    assertThat(labels(dataset.train())).containsExactly(1, 2);
    assertThat(inputs(dataset)).containsOnly(3);
  }

  @Test
  void table_withoutAColumn_isRefused() throws IOException {
    Path file = write("own.csv", "height,kind\n1,cat\n");

    assertThatThrownBy(
            () -> load(LocalSource.of(file.toString(), Optional.of("kind"), NO_FILE), TABLE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("missing=[width], columns=[height, kind]");
  }

  @Test
  void table_withoutRows_isRefused() throws IOException {
    Path file = write("own.csv", "height,width,kind\n");

    assertThatThrownBy(
            () -> load(LocalSource.of(file.toString(), Optional.of("kind"), NO_FILE), TABLE))
        .hasMessageContaining("must hold an example or more: examples=0");
  }

  @Test
  void table_whereTheServerHasImages_isRefused() throws IOException {
    Path file = write("own.csv", "height,width,kind\n1,2,cat\n");

    assertThatThrownBy(
            () -> load(LocalSource.of(file.toString(), Optional.of("kind"), NO_FILE), IMAGES))
        .hasMessageContaining("must be an IDX file: the network was trained on images of 1×2×2");
  }

  @Test
  void images_ofOneClass_areMappedByTheNamesOfTheClasses() throws IOException {
    Path images = images("images", 3, 2, 2);
    Path labels = labels("labels", 7, 7, 7);

    Dataset dataset =
        load(LocalSource.of(images.toString(), NO_COLUMN, Optional.of(labels)), IMAGES);

    assertThat(labels(dataset.train())).containsExactly(1, 1, 1);
    assertThat(inputs(dataset)).startsWith(-1, 0, 1, 2).hasSize(12);
  }

  @Test
  void images_ofAnotherSize_areRefused() {
    Path images = images("images", 3, 2, 3);
    Path labels = labels("labels", 7, 7, 7);

    assertThatThrownBy(
            () -> load(LocalSource.of(images.toString(), NO_COLUMN, Optional.of(labels)), IMAGES))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "--data: must hold the network's inputs: entries=[2, 3], expected=[1, 2, 2]");
  }

  @Test
  void images_labelOfNoClass_isRefused() {
    Path images = images("images", 2, 2, 2);
    Path labels = labels("labels", 3, 5);

    assertThatThrownBy(
            () -> load(LocalSource.of(images.toString(), NO_COLUMN, Optional.of(labels)), IMAGES))
        .hasMessageContaining("a label must be one of the network's 2 classes: row=2, label=5");
  }

  @Test
  void folder_withATestSet_givesItsTrainingImages() throws IOException {
    images("train-images-idx3-ubyte", 3, 2, 2);
    labels("train-labels-idx1-ubyte", 3, 7, 3);
    images("t10k-images-idx3-ubyte", 1, 2, 2);
    labels("t10k-labels-idx1-ubyte", 7);

    Dataset dataset = load(LocalSource.of(directory.toString(), NO_COLUMN, NO_FILE), IMAGES);

    assertThat(labels(dataset.train())).containsExactly(0, 1, 0);
  }

  @Test
  void source_thatDoesNotSayWhereLabelsAre_isRefused() throws IOException {
    Path file = write("own.csv", "height,width,kind\n");

    assertThatThrownBy(() -> LocalSource.of(file.toString(), NO_COLUMN, NO_FILE))
        .hasMessage(
            "--data: must come with --label COLUMN if it is a CSV file, with --labels FILE if it is"
                + " an IDX file: data="
                + file);
    assertThatThrownBy(() -> LocalSource.of("mnist", NO_COLUMN, NO_FILE))
        .hasMessage(
            "--data: must be a file, a directory of IDX files or class folders, or a shipped data set:"
                + " fashion-mnist, digits: data=mnist");
    assertThatThrownBy(() -> LocalSource.of("x", Optional.of("kind"), Optional.of(file)))
        .hasMessageContaining("either --label, for a CSV file, or --labels, for an IDX file");
  }

  @Test
  void source_ofTheOtherFormat_isRefused() throws IOException {
    Path table = write("own.csv", "height,width,kind\n1,2,cat\n");
    Path images = images("images", 1, 2, 2);

    assertThatThrownBy(
            () -> load(LocalSource.of(images.toString(), Optional.of("kind"), NO_FILE), TABLE))
        .hasMessageContaining("must be a CSV file to have a column --label kind");
    assertThatThrownBy(
            () -> load(LocalSource.of(table.toString(), NO_COLUMN, Optional.of(images)), IMAGES))
        .hasMessageContaining("must be an IDX file to have --labels");
  }

  @Test
  void shipped_underTheSameData_areItsTrainingExamples() throws IOException {
    RunConfig config = recipe();
    Dataset server = Datasets.load(config.data(), config.seed(), home());

    Dataset dataset =
        load(
            LocalSource.of("digits", NO_COLUMN, NO_FILE),
            DataContract.of(server, config.data().source()));

    assertThat(dataset.train().count()).isEqualTo(server.train().count());
    assertThat(inputs(dataset)).isEqualTo(inputs(server));
    assertThat(labels(dataset.train())).isEqualTo(labels(server.train()));
  }

  @Test
  void shipped_notOnTheDevice_areNotFetchedFromWhereTheServerSays() {
    URI mirror = URI.create("http://127.0.0.1:1/");
    DataContract contract =
        new DataContract(
            new DataConfig.FashionMnist(
                Optional.empty(), Optional.of(new MirrorConfig(mirror, true))),
            new ImageShape(1, 28, 28),
            List.of(),
            List.of("0", "1"),
            new Normalization(List.of(1.0), List.of(1.0)));

    LocalData data =
        new LocalData(
            LocalSource.of("fashion-mnist", NO_COLUMN, NO_FILE),
            Optional.empty(),
            new DataHome(directory, directory));

    assertThatThrownBy(() -> data.load(contract, recipe()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("looked in " + directory);
  }

  @Test
  void shipped_withOtherInputs_areRefused() {
    assertThatThrownBy(() -> load(LocalSource.of("digits", NO_COLUMN, NO_FILE), IMAGES))
        .hasMessage("--data: must hold the network's inputs, 1×2×2: inputs=1×8×8: data=digits");
  }

  @Test
  void parts_ofAllClients_shareNoExampleWithEachOtherOrTheServer() throws IOException {
    RunConfig config = recipe();
    PreparedFederation server = PreparedFederation.of(config, home());
    Dataset whole = server.run().dataset();
    List<int[]> parts = new ArrayList<>();
    List<int[]> skewed = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      parts.add(part(k + "/3", OptionalDouble.empty()).of(config, whole));
      skewed.add(part(k + "/3", OptionalDouble.of(.5)).of(config, whole));
    }

    int[] first = Arrays.copyOf(server.clientExamples(), 100);
    assertThat(parts).extracting(each -> each.length).containsExactly(34, 33, 33);
    assertThat(joined(parts)).containsExactlyInAnyOrder(first);
    assertThat(joined(skewed)).containsExactlyInAnyOrder(first);
    assertThat(joined(skewed)).doesNotContain(server.serverShard());
  }

  @Test
  void load_aPart_givesOnlyItsExamples() throws IOException {
    RunConfig config = recipe();
    Dataset server = Datasets.load(config.data(), config.seed(), home());

    Dataset own =
        new LocalData(
                LocalSource.of("digits", NO_COLUMN, NO_FILE),
                Optional.of(part("2/3", OptionalDouble.empty())),
                home())
            .load(DataContract.of(server, config.data().source()), config);

    assertThat(own.train().count()).isEqualTo(33);
  }

  @Test
  void part_thatCannotBe_isRefused() {
    OptionalInt all = OptionalInt.empty();
    OptionalDouble alike = OptionalDouble.empty();
    OptionalLong seed = OptionalLong.empty();

    assertThat(LocalPart.of(Optional.empty(), alike, all, seed)).isEmpty();
    assertThatThrownBy(() -> LocalPart.of(Optional.of("5/4"), alike, all, seed))
        .hasMessage("--part: must be K/N with K from 1 to N: part=5/4");
    assertThatThrownBy(() -> LocalPart.of(Optional.of("1"), alike, all, seed))
        .hasMessage("--part: must be K/N, such as 1/4: part=1");
    assertThatThrownBy(() -> LocalPart.of(Optional.empty(), OptionalDouble.of(.5), all, seed))
        .hasMessage("--dirichlet: must come with --part K/N: dirichlet=0.5");
    assertThatThrownBy(() -> LocalPart.of(Optional.of("1/2"), OptionalDouble.of(0), all, seed))
        .hasMessage("--dirichlet: must be from 1e-9 to 1e9: dirichlet=0.0");
    LocalPart tooMany = new LocalPart(1, 60, alike, OptionalInt.of(100), seed);
    assertThatThrownBy(
            () -> tooMany.of(recipe(), PreparedFederation.of(recipe(), home()).run().dataset()))
        .hasMessage("--part: must leave each 2 examples or more: parts=60, examples=100");
  }

  private static LocalPart part(String part, OptionalDouble alpha) {
    return LocalPart.of(Optional.of(part), alpha, OptionalInt.of(100), OptionalLong.empty())
        .orElseThrow();
  }

  private static int[] joined(List<int[]> parts) {
    return parts.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private Dataset load(LocalSource source, DataContract contract) throws IOException {
    return new LocalData(source, Optional.empty(), home()).load(contract, recipe());
  }

  private DataHome home() {
    return DataHome.of(directory);
  }

  private static RunConfig recipe() {
    return new RecipeLoader()
        .parse(
            "test.conf",
            """
            data { kind = digits, batch-size = 20 }
            model { kind = mlp, hidden = [8] }
            federation { kind = fedavg, rounds = 3, cohort = 2, server-examples = 40 }
            prune { sparsity = 50% }
            """,
            List.of())
        .config();
  }

  private static float[] inputs(Dataset dataset) {
    int count = dataset.train().count();
    float[] target = new float[count * dataset.input().size()];
    dataset.train().fill(IntStream.range(0, count).toArray(), 0, count, target, new int[count]);
    return target;
  }

  private static int[] labels(Examples examples) {
    return IntStream.range(0, examples.count()).map(examples::label).toArray();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private Path images(String name, int count, int height, int width) {
    byte[] pixels = new byte[count * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    Path file = directory.resolve(name);
    IdxBytes.write(file, IdxBytes.of(0x803, new int[] {count, height, width}, pixels));
    return file;
  }

  private Path labels(String name, int... numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    Path file = directory.resolve(name);
    IdxBytes.write(file, IdxBytes.of(0x801, new int[] {bytes.length}, bytes));
    return file;
  }
}
