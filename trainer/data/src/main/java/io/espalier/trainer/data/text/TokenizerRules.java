package io.espalier.trainer.data.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The rules of a {@code tokenizer.json}, checked before the native library reads it. A panic of the
 * library ends the process, so it is given no component, pattern or table that is not listed here.
 */
final class TokenizerRules {
  /** Values of the largest vocabulary with its merges, four times. */
  private static final int MOST_VALUES = 2_000_000;

  private static final int MOST_ADDED = 1 << 16;

  private TokenizerRules() {}

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException if it is no JSON or has too many values
   */
  static JsonNode parse(String json) {
    try {
      requireSize(json);
      return Json.LENIENT.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a tokenizer must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void requireSize(String json) throws JsonProcessingException {
    try (JsonParser parser = Json.LENIENT.createParser(json)) {
      int values = 0;
      while (parser.nextToken() != null) {
        if (++values > MOST_VALUES) {
          throw new IllegalArgumentException(
              "a tokenizer must have at most %,d values".formatted(MOST_VALUES));
        }
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the JSON that the library is given: that of {@link #parse} alone, so that it reads
   * nothing that was not checked, such as the first of two equal keys, and without the file's rules
   * of cutting and filling up.
   *
   * @throws IllegalArgumentException if a component or a pattern is not accepted
   */
  static String accepted(JsonNode root) {
    TokenizerPart file = new TokenizerPart("", root);
    if (!file.at("added_tokens").isAbsent()) {
      for (TokenizerPart added : file.at("added_tokens").list(MOST_ADDED)) {
        added.at("content").text(1, TokenizerModel.MOST_LENGTH);
        added.at("id").number(TokenizerFile.MOST);
      }
    }
    TokenizerPart padding = file.at("padding").at("pad_id");
    if (!padding.isAbsent()) {
      padding.number(TokenizerFile.MOST);
    }
    TokenizerComponents.require(file);
    ObjectNode accepted = Json.LENIENT.createObjectNode();
    root.properties().forEach(part -> accepted.set(part.getKey(), part.getValue()));
    accepted.set("model", TokenizerModel.accepted(file.at("model")));
    accepted.putNull("truncation").putNull("padding");
    return accepted.toString();
  }
}
