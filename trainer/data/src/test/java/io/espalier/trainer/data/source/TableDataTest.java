package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.file.HeapRoom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables with text and gaps. Expected inputs are worked by hand. */
final class TableDataTest {
  private static final Path ORCHARD = Path.of("src/test/resources/tables/orchard.csv");
  private static final String PETS =
      """
      weight,colour,kind
      2,red,cat
      ,red,dog
      5,blue,cat
      NA,?,dog
      8,green,cat
      """;

  @TempDir private Path directory;

  private final List<String> notices = new ArrayList<>();

  private Path write(String name, String text) {
    return IdxBytes.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private Dataset load(Path path, String keys) {
    return Datasets.load(config(path, keys).data(), 1, home());
  }

  private static RunConfig config(Path path, String keys) {
    return new RecipeLoader()
        .parse(
            "t.conf",
            "data { kind = csv, path = \"%s\", %s }, model = lenet-5".formatted(path, keys),
            List.of())
        .config();
  }

  private DataHome home() {
    return new DataHome(directory, directory)
        .reportingTo(
            new DataListener() {
              @Override
              public void noticed(String notice) {
                notices.add(notice);
              }
            });
  }

  private Dataset pets(String text, String keys) {
    Path path = write("pets.csv", text);
    return load(path, "label = kind, test-path = \"%s\", %s".formatted(path, keys));
  }

  private static List<List<Float>> raw(Examples examples) {
    return IntStream.range(0, examples.count())
        .mapToObj(
            row ->
                IntStream.range(0, examples.features())
                    .mapToObj(i -> examples.raw(row, i))
                    .toList())
        .toList();
  }

  @Test
  void load_textAndGaps_areCategoriesFillsAndIndicators() {
    Dataset data = pets(PETS, "");

    assertThat(data.columns())
        .containsExactly(
            "weight",
            "weight missing",
            "colour=blue",
            "colour=green",
            "colour=red",
            "colour missing");
    assertThat(raw(data.train()))
        .containsExactly(
            List.of(2f, 0f, 0f, 0f, 1f, 0f),
            List.of(5f, 1f, 0f, 0f, 1f, 0f),
            List.of(5f, 0f, 1f, 0f, 0f, 0f),
            List.of(5f, 1f, 0f, 0f, 1f, 1f),
            List.of(8f, 0f, 0f, 1f, 0f, 0f));
    assertThat(data.input()).hasToString("1×1×6");
  }

  @Test
  void load_textAndGaps_normalisesNumbersOnly() {
    Dataset data = pets(PETS, "");
    float[] first = new float[6];
    data.train().fill(new int[] {0}, 0, 1, first, new int[1]);

    assertThat(data.normalization().mean()).containsExactly(5.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    assertThat(data.normalization().standardDeviation())
        .containsExactly(Math.sqrt(18 / 5.0), 1.0, 1.0, 1.0, 1.0, 1.0);
    assertThat(first).containsExactly(-3 * (float) (1 / Math.sqrt(18 / 5.0)), 0, 0, 0, 1, 0);
  }

  @Test
  void load_share_learnsFromTrainingRowsOnly() {
    StringBuilder table = new StringBuilder("number,text,kind\n");
    for (int i = 0; i < 40; i++) {
      table.append("%d,t%d,%s\n".formatted(i, i, i % 2 == 0 ? "a" : "b"));
    }
    Dataset data = load(write("rows.csv", table.toString()), "label = kind, test = 25%");

    List<List<Float>> train = raw(data.train());
    assertThat(train).hasSize(30);
    assertThat(data.columns())
        .isEqualTo(
            Stream.concat(
                    Stream.of("number"),
                    train.stream().map(row -> "text=t" + (int) (float) row.get(0)).sorted())
                .toList());
    assertThat(data.normalization().mean().get(0))
        .isEqualTo(train.stream().mapToDouble(row -> row.get(0)).average().orElseThrow());
    assertThat(raw(data.test()))
        .allSatisfy(row -> assertThat(row.subList(1, row.size())).containsOnly(0f));
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("column 'text': cells=10 with a text that no training row has, as 't");
  }

  @Test
  void read_packedTableBeyondTheHeap_isRefusedBeforeMemoryIsTaken() {
    Path packed =
        IdxBytes.write(
            directory.resolve("zeros.csv.gz"),
            IdxBytes.gzip(
                ("a,b,kind\n" + "0,0,x\n0,0,y\n".repeat(200_000))
                    .getBytes(StandardCharsets.UTF_8)));
    DataConfig.Csv source = (DataConfig.Csv) config(packed, "label = kind").data().source();
    DataFile file = new DataFile(packed, "data.path");

    assertThatThrownBy(() -> CsvTable.read(file, source, HeapRoom.ofHeap(4 << 20)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must have cells that fit into half of the Java heap: rows=")
        .hasMessageContaining("half of the heap=2 MB; give more heap: ESPALIER_JAVA_OPTS=-Xmx…");
    assertThat(CsvTable.read(file, source, HeapRoom.ofHeap(64 << 20)).rowCount())
        .isEqualTo(400_000);
  }

  @Test
  void load_rowOrTextWithoutEnd_isRefused() {
    Path open =
        IdxBytes.write(
            directory.resolve("open.csv.gz"),
            IdxBytes.gzip(
                ("a,kind\n1,\"" + "x\n".repeat(3 << 20)).getBytes(StandardCharsets.UTF_8)));
    Path wide =
        IdxBytes.write(
            directory.resolve("wide.csv.gz"),
            IdxBytes.gzip(",".repeat(5 << 20).getBytes(StandardCharsets.UTF_8)));

    for (Path path : List.of(open, wide)) {
      assertThatThrownBy(() -> load(path, "label = kind"))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("a row must have at most 4194304 characters; close its quotes");
    }
  }

  @Test
  void load_numbersWithoutGaps_areTheNumbersOfTheFile() {
    Dataset data = pets("a,b,kind\n 1e-3 ,-2,x\n.5,+7,y\n", "");

    assertThat(data.columns()).containsExactly("a", "b");
    assertThat(raw(data.train())).containsExactly(List.of(1e-3f, -2f), List.of(.5f, 7f));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          columns = [weight]          § weight, weight missing
          columns = ["w*", kind]      § weight, weight missing
          ignore = ["c?lour"]         § weight, weight missing
          columns = ["*"], ignore = [weight] § colour=blue, colour=green, colour=red, colour missing
          missing = [red, NA, ""]     § weight, weight missing, colour=?, colour=blue, colour=green, colour missing
          text = [weight]             § weight=2, weight=5, weight=8, weight missing, colour=blue, colour=green, colour=red, colour missing
          """)
  void load_keysOfTheTable_chooseColumnsAndCells(String keys, String columns) {
    assertThat(String.join(", ", pets(PETS, keys).columns())).isEqualTo(columns);
  }

  @Test
  void load_fillOfEqualFrequencies_isTheFirstInOrder() {
    Dataset data = pets("t,kind\nb,x\na,x\n,y\n", "");

    assertThat(raw(data.train()).get(2)).containsExactly(1f, 0f, 1f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          a,b,kind\\n1,u,x\\n2,v,y\\nz,w,y   § '' § pets.csv: data.path: a column must hold numbers or text: column='a', numbers=2, others=1, the first is 'z' in line 4
          a,kind\\n"1,5",x\\n"2,5",y         § '' § numbers must have decimal points: column='a', value='1,5'
          a,b,kind\\n,1,x\\nNA,2,y           § '' § a column must have a value: column='a', all 2 cells are missing
          a,kind\\np,x\\nq,x\\nr,y            § categories = 2 § a column of text must have at most data.categories different texts: column='a', texts=3, categories=2, as 'p', 'q', 'r'
          a,kind\\np,x\\nq,NA                § '' § pets.csv:3: data.path: a label must not be missing: column='kind', value='NA'
          a,kind\\np,x\\nq,y                 § 'ignore = [b]' § data.ignore: each name or glob must match a column: name='b'; nearest name is 'a'
          a,kind\\np,x\\nq,y                 § 'columns = ["x*"]' § data.columns: each name or glob must match a column: name='x*'
          a,kind\\np,x\\nq,y                 § 'ignore = [a]' § must have a column beside the label that data.columns and data.ignore leave
          ,a,kind\\n0,1,x\\n1,2,y            § '' § pets.csv:1: data.path: must name each column: index=0 has no name
          a;kind\\n1;x\\n2;3;y               § '' § pets.csv:3: data.path: every row must have the header's 2 cells: cells=3, separator=';'
          a;kind\\n1;x                       § 'separator = ","' § must have a label and 1 to 999999 other columns: columns=1, separator=','
          """)
  void load_badTables_sayWhatAndWhere(String text, String keys, String message) {
    assertThatThrownBy(() -> pets(text.replace("\\n", "\n"), keys))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void load_severalBadColumns_areNamedAtOnce() {
    assertThatThrownBy(() -> pets("a,b,kind\np,1,x\nq,z,y\n", "categories = 1"))
        .hasMessageContaining("column='b', numbers=1, others=1");
    assertThatThrownBy(() -> pets("a,b,kind\np,s,x\nq,t,y\n", "categories = 1"))
        .hasMessageContaining("column='a', texts=2")
        .hasMessageContaining("column='b', texts=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          5,3,0\\n4,2,1\\n           § 2
          5.1,3.5,x\\n4.9,3,y\\n     § 2
          39,State,x\\n50,Self,y\\n38,State,x\\n § 2
          red,State,x\\nblue,State,y\\nred,Self,x\\n § 2
          """)
  void load_headerThatIsARowOfValues_isNoticedWithTheWayOut(String text, String label) {
    Path path = write("rows.csv", text.replace("\\n", "\n"));

    assertThatThrownBy(() -> load(path, "label = " + label))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("rows.csv:1: data.path: the first row must name the columns")
        .hasMessageContaining("data.header = no");
  }

  @Test
  void load_classNamedLikeItsColumn_isNoMissingHeader() {
    Path path = write("spam.csv", "words,spam\n1,spam\n2,ham\n3,ham\n4,spam\n");
    assertThat(load(path, "label = spam, test = 50%").columns()).containsExactly("words");
  }

  @Test
  void load_noHeader_namesColumnsByTheirIndex() throws IOException {
    Path path = write("rows.csv", "5.1,x,red\n4.9,y,blue\n3,x,red\n2,y,red\n");
    String keys = "label = 1, header = no, test-path = \"%s\"".formatted(path);
    Dataset data = load(path, keys);

    assertThat(data.columns()).containsExactly("column0", "column2=blue", "column2=red");
    assertThat(data.train().count()).isEqualTo(4);
    assertThat(contract(data, path, keys).table().cells()).contains(3);
    assertThat(rows(write("new.csv", "3,blue\n"), contract(data, path, keys)))
        .containsExactly(List.of(3f, 1f, 0f));
    assertThat(rows(write("new.csv", "3,?,blue\n"), contract(data, path, keys)))
        .containsExactly(List.of(3f, 1f, 0f));
    assertThatThrownBy(() -> rows(write("new.csv", "3\n"), contract(data, path, keys)))
        .hasMessageContaining("missing=[column2]");
  }

  private static DataContract contract(Dataset data, Path path, String keys) {
    return DataContract.of(data, config(path, keys).data().source());
  }

  private List<List<Float>> rows(Path file, DataContract contract) throws IOException {
    List<List<Float>> all = new ArrayList<>();
    try (InputFile.Rows rows = new InputFile(file, "INPUT", Optional.empty()).open(contract)) {
      for (Optional<Examples> next = rows.next(2); next.isPresent(); next = rows.next(2)) {
        all.addAll(raw(next.get()));
      }
      notices.addAll(rows.notices());
    }
    return all;
  }

  @Test
  void rows_ofAnotherFile_areEncodedByTheStoredEncoding() throws IOException {
    Dataset data = pets(PETS, "");
    DataContract contract = contract(data, directory.resolve("pets.csv"), "label = kind");
    Path file = write("new.csv", "colour;more;weight\nteal;;2\n;a;\n");

    assertThat(rows(file, contract))
        .containsExactly(List.of(2f, 0f, 0f, 0f, 0f, 0f), List.of(5f, 1f, 0f, 0f, 1f, 1f));
    assertThat(notices)
        .singleElement()
        .asString()
        .contains(
            "column 'colour': cells=1 with a text that no training row has, as 'teal' in line 2");
  }

  @Test
  void rows_gapInAColumnThatHadNone_takesTheFillAndSaysSo() throws IOException {
    Dataset data = pets("a,b,kind\n1,u,x\n3,u,y\n", "");
    DataContract contract = contract(data, directory.resolve("pets.csv"), "label = kind");

    assertThat(rows(write("new.csv", "a,b\nNA,\n"), contract)).containsExactly(List.of(2f, 1f));
    assertThat(notices).hasSize(2);
    assertThat(notices.get(0))
        .isEqualTo(
            "column 'a': cells=1 without a value, where every training row has one; each counts as 2.0");
  }

  @Test
  void load_sameTableInAnyForm_isTheSame() throws IOException {
    Dataset expected = load(ORCHARD, "label = state, ignore = [tree, remark]");
    String text = Files.readString(ORCHARD);
    String tabs = text.substring(1);
    try (CSVParser rows = CSVParser.parse(tabs, Separators.format(';'))) {
      tabs =
          rows.stream()
              .map(row -> row.stream().map(TableDataTest::quoted).collect(Collectors.joining("\t")))
              .collect(Collectors.joining("\n"));
    }
    Path packed =
        IdxBytes.write(
            directory.resolve("packed"), IdxBytes.gzip(text.getBytes(StandardCharsets.UTF_8)));

    for (Path same : List.of(write("tabs.tsv", tabs), packed)) {
      Dataset data = load(same, "label = state, ignore = [tree, remark]");

      assertThat(data.encoding()).isEqualTo(expected.encoding());
      assertThat(raw(data.train())).isEqualTo(raw(expected.train()));
      assertThat(raw(data.test())).isEqualTo(raw(expected.test()));
    }
    assertThat(load(packed, "label = state, ignore = [tree, remark]").digest())
        .isEqualTo(expected.digest());
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  @ParameterizedTest
  @CsvSource({
    "40, 0.5, 'different numbers=40, rows=40, as 0.5, 1.5, 2.5'",
    "15, 0.25, 'different numbers=15, rows=15'",
    "300, 0, 'different numbers=300, rows=300, as 0, 1, 2'"
  })
  void load_labelOfManyNumbers_looksLikeRegression(int count, double offset, String message) {
    String rows =
        IntStream.range(0, count)
            .mapToObj(i -> i % 7 + "," + (offset == 0 ? "" + i : "" + (i + offset)))
            .collect(Collectors.joining("\n", "a,price\n", "\n"));

    assertThatThrownBy(() -> load(write("prices.csv", rows), "label = price"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "prices.csv: data.label: must be a column of classes; this one looks like regression")
        .hasMessageContaining(message);
  }

  @Test
  void load_fewFractionsThatRepeat_areClasses() {
    String rows =
        IntStream.range(0, 30)
            .mapToObj(i -> i + "," + (i % 5) / 2.0)
            .collect(Collectors.joining("\n", "a,stars\n", "\n"));

    assertThat(load(write("stars.csv", rows), "label = stars").classNames())
        .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0");
  }

  @Test
  void load_underAContract_usesItsEncodingAndSplit() {
    Dataset data = load(ORCHARD, "label = state, ignore = [tree, remark]");
    DataConfig config = config(ORCHARD, "label = state, ignore = [tree, remark]").data();
    DataContract contract = DataContract.of(data, config.source());

    Dataset again = Datasets.load(config, 1, home(), contract);

    assertThat(again.digest()).isEqualTo(data.digest());
    assertThat(raw(again.test())).isEqualTo(raw(data.test()));
    assertThat(again.test().labels()).isEqualTo(data.test().labels());
    assertThat(again.normalization()).isEqualTo(data.normalization());
  }

  @Test
  void load_splitThatLeavesAClassWithoutTestRows_namesItWithItsCount() {
    load(write("rows.csv", "f,l\n1,a\n2,a\n3,a\n4,a\n4,b\n"), "label = l, test = 50%");

    assertThat(notices)
        .containsExactly(
            "no test example of 1 of 2 classes: 'b' (training=1); the accuracy says nothing about"
                + " such a class");
  }

  @Test
  void load_classesOfOneRowEach_sayWhyNoTestIsLeft() {
    assertThatThrownBy(() -> load(write("rows.csv", "f,l\n1,a\n2,b\n3,c\n"), "label = l"))
        .hasMessageContaining(
            "data.test: must leave an example for the test: test=0.2, rows=3, classes=3")
        .hasMessageContaining("the largest class 'a' has 1")
        .hasMessageContaining("are these labels classes?");
  }
}
