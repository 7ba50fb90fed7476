package io.espalier.cli.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.espalier.console.CommandRefusedException;
import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.stream.ExampleFormat;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The examples of a data set as records of a topic. */
final class PublishedRecords {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long SEED = 42;

  private final Dataset dataset;
  private final Examples examples;
  private final Format format;

  /** The notation of an example. */
  enum Format {
    JSON(RecordFormat.JSON),
    BINARY(ExampleFormat.BINARY),
    TEXT(TextFormat.PLAIN);

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  private PublishedRecords(Dataset dataset, Examples examples, Format format) {
    this.dataset = dataset;
    this.examples = examples;
    this.format = format;
  }

  /** Throws {@link CommandRefusedException} if the format cannot hold the examples. */
  static PublishedRecords of(Dataset dataset, Examples examples, Format format) {
    PublishedRecords records = new PublishedRecords(dataset, examples, format);
    boolean fits =
        switch (format) {
          case JSON -> true;
          case BINARY -> !dataset.isText();
          case TEXT -> records.isOneText();
        };
    if (!fits) {
      throw new CommandRefusedException(
          "--format must be json, binary for numbers only, or text for a text without labels only: format=%s, data=%s"
              .formatted(format.name().toLowerCase(Locale.ROOT), dataset.name()));
    }
    return records;
  }

  private Optional<TextEncoding> text() {
    return dataset.encoding().filter(TextEncoding.class::isInstance).map(TextEncoding.class::cast);
  }

  /** Whether the records are one text, in their order. */
  private boolean isOneText() {
    return text().filter(each -> !each.labelled()).isPresent();
  }

  int[] order(int round) {
    int[] order = IntStream.range(0, examples.count()).toArray();
    if (!isOneText()) {
      Seeds.shuffle(order, Seeds.stream(Purpose.BATCH_ORDER, SEED, round));
    }
    return order;
  }

  byte[] value(int example) throws IOException {
    float[] values = new float[examples.features()];
    for (int i = 0; i < values.length; i++) {
      values[i] = examples.raw(example, i);
    }
    return switch (format) {
      case BINARY -> ExampleFormat.toBinary(values, examples.label(example));
      case TEXT -> text(values).getBytes(StandardCharsets.UTF_8);
      case JSON -> json(values, example);
    };
  }

  private String text(float[] tokens) {
    int[] numbers = IntStream.range(0, tokens.length).map(i -> (int) tokens[i]).toArray();
    return text().orElseThrow().tokens().text(numbers);
  }

  private byte[] json(float[] values, int example) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (dataset.isText()) {
        json.writeStringField("text", text(values));
      } else {
        writeFeatures(json, values);
      }
      if (!isOneText()) {
        json.writeStringField("label", dataset.classNames().get(examples.label(example)));
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeFeatures(JsonGenerator json, float[] values) throws IOException {
    json.writeArrayFieldStart("features");
    for (float value : values) {
      if (value == (int) value) {
        json.writeNumber((int) value);
      } else {
        json.writeNumber(value);
      }
    }
    json.writeEndArray();
  }
}
