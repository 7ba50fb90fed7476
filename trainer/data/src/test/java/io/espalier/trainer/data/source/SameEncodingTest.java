package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.TestSet;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.InputEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A row has the same inputs in the data of a run and in a file that is predicted. */
final class SameEncodingTest {
  /** Rows of a number, a text, and a number that is seldom there. */
  record Row(String number, String text, String rare, String label) {
    List<String> cells() {
      return List.of(number, text, rare, label);
    }
  }

  @Property(tries = 200, seed = "42")
  void rows_ofTheTrainingFile_haveTheInputsOfTheRun(
      @ForAll("tables") List<Row> rows, @ForAll Random order) throws IOException {
    Path directory = Files.createTempDirectory("encoding");
    Path file = directory.resolve("rows.csv");
    List<Integer> places = new ArrayList<>(List.of(0, 1, 2, 3));
    try {
      Files.writeString(file, text(rows, places, ","));
      Dataset data = load(file, directory);
      Collections.shuffle(places, order);
      Path moved = Files.writeString(directory.resolve("moved.csv"), text(rows, places, ";"));
      Examples again = read(moved, data, file);

      for (int row = 0; row < rows.size(); row++) {
        for (int i = 0; i < again.features(); i++) {
          assertThat(again.raw(row, i)).isEqualTo(data.train().raw(row, i));
        }
      }
      InputEncoding encoding = data.encoding().orElseThrow();
      assertThat(InputEncoding.parse(encoding.toJson())).isEqualTo(encoding);
    } finally {
      Files.deleteIfExists(directory.resolve("moved.csv"));
      Files.delete(file);
      Files.delete(directory);
    }
  }

  private static Dataset load(Path file, Path home) {
    DataConfig.Csv source = new DataConfig.Csv(file, "label", new TestSet.File(file));
    return Datasets.load(new DataConfig(source, 1, 0), 1, new DataHome(home, home));
  }

  private static Examples read(Path file, Dataset data, Path trained) throws IOException {
    DataConfig.Csv source = new DataConfig.Csv(trained, "label", new TestSet.File(trained));
    InputFile input = new InputFile(file, "INPUT", Optional.empty());
    try (InputFile.Rows rows = input.open(DataContract.of(data, source))) {
      return rows.next(1_000).orElseThrow();
    }
  }

  private static String text(List<Row> rows, List<Integer> places, String separator) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("number", "text", "rare", "label"));
    rows.forEach(row -> table.add(row.cells()));
    return table.stream()
        .map(
            cells ->
                places.stream()
                    .map(place -> '"' + cells.get(place).replace("\"", "\"\"") + '"')
                    .collect(Collectors.joining(separator)))
        .collect(Collectors.joining("\n"));
  }

  @Provide
  Arbitrary<List<Row>> tables() {
    Arbitrary<String> numbers =
        Arbitraries.floats().between(-1e6f, 1e6f).map(String::valueOf).injectDuplicates(.2);
    Arbitrary<String> gaps = Arbitraries.of("", "NA", "?", "NaN", " ");
    Arbitrary<String> texts =
        Arbitraries.of("a", "b c", "d,e", "f;g", "\"h\"", "é", "two\nlines", "x=y");
    Arbitrary<Row> row =
        Combinators.combine(
                numbers,
                Arbitraries.frequencyOf(Tuple.of(4, texts), Tuple.of(1, gaps)),
                Arbitraries.frequencyOf(Tuple.of(1, numbers), Tuple.of(3, gaps)),
                Arbitraries.of("yes", "no"))
            .as(Row::new);
    return row.list().ofMinSize(2).ofMaxSize(30).map(SameEncodingTest::withBothClassesAndAValue);
  }

  private static List<Row> withBothClassesAndAValue(List<Row> rows) {
    List<Row> all = new ArrayList<>(rows);
    all.add(new Row("1", "a", "2", "yes"));
    all.add(new Row("-1", "b c", "", "no"));
    return all;
  }
}
