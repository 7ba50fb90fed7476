package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.configs.recipe.Recipes;
import io.espalier.service.Submission;
import io.espalier.service.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

final class SubmissionReader {
  static final List<String> FIELDS =
      List.of("recipe", "recipeText", "origin", "overrides", "priority", "memoryMb");

  private static final int MOST_RECIPE_BYTES = 256 << 10;
  private static final int MOST_OVERRIDES = 100;
  private static final int MOST_OVERRIDE_BYTES = 4 << 10;
  private static final String ORIGIN = "recipe" + Recipes.EXTENSION;
  private static final String ORIGINS = "[A-Za-z0-9][A-Za-z0-9._ -]{0,99}";

  private SubmissionReader() {}

  /**
   * Reads the body of a submission.
   *
   * @throws ProblemException if the body breaks a rule of the API
   * @throws InvalidConfigException if it names no shipped recipe, or is too large for one
   */
  static Submission read(JsonNode node, Optional<String> idempotencyKey) {
    Optional<String> named = text(node, "recipe");
    Optional<String> written = text(node, "recipeText");
    if (named.isPresent() == written.isPresent()) {
      throw ProblemException.invalid(
          "a submission must have either recipe, a shipped name, or recipeText: fields="
              + (named.isPresent() ? "both" : "none"));
    }
    requireSize("recipe", written.orElse(""), MOST_RECIPE_BYTES);
    return new Submission(
        written.orElseGet(() -> shipped(named.orElseThrow())),
        named.map(name -> name + Recipes.EXTENSION).orElseGet(() -> origin(node)),
        overrides(node),
        number(node, "priority").orElse(0),
        number(node, "memoryMb"),
        idempotencyKey);
  }

  private static String shipped(String name) {
    return Recipes.text(name)
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "recipe",
                    "recipe must be a shipped name: recipe=\"%s\"; shipped: %s%s"
                        .formatted(
                            shortened(name),
                            String.join(", ", Recipes.names()),
                            name.length() > 100
                                ? ""
                                : NameSuggestion.suggestion(name, Recipes.names()))));
  }

  private static String origin(JsonNode node) {
    String origin = text(node, "origin").orElse(ORIGIN);
    if (!origin.matches(ORIGINS)) {
      throw ProblemException.invalid(
          "origin must be a file name of 1 to 100 letters, digits, spaces, . _ and -: origin="
              + shortened(origin));
    }
    return origin;
  }

  private static List<String> overrides(JsonNode node) {
    JsonNode list = node.path("overrides");
    if (!list.isMissingNode() && !list.isArray()) {
      throw ProblemException.invalid("overrides must be a list of texts: found=" + kind(list));
    }
    if (list.size() > MOST_OVERRIDES) {
      throw InvalidConfigException.of(
          "overrides",
          "overrides must be at most %d: count=%d".formatted(MOST_OVERRIDES, list.size()));
    }
    List<String> overrides = new ArrayList<>();
    for (JsonNode each : list) {
      if (!each.isTextual()) {
        throw ProblemException.invalid("an override must be a text: found=" + kind(each));
      }
      requireSize(
          "overrides[%d]".formatted(overrides.size()), each.textValue(), MOST_OVERRIDE_BYTES);
      overrides.add(each.textValue());
    }
    return overrides;
  }

  private static void requireSize(String path, String text, int most) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > most) {
      throw InvalidConfigException.of(
          path, "%s must have at most %d bytes: bytes=%d".formatted(path, most, bytes));
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw ProblemException.invalid("%s must be a text: found=%s".formatted(field, kind(value)));
    }
    return Optional.ofNullable(value.textValue());
  }

  private static OptionalInt number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToInt())) {
      throw ProblemException.invalid(
          "%s must be a whole number: found=%s"
              .formatted(field, value.isNumber() ? value : kind(value)));
    }
    return value.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(value.intValue());
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
