package io.espalier.trainer.stream;

import static io.espalier.trainer.stream.MalformedRecordException.require;
import static io.espalier.trainer.stream.MalformedRecordException.shown;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.espalier.trainer.stream.StreamRecord.Content;
import io.espalier.trainer.stream.StreamRecord.Example;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;

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
 */
public final class ExampleFormat extends RecordFormat {
  public static final String BINARY = "application/vnd.espalier.example";

  private static final int HEADER_BYTES = 8;
  private static final byte VERSION = 1;
  private static final byte BYTES = 0;
  private static final byte FLOATS = 1;

  private final int features;
  private final DeclaredClasses classes;
  private final int mostBytes;

  ExampleFormat(int features, List<String> classes) {
    this.features = features;
    this.classes = new DeclaredClasses(classes);
    this.mostBytes = (int) Math.min(Integer.MAX_VALUE, (1L << 16) + 64L * features);
  }

  @Override
  public int mostBytes() {
    return mostBytes;
  }

  @Override
  String usual() {
    return JSON;
  }

  @Override
  Content read(String contentType, byte[] bytes) throws MalformedRecordException {
    return switch (contentType) {
      case JSON -> fromJson(bytes);
      case BINARY -> fromBinary(bytes);
      default -> throw unknown(contentType, JSON, BINARY);
    };
  }

  private Content fromJson(byte[] bytes) throws MalformedRecordException {
    Fields fields = new Fields();
    RecordJson.read(bytes, fields);
    require(fields.count >= 0, "a record must have features: an array of numbers");
    require(fields.label.isPresent(), "a record must have a label");
    requireCount(fields.count);
    return new Example(fields.values, fields.label.getAsInt());
  }

  private final class Fields implements RecordJson.Fields {
    private final float[] values = new float[features];
    private int count = -1;
    private OptionalInt label = OptionalInt.empty();

    @Override
    public boolean read(String field, JsonParser value)
        throws IOException, MalformedRecordException {
      switch (field) {
        case "features" -> count = values(value, values);
        case "label" -> label = OptionalInt.of(classes.label(value));
        default -> {
          return false;
        }
      }
      return true;
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
            "features must be numbers: feature=%d, value=%s"
                .formatted(count, shown(parser.getText())));
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

  private Content fromBinary(byte[] bytes) throws MalformedRecordException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require(
        bytes.length >= HEADER_BYTES && in.get() == VERSION,
        "a binary record must begin with version 1");
    byte type = in.get();
    require(type == BYTES || type == FLOATS, "values must be of type 0 or 1");
    require(in.getShort() == 0, "bytes 2 and 3 of a binary record must be 0");
    int label = classes.number(in.getInt());
    int size = type == BYTES ? 1 : Float.BYTES;
    require(in.remaining() % size == 0, "a binary record must hold whole values");
    requireCount(in.remaining() / size);
    return new Example(type == BYTES ? unsigned(in) : finite(in), label);
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
}
