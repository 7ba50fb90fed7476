package io.espalier.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.DataConfig.Vocabulary;
import io.espalier.configs.file.Json;
import io.espalier.trainer.network.ImageShape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How text becomes inputs: windows of {@code context} tokens, each the number of a byte or of a
 * character, whose name is that of a class.
 */
public record TextEncoding(Vocabulary vocabulary, int context) implements InputEncoding {
  private static final int BYTES = 256;
  private static final int MOST_CHARACTERS = 1000;

  public TextEncoding {
    if (context < 1) {
      throw new IllegalArgumentException("a context must be 1 or more: context=" + context);
    }
  }

  /** The names of all bytes. */
  public static List<String> bytes() {
    return IntStream.range(0, BYTES)
        .mapToObj(
            value -> isShown(value) && value < 0x7f ? nameOf(value) : "0x%02X".formatted(value))
        .toList();
  }

  /** The name of a character: itself, or such as U+000A where it cannot be seen. */
  public static String nameOf(int codePoint) {
    return isShown(codePoint) ? Character.toString(codePoint) : "U+%04X".formatted(codePoint);
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  /** The reverse of {@link #nameOf}. */
  public static int codePointOf(String name) {
    return name.startsWith("U+") && name.length() > 2
        ? Integer.parseInt(name.substring(2), 16)
        : name.codePointAt(0);
  }

  public ImageShape shape() {
    return new ImageShape(1, 1, context);
  }

  @Override
  public void requireFit(ImageShape input, List<String> columns) {
    if (!columns.isEmpty() || !input.equals(shape())) {
      throw new IllegalArgumentException(
          "an encoding must give the network's inputs: inputs=%s, columns=%d, encoded=%s"
              .formatted(input, columns.size(), shape()));
    }
  }

  private record Text(String vocabulary, int context) {}

  @Override
  public String toJson() {
    try {
      String name = vocabulary.name().toLowerCase(Locale.ROOT);
      return Json.LENIENT.writeValueAsString(new Text(name, context));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an encoding must be plain values: " + this, e);
    }
  }

  static boolean isOne(String json) {
    try {
      return json.length() <= MOST_CHARACTERS && Json.LENIENT.readTree(json).has("vocabulary");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  static TextEncoding parse(String json) {
    try {
      Text text = Json.LENIENT.readValue(json, Text.class);
      String name = String.valueOf(text.vocabulary()).toUpperCase(Locale.ROOT);
      return new TextEncoding(Vocabulary.valueOf(name), text.context());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "an encoding of text must be valid: %s: encoding=%s".formatted(e.getMessage(), json), e);
    }
  }
}
