package io.espalier.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.Map;

/** JSON for {@code --json}: lists, maps, numbers and text. Thread-safe. */
public final class JsonOutput {
  private static final ObjectMapper LINES = new ObjectMapper();
  private static final ObjectWriter WRITER =
      LINES.writer(
          new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));

  private JsonOutput() {}

  /** The value over several lines, without a line break at the end. */
  public static String text(Object value) {
    return text(WRITER, value);
  }

  /** The value on one line, without a line break at the end. */
  public static String line(Object value) {
    return text(LINES.writer(), value);
  }

  /** An object's fields by name. */
  public static Map<String, Object> map(Object value) {
    return LINES.convertValue(value, new TypeReference<Map<String, Object>>() {});
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a value must have a JSON form: value=" + value, e);
    }
  }
}
