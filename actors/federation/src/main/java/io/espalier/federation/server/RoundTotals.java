package io.espalier.federation.server;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** How the rounds of a run went so far, over all its attempts; a round done again counts once. */
final class RoundTotals {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final RunEpoch reign;
  private final Map<String, Counts> rounds;

  /** What one round came to. */
  public record Counts(int reported, int late, int lost, int refused) {}

  private RoundTotals(Path file, RunEpoch reign, Map<String, Counts> rounds) {
    this.file = file;
    this.reign = reign;
    this.rounds = rounds;
  }

  /**
   * The totals that lie in a directory, which exists.
   *
   * @param reign on whose behalf they are written
   */
  public static RoundTotals in(Path directory, RunEpoch reign) throws IOException {
    Path file = directory.resolve("totals.json");
    Map<String, Counts> rounds =
        Files.exists(file)
            ? JSON.readValue(
                Files.readAllBytes(file), new TypeReference<LinkedHashMap<String, Counts>>() {})
            : new LinkedHashMap<>();
    return new RoundTotals(file, reign, rounds);
  }

  /**
   * Writes down a round.
   *
   * @throws FencedException if a later reign over the run has begun
   */
  public void put(String key, Counts counts) throws IOException {
    reign.require();
    rounds.put(key, counts);
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(rounds)));
  }

  /** The totals, under the names of {@code summary.json}. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("updatesAccepted", sum(Counts::reported));
    facts.put("updatesLate", sum(Counts::late));
    facts.put("clientsLost", sum(Counts::lost));
    facts.put("updatesRefused", sum(Counts::refused));
    return facts;
  }

  private int sum(ToIntFunction<Counts> count) {
    return rounds.values().stream().mapToInt(count).sum();
  }
}
