package io.espalier.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.cli.kafka.PublishedRecords.Format;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.stream.DeclaredData;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.StreamRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records that are written, against those that a stream reads. */
final class PublishedRecordsTest {
  private static Dataset load(String data) {
    var config =
        new RecipeLoader().parse("t", "model = lenet-5", List.of("data = {" + data + "}")).config();
    return Datasets.load(config.data(), 42, DataHome.of(Path.of("none")));
  }

  private static RecordFormat format(String data) {
    KafkaConfig stream =
        (KafkaConfig)
            new RecipeLoader()
                .parse(
                    "t",
                    "model = lenet-5, train.samples = 999",
                    List.of("data = {kind=kafka,topic=t," + data + "}"))
                .config()
                .data()
                .source();
    return RecordFormat.of(stream, DeclaredData.of(stream));
  }

  @Test
  void labelledTexts_readBack_areTheSameExamples() throws IOException {
    Dataset data = load("kind=labelled-text,vocabulary=bytes,context=32");
    PublishedRecords records = PublishedRecords.of(data, data.train(), Format.JSON);
    RecordFormat format = format("context=32,classes=[Exodus,Genesis]");

    for (int i = 0; i < 100; i++) {
      StreamRecord.Content read = format.decode(Optional.empty(), Optional.of(records.value(i)));

      float[] values = new float[32];
      ((StreamRecord.Example) read).copyTo(values, 0);
      assertThat(values).containsExactly(values(data.train(), i));
      assertThat(((StreamRecord.Example) read).label()).isEqualTo(data.train().label(i));
    }
    assertThat(records.order(0)).hasSize(data.train().count()).isNotEqualTo(records.order(1));
  }

  private static float[] values(Examples examples, int example) {
    float[] values = new float[examples.features()];
    IntStream.range(0, values.length).forEach(i -> values[i] = examples.raw(example, i));
    return values;
  }

  @Test
  void text_inItsOrder_isTheTextAgain() throws IOException {
    Dataset data = load("kind=text,context=64");
    StringBuilder json = new StringBuilder();
    StringBuilder plain = new StringBuilder();
    for (int i : PublishedRecords.of(data, data.test(), Format.TEXT).order(1)) {
      json.append(value(data, Format.JSON, i).replaceAll("^\\{\"text\":\"|\"}$", ""));
      plain.append(value(data, Format.TEXT, i));
    }

    assertThat(plain.length()).isEqualTo(data.test().count() * 64);
    assertThat(json.toString().replace("\\n", "\n")).isEqualTo(plain.toString());
    assertThat(plain.toString()).contains("And the LORD said unto Moses, ");
  }

  private static String value(Dataset data, Format format, int example) throws IOException {
    return new String(
        PublishedRecords.of(data, data.test(), format).value(example), StandardCharsets.UTF_8);
  }

  @Test
  void format_thatCannotHoldTheData_isRefused() {
    Dataset digits = load("kind=digits");
    Dataset verses = load("kind=labelled-text");

    assertThatThrownBy(() -> PublishedRecords.of(verses, verses.train(), Format.BINARY))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessageContaining("binary for numbers only")
        .hasMessageContaining("format=binary, data=labelled-text");
    assertThatThrownBy(() -> PublishedRecords.of(verses, verses.train(), Format.TEXT))
        .hasMessageContaining("text for a text without labels only");
    assertThatThrownBy(() -> PublishedRecords.of(digits, digits.train(), Format.TEXT))
        .hasMessageContaining("data=digits");
  }
}
