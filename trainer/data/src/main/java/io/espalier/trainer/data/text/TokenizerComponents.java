package io.espalier.trainer.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The components of tokenizer files that are accepted, each with what its values must be. */
final class TokenizerComponents {
  private static final int MOST_OF_SEQUENCE = 64;
  private static final int MOST_LEVELS = 4;
  private static final int MOST_LENGTH = 256;
  private static final int MOST_TEMPLATE = 32;

  /** How many times as long replacements may make a text, all of them together. */
  private static final int MOST_GROWTH = 64;

  /**
   * The components of one kind by their type; {@code steps} is where a sequence of them has its
   * own.
   */
  private record Kind(String steps, Map<String, Consumer<TokenizerPart>> rules) {
    Kind(String steps, List<String> plain, Map<String, Consumer<TokenizerPart>> others) {
      this(steps, joined(plain, others));
    }

    private static Map<String, Consumer<TokenizerPart>> joined(
        List<String> plain, Map<String, Consumer<TokenizerPart>> others) {
      Map<String, Consumer<TokenizerPart>> rules = new HashMap<>(others);
      plain.forEach(type -> rules.put(type, part -> {}));
      return Map.copyOf(rules);
    }

    void require(TokenizerPart component, int level) {
      TokenizerPart type = component.at("type");
      if (level < MOST_LEVELS && type.json().asText().equals("Sequence")) {
        component.at(steps).list(MOST_OF_SEQUENCE).forEach(each -> require(each, level + 1));
        return;
      }
      Consumer<TokenizerPart> rule = rules.get(type.json().asText());
      if (rule == null) {
        throw type.problem(
            "must be one of %s or, on %d levels, Sequence"
                .formatted(
                    rules.keySet().stream().sorted().collect(Collectors.joining(", ")),
                    MOST_LEVELS));
      }
      rule.accept(component);
    }
  }

  private static final Kind NORMALIZER =
      new Kind(
          "normalizers",
          List.of(
              "BertNormalizer",
              "ByteLevel",
              "Lowercase",
              "NFC",
              "NFD",
              "NFKC",
              "NFKD",
              "Nmt",
              "Strip",
              "StripAccents"),
          Map.of(
              "Prepend", part -> part.at("prepend").text(1, MOST_LENGTH),
              "Replace", TokenizerComponents::replacement,
              "Precompiled", CharacterMap::require));

  private static final Kind PRE_TOKENIZER =
      new Kind(
          "pretokenizers",
          List.of(
              "BertPreTokenizer",
              "ByteLevel",
              "CharDelimiterSplit",
              "Digits",
              "Metaspace",
              "Punctuation",
              "UnicodeScripts",
              "Whitespace",
              "WhitespaceSplit"),
          Map.of("Split", part -> pattern(part.at("pattern"))));

  private static final Kind POST_PROCESSOR =
      new Kind(
          "processors",
          List.of("BertProcessing", "ByteLevel", "RobertaProcessing"),
          Map.of("TemplateProcessing", TokenizerComponents::template));

  private static final Kind DECODER =
      new Kind(
          "decoders",
          List.of(
              "BPEDecoder",
              "ByteFallback",
              "ByteLevel",
              "CTC",
              "Fuse",
              "Metaspace",
              "Strip",
              "WordPiece"),
          Map.of("Replace", TokenizerComponents::replacement));

  private TokenizerComponents() {}

  /** Throws {@link IllegalArgumentException} if a component of a file is not accepted. */
  static void require(TokenizerPart file) {
    Map.of(
            "normalizer", NORMALIZER,
            "pre_tokenizer", PRE_TOKENIZER,
            "post_processor", POST_PROCESSOR,
            "decoder", DECODER)
        .forEach(
            (key, kind) -> {
              if (!file.at(key).isAbsent()) {
                kind.require(file.at(key), 0);
              }
            });
    TokenizerPart normalizer = file.at("normalizer");
    double growth = growth(normalizer.json());
    if (growth > MOST_GROWTH) {
      throw new IllegalArgumentException(
          "a tokenizer's replacements must make a text at most %d times as long: normalizer=%.0f times"
              .formatted(MOST_GROWTH, growth));
    }
    if (normalizer.json().findValues("precompiled_charsmap").size() > 1) {
      throw new IllegalArgumentException(
          "a tokenizer's normalizer must have at most one Precompiled map of characters");
    }
  }

  private static double growth(JsonNode normalizer) {
    double growth = 1;
    for (JsonNode step : normalizer.path(NORMALIZER.steps())) {
      growth *= growth(step);
    }
    double pattern = Math.max(1, normalizer.path("pattern").path("String").asText().length());
    return growth * Math.max(1, normalizer.path("content").asText().length() / pattern);
  }

  private static void replacement(TokenizerPart part) {
    pattern(part.at("pattern"));
    part.at("content").text(0, MOST_LENGTH);
  }

  private static void pattern(TokenizerPart pattern) {
    if (pattern.json().size() == 1 && pattern.json().has("Regex")) {
      TokenizerPart regex = pattern.at("Regex");
      TokenizerPattern.require(regex);
    } else if (pattern.json().size() == 1 && pattern.json().has("String")) {
      pattern.at("String").text(1, MOST_LENGTH);
    } else {
      throw pattern.problem("must be a String or a Regex");
    }
  }

  /** The library looks marks up without a check that they are there. */
  private static void template(TokenizerPart template) {
    TokenizerPart marks = template.at("special_tokens");
    for (TokenizerPart pieces : List.of(template.at("single"), template.at("pair"))) {
      for (TokenizerPart piece : pieces.list(MOST_TEMPLATE)) {
        TokenizerPart id = piece.at("SpecialToken").at("id");
        if (!id.isAbsent() && !marks.json().has(id.json().asText())) {
          throw id.problem("must be one of its special_tokens");
        }
      }
    }
    for (String name : (Iterable<String>) marks.json()::fieldNames) {
      TokenizerPart mark = marks.at(name);
      int numbers = mark.at("ids").list(MOST_TEMPLATE).size();
      if (mark.at("tokens").list(MOST_TEMPLATE).size() != numbers) {
        throw mark.problem("must have as many tokens as ids");
      }
      mark.at("ids").list(MOST_TEMPLATE).forEach(each -> each.number(TokenizerFile.MOST));
    }
    List<JsonNode> sequences = template.at("single").json().findValues("Sequence");
    if (sequences.size() != 1 || !sequences.get(0).path("id").asText().equals("A")) {
      throw template.at("single").problem("must hold the text A once");
    }
  }
}
