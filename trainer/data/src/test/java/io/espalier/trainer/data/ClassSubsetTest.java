package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSubsetTest {
  @TempDir private Path directory;

  private static DataConfig config(String data) {
    return new RecipeLoader()
        .parse("my.conf", "data { " + data + " }, model = lenet-300-100", List.of())
        .config()
        .data();
  }

  private Dataset load(String data) {
    return Datasets.load(config(data), 3, new DataHome(directory, directory));
  }

  /** Rows of the classes ash, birch and cedar: the value is 10 times the class's place. */
  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("size,kind\n");
    for (int row = 0; row < 60; row++) {
      int kind = row % 3;
      text.append(10 * kind + row % 2)
          .append(',')
          .append(List.of("ash", "birch", "cedar").get(kind));
      text.append('\n');
    }
    return Files.writeString(directory.resolve("trees.csv"), text);
  }

  @Test
  void digits_ofSomeClasses_areRelabelledInTheOrderAsked() {
    Dataset whole = load("kind = digits");
    Dataset part = load("kind = digits, only-classes = [7, 5, 6]");

    assertThat(part.classNames()).containsExactly("7", "5", "6");
    assertThat(part.normalization()).isEqualTo(whole.normalization());
    assertThat(part.digest()).isNotEqualTo(whole.digest());
    List<Integer> expected = new ArrayList<>();
    List<Float> middles = new ArrayList<>();
    for (int i = 0; i < whole.train().count(); i++) {
      int at = List.of(7, 5, 6).indexOf(whole.train().label(i));
      if (at >= 0) {
        expected.add(at);
        middles.add(whole.train().raw(i, 28));
      }
    }
    assertThat(part.train().labels()).containsExactly(expected.stream().mapToInt(i -> i).toArray());
    for (int i = 0; i < middles.size(); i++) {
      assertThat(part.train().raw(i, 28)).isEqualTo(middles.get(i));
    }
  }

  @Test
  void table_classesByNameOrIndex_areTheSame() throws IOException {
    String table = "kind = csv, path = \"%s\", label = kind, test = 25%%".formatted(table());
    Dataset named = load(table + ", only-classes = [cedar, ash]");
    Dataset numbered = load(table + ", only-classes = [2, 0]");

    assertThat(named.classNames()).containsExactly("cedar", "ash");
    assertThat(numbered.digest()).isEqualTo(named.digest());
    for (int i = 0; i < named.train().count(); i++) {
      assertThat(named.train().raw(i, 0) > 15).isEqualTo(named.train().label(i) == 0);
    }
  }

  @Test
  void encodedTable_underTheNetworksFormat_givesTheSameExamples() throws IOException {
    String table =
        "kind = csv, path = \"%s\", label = kind, test = 25%%, only-classes = [cedar, ash]"
            .formatted(table());
    Dataset own = load(table);
    DataConfig config = config(table);
    DataContract contract =
        new DataContract(
            config.source(),
            own.input(),
            own.columns(),
            own.encoding(),
            own.classNames(),
            own.normalization());

    Dataset again = Datasets.load(config, 3, new DataHome(directory, directory), contract);

    assertThat(again.classNames()).isEqualTo(own.classNames());
    assertThat(again.test().labels()).isEqualTo(own.test().labels());
  }

  @Test
  void classes_thatAreUnknownOrRepeated_areRefused() {
    assertThatThrownBy(() -> load("kind = digits, only-classes = [5, 10]"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "data.only-classes: each must be the name or the index of a class: class=10; classes are [0,");
    assertThatThrownBy(() -> load("kind = digits, only-classes = [5]"))
        .hasMessageContaining("only-classes must be two classes or more, each once, or [] for all");
    assertThatThrownBy(() -> load("kind = digits, only-classes = [\"05\", 5]"))
        .hasMessageContaining("must name each class once");
  }

  @Test
  void stream_ofSomeClasses_isRefused() {
    assertThatThrownBy(
            () ->
                new RecipeLoader()
                    .parse(
                        "my.conf",
                        "data { kind = kafka, topic = t, features = 4, classes = 3,"
                            + " only-classes = [0, 1] }, model = lenet-300-100,"
                            + " train.samples = 1000",
                        List.of()))
        .hasMessageContaining("only-classes must be left away for a stream");
  }
}
