package io.espalier.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.configs.recipe.NameSuggestion;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Reads a JSON object that strangers sent: nothing follows it, no key comes twice, none is unknown,
 * and it is at most {@value #MOST_DEPTH} levels deep.
 */
public final class StrictJson {
  public static final int MOST_DEPTH = 20;
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_NUMBER = 32;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_DEPTH)
                          .maxStringLength(MOST_CHARACTERS)
                          .maxNameLength(LONGEST_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * The object of a body.
   *
   * @throws ProblemException if it is none, or has fields that are not {@code known}
   */
  public static JsonNode object(byte[] body, List<String> known) {
    JsonNode node = parse(body);
    if (!node.isObject()) {
      throw refused("the body must be a JSON object: found=" + spelling(node));
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw refused(
                    "a field must be one of %s: field=%s%s"
                        .formatted(known, name, NameSuggestion.suggestion(name, known)));
              }
            });
    return node;
  }

  public static ProblemException refused(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }

  public static String spelling(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (StreamConstraintsException e) {
      throw refused(
          "the body must be at most %d levels deep, with names of at most %d characters and numbers of at most %d"
              .formatted(MOST_DEPTH, LONGEST_NAME, LONGEST_NUMBER));
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : ", line=%d, column=%d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw refused(
          "the body must be valid JSON: cause=%s%s".formatted(e.getOriginalMessage(), place));
    } catch (IOException e) {
      throw refused("the body must be JSON in UTF-8");
    }
  }
}
