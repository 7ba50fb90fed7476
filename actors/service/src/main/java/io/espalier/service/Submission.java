package io.espalier.service;

import io.espalier.configs.Rules;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run to submit.
 *
 * @param recipe whole HOCON text; includes are shipped with Espalier
 * @param origin name of the recipe in errors, such as {@code gradual.conf}
 * @param overrides HOCON snippets such as {@code train.epochs=3}; the later one wins
 * @param priority larger goes first, -100 to 100; equal ones in the order of their submission
 * @param memoryMb memory of each trainer that the scheduler reserves, in MB; without it the larger
 *     of {@link #DEFAULT_MEMORY_MB} and the estimate for the recipe
 * @param idempotencyKey submissions of the same key are one run
 */
public record Submission(
    String recipe,
    String origin,
    List<String> overrides,
    int priority,
    OptionalInt memoryMb,
    Optional<String> idempotencyKey) {
  public static final int DEFAULT_MEMORY_MB = 512;
  public static final int MOST_MEMORY_MB = 1 << 20;

  public Submission {
    overrides = List.copyOf(overrides);
    new Rules()
        .require("priority", priority, priority >= -100 && priority <= 100, "-100 to 100")
        .require(
            "memoryMb",
            memoryMb.orElse(1),
            memoryMb.orElse(1) >= 1 && memoryMb.orElse(1) <= MOST_MEMORY_MB,
            "1 to " + MOST_MEMORY_MB)
        .require(
            "idempotencyKey",
            idempotencyKey.orElse(""),
            idempotencyKey.map(key -> key.matches("[\\x21-\\x7e]{1,128}")).orElse(true),
            "1 to 128 printable characters without spaces")
        .verify();
  }
}
