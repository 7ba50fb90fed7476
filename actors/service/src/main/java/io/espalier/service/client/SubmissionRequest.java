package io.espalier.service.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.Rules;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run to submit; absent values take the service's defaults.
 *
 * @param recipe name of a shipped recipe, or HOCON text
 * @param origin name of the text in errors; absent for a shipped recipe
 * @param overrides such as {@code train.epochs=3}; the later one wins
 * @param priority larger goes first, -100 to 100
 * @param memoryMb memory that the scheduler reserves for each trainer
 * @param key makes submissions with the same key one run
 */
public record SubmissionRequest(
    String recipe,
    Optional<String> origin,
    List<String> overrides,
    OptionalInt priority,
    OptionalInt memoryMb,
    String key) {
  public SubmissionRequest {
    overrides = List.copyOf(overrides);
    new Rules()
        .require(
            "key",
            key,
            key.matches("[\\x21-\\x7e]{1,128}"),
            "1 to 128 printable characters without spaces")
        .verify();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(origin.isPresent() ? "recipeText" : "recipe", recipe);
    origin.ifPresent(name -> json.put("origin", name));
    if (!overrides.isEmpty()) {
      overrides.forEach(json.putArray("overrides")::add);
    }
    priority.ifPresent(value -> json.put("priority", value));
    memoryMb.ifPresent(value -> json.put("memoryMb", value));
    return json;
  }
}
