package io.espalier.service.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.run.AttemptEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code summary.json} of a run that had ended before the journal was told: it is renamed into
 * place last, so all other files are there.
 */
record StoredSummary(long step, double accuracy, double sparsity) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** That of a run directory, if its run has one. */
  static Optional<StoredSummary> in(Path directory) throws IOException {
    Path file = directory.resolve("summary.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode facts = JSON.readTree(file.toFile());
    return Optional.of(
        new StoredSummary(
            facts.path("rounds").asLong(facts.path("steps").asLong()),
            facts.path("accuracy").asDouble(),
            facts.path("sparsity").asDouble()));
  }

  AttemptEnd end() {
    return new AttemptEnd.Completed(step, accuracy, sparsity);
  }
}
