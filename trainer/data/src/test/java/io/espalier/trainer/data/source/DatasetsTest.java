package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.TextConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetsTest {
  @TempDir Path directory;

  private Dataset load(DataConfig.Source source, long seed) {
    return Datasets.load(new DataConfig(source, 8, 0), seed, new DataHome(directory, directory));
  }

  private static int[] all(Examples examples) {
    return IntStream.range(0, examples.count()).toArray();
  }

  private static Stream<Class<?>> sources(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(DatasetsTest::sources)
        : Stream.of(type);
  }

  @Test
  void registry_everyPermittedSource_isReadOrCustom() {
    assertThat(sources(DataConfig.Source.class))
        .containsExactlyInAnyOrder(
            DataConfig.FashionMnist.class,
            DataConfig.Digits.class,
            DataConfig.Csv.class,
            DataConfig.Idx.class,
            DataConfig.Images.class,
            TextConfig.Text.class,
            TextConfig.LabelledText.class,
            KafkaConfig.class,
            DataConfig.Custom.class);
    Path missing = directory.resolve("missing.csv");
    assertThatThrownBy(() -> load(new DataConfig.FashionMnist(Optional.empty()), 1))
        .hasMessageContaining("fashion-mnist");
    assertThatThrownBy(
            () -> load(new DataConfig.Csv(missing, "0", new DataConfig.TestSet.Share(0.5)), 1))
        .hasMessageContaining("missing.csv: data.path: must exist");
  }

  @Test
  void load_custom_isRefusedByName() {
    assertThatThrownBy(
            () -> load(new DataConfig.Custom(new MemberSettings("my-source", Map.of())), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data: must name one data source on the class path")
        .hasMessageContaining("kind=my-source");
  }

  @Test
  void load_digits_splitsAllByShare() {
    Dataset data = load(new DataConfig.Digits(0.2), 3);

    assertThat(data.test().count()).isEqualTo(359);
    assertThat(data.train().count()).isEqualTo(1797 - 359);
    assertThat(data.input()).hasToString("1×8×8");
    assertThat(data.classes()).isEqualTo(10);
  }

  @Test
  void load_digits_areTheSameForOneSeedOnly() {
    Dataset first = load(new DataConfig.Digits(0.2), 3);
    Dataset again = load(new DataConfig.Digits(0.2), 3);
    Dataset other = load(new DataConfig.Digits(0.2), 4);

    assertThat(values(first.test())).isEqualTo(values(again.test()));
    assertThat(values(first.test())).isNotEqualTo(values(other.test()));
    assertThat(first.digest()).isEqualTo(other.digest());
  }

  private static float[] values(Examples examples) {
    float[] values = new float[examples.count() * examples.features()];
    examples.fill(all(examples), 0, examples.count(), values, new int[examples.count()]);
    return values;
  }

  @Test
  void load_digits_trainingSetHasMeanZeroAndDeviationOne() {
    float[] values = values(load(new DataConfig.Digits(0.2), 3).train());

    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    assertThat(sum / values.length).isCloseTo(0, within(1e-5));
    assertThat(squares / values.length).isCloseTo(1, within(1e-5));
  }
}
