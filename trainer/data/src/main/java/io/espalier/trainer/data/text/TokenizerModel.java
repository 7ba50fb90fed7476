package io.espalier.trainer.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.util.List;
import java.util.Map;

/** The rules of the model of a tokenizer file. */
final class TokenizerModel {
  /** The most characters of a token; runs of spaces or signs have hundreds. */
  static final int MOST_LENGTH = 1024;

  private static final List<String> TYPES = List.of("BPE", "WordPiece", "WordLevel", "Unigram");

  /** Merges of pairs: no more than tokens, but a token may be made by several. */
  private static final int MOST_MERGES = 4 * TokenizerFile.MOST;

  private static final int MOST_WORD = 1000;

  private TokenizerModel() {}

  /** Returns the model with its type, which early files lack. */
  static JsonNode accepted(TokenizerPart model) {
    String type = type(model);
    if (type.equals("Unigram")) {
      unigram(model);
    } else {
      vocabulary(model.at("vocab"));
    }
    if (type.equals("BPE")) {
      pairs(model);
    } else if (type.equals("WordPiece")) {
      model.at("max_input_chars_per_word").number(MOST_WORD + 1);
    }
    ObjectNode accepted = Json.LENIENT.createObjectNode();
    model.json().properties().forEach(each -> accepted.set(each.getKey(), each.getValue()));
    return accepted.put("type", type);
  }

  private static String type(TokenizerPart model) {
    TokenizerPart type = model.at("type");
    if (TYPES.contains(type.json().asText())) {
      return type.json().asText();
    }
    if (!type.isAbsent() || !model.json().isObject()) {
      throw type.problem("must be one of " + String.join(", ", TYPES));
    }
    if (model.json().has("merges")) {
      return "BPE";
    }
    if (model.json().path("vocab").isArray()) {
      return "Unigram";
    }
    return model.json().has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  private static void vocabulary(TokenizerPart vocabulary) {
    if (!vocabulary.json().isObject()) {
      throw vocabulary.problem("must have a number for each token");
    }
    for (Map.Entry<String, JsonNode> token : vocabulary.json().properties()) {
      TokenizerPart each = vocabulary.at(token.getKey());
      if (token.getKey().length() > MOST_LENGTH) {
        throw each.problem("must have at most %d characters".formatted(MOST_LENGTH));
      }
      each.number(TokenizerFile.MOST);
    }
  }

  private static void unigram(TokenizerPart model) {
    List<TokenizerPart> pieces = model.at("vocab").list(TokenizerFile.MOST);
    for (TokenizerPart piece : pieces) {
      if (!piece.json().path(0).isTextual()
          || piece.json().get(0).textValue().length() > MOST_LENGTH
          || !piece.json().path(1).isNumber()
          || !Double.isFinite(piece.json().get(1).doubleValue())) {
        throw piece.problem(
            "must be a piece of at most %d characters and a finite score".formatted(MOST_LENGTH));
      }
    }
    if (!model.at("unk_id").isAbsent()) {
      model.at("unk_id").number(pieces.size());
    }
  }

  /** The library takes the prefix away from the second of a pair without a look at it. */
  private static void pairs(TokenizerPart model) {
    String prefix = model.json().path("continuing_subword_prefix").asText("");
    for (TokenizerPart pair : model.at("merges").list(MOST_MERGES)) {
      String second =
          pair.json().isArray()
              ? pair.json().path(1).asText()
              : pair.json().asText().replaceFirst("^[^ ]* ", "");
      if (!second.startsWith(prefix)) {
        throw pair.problem(
            "must be pairs whose second begins with the prefix \"%s\"".formatted(prefix));
      }
    }
    TokenizerPart dropout = model.at("dropout");
    if (!dropout.isAbsent() && dropout.json().asDouble(1) != 0) {
      throw dropout.problem("must be null, as one text has one sequence of tokens");
    }
  }
}
