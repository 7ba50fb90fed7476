package io.espalier.cli.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.stream.ExampleFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Examples as values of records, raw. */
final class PublishedRecords {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long SEED = 42;

  private final Examples examples;
  private final List<String> classNames;
  private final Format format;

  enum Format {
    JSON(ExampleFormat.JSON),
    BINARY(ExampleFormat.BINARY);

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  PublishedRecords(Examples examples, List<String> classNames, Format format) {
    this.examples = examples;
    this.classNames = List.copyOf(classNames);
    this.format = format;
  }

  int[] order(int round) {
    int[] order = IntStream.range(0, examples.count()).toArray();
    Seeds.shuffle(order, Seeds.stream(Purpose.BATCH_ORDER, SEED, round));
    return order;
  }

  byte[] value(int example) throws IOException {
    float[] values = new float[examples.features()];
    for (int i = 0; i < values.length; i++) {
      values[i] = examples.raw(example, i);
    }
    int label = examples.label(example);
    return format == Format.BINARY
        ? ExampleFormat.toBinary(values, label)
        : json(values, classNames.get(label));
  }

  private static byte[] json(float[] values, String label) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("features");
      for (float value : values) {
        if (value == (int) value) {
          json.writeNumber((int) value);
        } else {
          json.writeNumber(value);
        }
      }
      json.writeEndArray();
      json.writeStringField("label", label);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
