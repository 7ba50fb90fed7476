package io.espalier.trainer.stream;

import io.espalier.configs.KafkaConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.stream.StreamRecord.Content;
import io.espalier.trainer.stream.StreamRecord.Example;
import io.espalier.trainer.stream.StreamRecord.Malformed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the example or the part of a text that a record holds. A record that holds neither gives
 * the reason. Immutable and thread-safe.
 */
public abstract sealed class RecordFormat permits ExampleFormat, TextFormat {
  public static final String JSON = "application/json";

  /** The format of a recipe; {@code declared} is {@link DeclaredData} of it. */
  public static RecordFormat of(KafkaConfig stream, Dataset declared) {
    if (stream.content() instanceof KafkaConfig.Texts texts) {
      TextEncoding encoding = (TextEncoding) declared.encoding().orElseThrow();
      return new TextFormat(texts, encoding);
    }
    KafkaConfig.Numbers numbers = (KafkaConfig.Numbers) stream.content();
    return new ExampleFormat(declared.input().size(), numbers.classes());
  }

  /** The largest value of a record in bytes; longer ones are skipped. */
  public abstract int mostBytes();

  /** The content type of a record that names none. */
  abstract String usual();

  /** Reads a value of at most {@link #mostBytes} bytes. */
  abstract Content read(String contentType, byte[] bytes) throws MalformedRecordException;

  /** Tokens of a window where records are parts of one text; empty where each is an example. */
  OptionalInt window() {
    return OptionalInt.empty();
  }

  /** Examples that are not normalised, one or more. */
  public Examples raw(List<Example> read) {
    int features = read.get(0).features();
    float[] values = new float[Math.multiplyExact(read.size(), features)];
    int[] labels = new int[read.size()];
    for (int i = 0; i < labels.length; i++) {
      read.get(i).copyTo(values, i * features);
      labels[i] = read.get(i).label();
    }
    return Examples.ofFloats(values, labels);
  }

  public final Content decode(Optional<String> contentType, Optional<byte[]> value) {
    if (value.isEmpty()) {
      return new Malformed("a record must have a value");
    }
    byte[] bytes = value.get();
    if (bytes.length > mostBytes()) {
      return new Malformed(
          "a record must be of at most %d bytes: bytes=%d".formatted(mostBytes(), bytes.length));
    }
    try {
      return read(contentType.map(RecordFormat::withoutParameters).orElse(usual()), bytes);
    } catch (MalformedRecordException e) {
      return new Malformed(e.reason());
    }
  }

  static MalformedRecordException unknown(String contentType, String one, String other) {
    return new MalformedRecordException(
        "content-type must be %s or %s: content-type=%s"
            .formatted(one, other, MalformedRecordException.shown(contentType)));
  }

  private static String withoutParameters(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip();
  }
}
