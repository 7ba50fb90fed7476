package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.ImageShape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PluginDataTest {
  private static final List<String> CLASSES = List.of("low", "high");
  private static final ImageShape PAIR = new ImageShape(2, 1, 1);

  /** Two examples of two values that depend on settings and seed. */
  public static final class Spots implements DataProvider {
    @Override
    public String name() {
      return "spots";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("distance", 1);
    }

    @Override
    public Dataset load(MemberSettings settings, long seed) {
      float distance = (float) settings.number("distance");
      Examples spots =
          Examples.ofFloats(new float[] {seed, 0, seed + 2 * distance, 0}, new int[] {0, 1});
      return Dataset.ofImages(spots, spots, PAIR, CLASSES);
    }
  }

  /** Does what it is told that a source must not do. */
  public static final class Faulty implements DataProvider {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    @SuppressWarnings("NullAway") // what a user's compiler lets pass
    public Dataset load(MemberSettings settings, long seed) throws IOException {
      Examples good = Examples.ofFloats(new float[] {1, 2, 3, 4}, new int[] {0, 1});
      return switch (settings.text("fault")) {
        case "throw" -> throw new IllegalStateException("no licence");
        case "file" -> throw new FileNotFoundException("moons.bin");
        case "refuse" -> throw InvalidConfigException.of("data.file", "must exist: file=moons.bin");
        case "null" -> null;
        case "label" ->
            Dataset.ofImages(good, Examples.ofBytes(new byte[2], new int[] {2}), PAIR, CLASSES);
        case "negative" ->
            Dataset.ofImages(good, Examples.ofBytes(new byte[2], new int[] {-1}), PAIR, CLASSES);
        case "nan" ->
            Dataset.ofImages(
                good, Examples.ofFloats(new float[] {1, Float.NaN}, new int[1]), PAIR, CLASSES);
        case "shape" -> Dataset.ofImages(good, good, new ImageShape(1, 3, 1), CLASSES);
        case "count" ->
            Dataset.ofTable(
                Examples.ofFloats(new float[3], new int[2]), good, List.of("x", "y"), CLASSES);
        case "columns" -> Dataset.ofTable(good, good, List.of("x"), CLASSES);
        case "classes" -> Dataset.ofTable(good, good, List.of("x", "y"), List.of("a", "a"));
        default -> throw new AssertionError(settings);
      };
    }
  }

  private static Dataset load(String name, Map<String, Object> values, long seed) {
    DataConfig.Source source = new DataConfig.Custom(new MemberSettings(name, values));
    return Datasets.load(new DataConfig(source, 1, 0), seed, DataHome.of(Path.of("no-home")));
  }

  private static Dataset spots(double distance, long seed) {
    return load("spots", Map.of("distance", distance), seed);
  }

  @Test
  void images_ofAProvider_areNormalisedByChannelAndNamedAsInTheRecipe() {
    Dataset data = spots(3, 5);

    float[] values = new float[4];
    data.train().fill(new int[] {0, 1}, 0, 2, values, new int[2]);
    assertThat(values).containsExactly(-1, 0, 1, 0);
    assertThat(data.normalization().mean()).containsExactly(8.0, 0.0);
    assertThat(data.name()).isEqualTo("spots");
    assertThat(data.classNames()).isEqualTo(CLASSES);
  }

  @Test
  void digest_ofAProvidersData_followsItsValues() {
    String digest = spots(3, 5).digest();

    assertThat(spots(3, 5).digest()).isEqualTo(digest);
    assertThat(spots(3, 6).digest()).isNotEqualTo(digest);
    assertThat(spots(4, 5).digest()).isNotEqualTo(digest);
  }

  @Test
  void digest_ofTheSameValuesWithOtherLabelsOrAnotherSplit_isAnother() {
    Examples first = Examples.ofFloats(new float[] {1, 2, 3, 4}, new int[] {0, 1});
    Examples relabelled = Examples.ofFloats(new float[] {1, 2, 3, 4}, new int[] {1, 0});

    List<String> digests =
        List.of(
            Dataset.ofImages(first, relabelled, PAIR, CLASSES).digest(),
            Dataset.ofImages(relabelled, first, PAIR, CLASSES).digest(),
            Dataset.ofImages(first, first, PAIR, CLASSES).digest());

    assertThat(digests).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throw | failed to load its examples: java.lang.IllegalStateException: no licence",
        "file | failed to load its examples: java.io.FileNotFoundException: moons.bin",
        "null | must not give null when asked to load its examples",
        "label | failed to load its examples: java.lang.IllegalArgumentException: a label must be"
            + " the index of a class: example=0, label=2, classes=2",
        "negative | failed to load its examples: java.lang.IllegalArgumentException: a label must"
            + " be 0 or more: label=-1",
        "nan | failed to load its examples: java.lang.IllegalArgumentException: values must be"
            + " finite: index=1, value=NaN",
        "shape | failed to load its examples: java.lang.IllegalArgumentException: examples must"
            + " have the input's size: input=1×3×1, train=2, test=2",
        "count | failed to load its examples: java.lang.IllegalArgumentException: values must be a"
            + " multiple of labels, 1 or more: values=3, labels=2",
        "columns | failed to load its examples: java.lang.IllegalArgumentException: examples must"
            + " have the input's size: input=1×1×1, train=2, test=2",
        "classes | failed to load its examples: java.lang.IllegalArgumentException: classes must be"
            + " 2 or more, each with a name of its own: classNames=[a, a]",
      })
  void provider_thatGivesNoUsableData_isReportedWithItsClass(String fault, String message) {
    assertThatThrownBy(() -> load("faulty", Map.of("fault", fault), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("data: data source 'faulty' (class %s) %s", Faulty.class.getName(), message);
  }

  @Test
  void provider_thatRefusesARecipeItself_isHeard() {
    assertThatThrownBy(() -> load("faulty", Map.of("fault", "refuse"), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("data.file: must exist: file=moons.bin");
  }
}
