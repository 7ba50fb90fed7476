package io.espalier.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.Json;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.network.ImageShape;

/**
 * How text becomes inputs: {@code context} numbers of tokens.
 *
 * @param labelled whether an example is a whole text, cut or filled up, whose class is learned;
 *     else examples are windows of one text, and each next token is learned
 */
public record TextEncoding(Tokens tokens, int context, boolean labelled) implements InputEncoding {
  private static final String BEGIN = "{\"vocabulary\":";

  public TextEncoding {
    if (context < 1) {
      throw new IllegalArgumentException("a context must be 1 or more: context=" + context);
    }
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(1, 1, context);
  }

  private record Text(String vocabulary, int context, boolean labelled, String content) {}

  @Override
  public String toJson() {
    try {
      return Json.LENIENT.writeValueAsString(
          new Text(tokens.vocabulary(), context, labelled, tokens.content()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an encoding must be plain values: " + this, e);
    }
  }

  static boolean isOne(String json) {
    return json.startsWith(BEGIN);
  }

  static TextEncoding parse(String json) {
    try {
      Text text = Json.LENIENT.readValue(json, Text.class);
      Tokens tokens =
          Tokens.of(
              String.valueOf(text.vocabulary()), String.valueOf(text.content()), text.labelled());
      return new TextEncoding(tokens, text.context(), text.labelled());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "an encoding of text must be valid: %s: encoding=%s"
              .formatted(e.getMessage(), json.substring(0, Math.min(json.length(), 200))),
          e);
    }
  }
}
