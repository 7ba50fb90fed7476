package io.espalier.trainer.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.espalier.configs.DataConfig;
import io.espalier.trainer.stream.StreamRecord.Content;
import io.espalier.trainer.stream.StreamRecord.Example;
import io.espalier.trainer.stream.StreamRecord.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a record of a stream holds an example: as JSON, {@code {"features": [0, 0.5], "label":
 * "cat"}}, with a class's name or its number from 0 as the label; or, if its header {@code
 * content-type} says {@link #BINARY}, as
 *
 * <pre>
 *  0         1         2         4              8
 * +---------+---------+---------+--------------+------------------------------+
 * | version | type of | 0       | label, int32 | values: uint8 or float32,    |
 * | = 1     | values  | (int16) | from 0       | row-major                    |
 * +---------+---------+---------+--------------+------------------------------+
 * </pre>
 *
 * little-endian, where the type of values is 0 for unsigned bytes and 1 for floats.
 *
 * <p>Whatever a record holds, reading it gives an example or the reason why it is none. Immutable
 * and thread-safe.
 */
public final class ExampleFormat {
  public static final String JSON = "application/json";

  public static final String BINARY = "application/vnd.espalier.example";

  private static final int HEADER_BYTES = 8;
  private static final byte VERSION = 1;
  private static final byte BYTES = 0;
  private static final byte FLOATS = 1;
  private static final int MOST_SHOWN = 40;
  private static final JsonFactory PARSERS =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final int features;
  private final List<String> classes;
  private final Map<String, Integer> indices = new HashMap<>();
  private final int mostBytes;

  public static ExampleFormat of(DataConfig.Kafka stream) {
    return new ExampleFormat(
        stream.shape().stream().reduce(1, Math::multiplyExact), stream.classes());
  }

  ExampleFormat(int features, List<String> classes) {
    this.features = features;
    this.classes = List.copyOf(classes);
    for (int i = 0; i < classes.size(); i++) {
      indices.put(classes.get(i), i);
    }
    this.mostBytes = (int) Math.min(Integer.MAX_VALUE, (1L << 16) + 64L * features);
  }

  /** The largest value of a record in bytes; longer ones are skipped. */
  public int mostBytes() {
    return mostBytes;
  }

  public Content decode(Optional<String> contentType, Optional<byte[]> value) {
    if (value.isEmpty()) {
      return new Malformed("a record must have a value");
    }
    byte[] bytes = value.get();
    if (bytes.length > mostBytes) {
      return new Malformed(
          "a record must be of at most %d bytes: bytes=%d".formatted(mostBytes, bytes.length));
    }
    String type = contentType.map(ExampleFormat::withoutParameters).orElse(JSON);
    return switch (type) {
      case JSON -> fromJson(bytes);
      case BINARY -> fromBinary(bytes);
      default ->
          new Malformed(
              "content-type must be %s or %s: content-type=%s"
                  .formatted(JSON, BINARY, shown(type)));
    };
  }

  private static String withoutParameters(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip();
  }

  private Content fromJson(byte[] bytes) {
    float[] values = new float[features];
    int count = -1;
    Optional<Integer> label = Optional.empty();
    try (JsonParser parser = PARSERS.createParser(bytes)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "a record must be a JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("features")) {
          count = values(parser, values);
        } else if (field.equals("label")) {
          label = Optional.of(label(parser));
        } else {
          parser.skipChildren();
        }
      }
      require(parser.nextToken() == null, "a record must hold one JSON object");
      require(count >= 0, "a record must have features: an array of numbers");
      require(label.isPresent(), "a record must have a label");
      requireCount(count);
      return new Example(values, label.orElseThrow());
    } catch (MalformedRecordException e) {
      return new Malformed(e.reason);
    } catch (JsonProcessingException e) {
      return new Malformed("a record must be JSON: " + shown(e.getOriginalMessage()));
    } catch (IOException e) {
      return new Malformed("a record must be JSON: " + shown(String.valueOf(e.getMessage())));
    }
  }

  /** Reads all numbers of an array and keeps the first ones. */
  private static int values(JsonParser parser, float[] target)
      throws IOException, MalformedRecordException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "features must be an array of numbers");
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw new MalformedRecordException(
            "features must be numbers: feature=%d, value=%s".formatted(count, text(parser)));
      }
      float value = parser.getFloatValue();
      requireFinite(count, value);
      if (count < target.length) {
        target[count] = value;
      }
      count++;
    }
    return count;
  }

  private int label(JsonParser parser) throws IOException, MalformedRecordException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return requireClass(parser.getLongValue());
    }
    require(
        parser.currentToken() == JsonToken.VALUE_STRING,
        "a label must be the name or the number of a class");
    Integer index = indices.get(parser.getText());
    if (index == null) {
      throw new MalformedRecordException(
          "a label must be a class of the recipe: label=" + text(parser));
    }
    return index;
  }

  private int requireClass(long number) throws MalformedRecordException {
    if (number < 0 || number >= classes.size()) {
      throw new MalformedRecordException(
          "a label must be the number of a class, from 0 to %d: label=%d"
              .formatted(classes.size() - 1, number));
    }
    return (int) number;
  }

  private Content fromBinary(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      require(
          bytes.length >= HEADER_BYTES && in.get() == VERSION,
          "a binary record must begin with version 1");
      byte type = in.get();
      require(type == BYTES || type == FLOATS, "values must be of type 0 or 1");
      require(in.getShort() == 0, "bytes 2 and 3 of a binary record must be 0");
      int label = requireClass(in.getInt());
      int size = type == BYTES ? 1 : Float.BYTES;
      require(in.remaining() % size == 0, "a binary record must hold whole values");
      requireCount(in.remaining() / size);
      return new Example(type == BYTES ? unsigned(in) : finite(in), label);
    } catch (MalformedRecordException e) {
      return new Malformed(e.reason);
    }
  }

  private float[] unsigned(ByteBuffer in) {
    float[] values = new float[features];
    for (int i = 0; i < features; i++) {
      values[i] = in.get() & 0xff;
    }
    return values;
  }

  private float[] finite(ByteBuffer in) throws MalformedRecordException {
    float[] values = new float[features];
    for (int i = 0; i < features; i++) {
      values[i] = in.getFloat();
      requireFinite(i, values[i]);
    }
    return values;
  }

  private static void requireFinite(int feature, float value) throws MalformedRecordException {
    if (!Float.isFinite(value)) {
      throw new MalformedRecordException(
          "features must be finite: feature=%d, value=%s".formatted(feature, value));
    }
  }

  private void requireCount(int count) throws MalformedRecordException {
    if (count != features) {
      throw new MalformedRecordException(
          "a record must have the features of the recipe: expected=%d, found=%d"
              .formatted(features, count));
    }
  }

  /** Encodes in the binary layout, as bytes if all values are integers from 0 to 255. */
  public static byte[] toBinary(float[] values, int label) {
    boolean bytes = true;
    for (float value : values) {
      bytes &= value >= 0 && value <= 255 && value == (int) value;
    }
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + values.length * (bytes ? 1 : Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION).put(bytes ? BYTES : FLOATS).putShort((short) 0).putInt(label);
    for (float value : values) {
      if (bytes) {
        out.put((byte) (int) value);
      } else {
        out.putFloat(value);
      }
    }
    return out.array();
  }

  private static String text(JsonParser parser) throws IOException {
    return shown(parser.getText());
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[^\\p{Print}]+", " ");
    return printable.length() <= MOST_SHOWN ? printable : printable.substring(0, MOST_SHOWN) + "…";
  }

  private static void require(boolean holds, String reason) throws MalformedRecordException {
    if (!holds) {
      throw new MalformedRecordException(reason);
    }
  }

  private static final class MalformedRecordException extends Exception {
    private final String reason;

    MalformedRecordException(String reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
