package io.espalier.bench.chaos;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.outbox.RunHistory;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares the files of a run with those of another run of the same recipe. */
public final class RunFileComparison {
  private static final List<String> MODEL = List.of("model.safetensors", "masks.safetensors");
  private static final String BEST = "best.safetensors";
  private static final String VERSIONS = "masks";
  private static final Set<String> OWN_FACTS =
      Set.of("run", "id", "wallSeconds", "onnxSeconds", "onnxSecondsDense");

  private final Path expected;
  private final Path found;

  /** Compares {@code found} with {@code expected}, two directories of finished runs. */
  public RunFileComparison(Path expected, Path found) {
    this.expected = expected;
    this.found = found;
  }

  /** In words, where model, masks, what else was kept, and summary differ. */
  public List<String> differentResults() throws IOException {
    List<String> differences = new ArrayList<>();
    for (String file : files(expected)) {
      String wanted = Sha256.ofFile(expected.resolve(file));
      String there =
          Files.exists(found.resolve(file)) ? Sha256.ofFile(found.resolve(file)) : "missing";
      if (!wanted.equals(there)) {
        differences.add("%s: expected SHA-256=%s, found=%s".formatted(file, wanted, there));
      }
    }
    Map<String, Object> wanted = summary(expected);
    Map<String, Object> there = summary(found);
    Set<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(there.keySet());
    names.removeAll(OWN_FACTS);
    for (String name : names) {
      if (!Objects.equals(wanted.get(name), there.get(name))) {
        differences.add(
            "summary.json, %s: expected=%s, found=%s"
                .formatted(name, wanted.get(name), there.get(name)));
      }
    }
    return differences;
  }

  /** The files of every run, and those that this one was to keep. */
  private static List<String> files(Path run) throws IOException {
    List<String> files = new ArrayList<>(MODEL);
    if (Files.exists(run.resolve(BEST))) {
      files.add(BEST);
    }
    if (Files.isDirectory(run.resolve(VERSIONS))) {
      try (Stream<Path> versions = Files.list(run.resolve(VERSIONS))) {
        versions.sorted().forEach(file -> files.add(VERSIONS + "/" + file.getFileName()));
      }
    }
    return files;
  }

  /** In words, where the events that hold in the end differ, or are not numbered one by one. */
  public List<String> differentEvents() throws IOException {
    List<String> differences = new ArrayList<>(sequenceBreaks(OutboxReader.readAll(found)));
    differences.addAll(
        EffectiveHistory.of(RunHistory.read(found))
            .differencesFrom(EffectiveHistory.of(RunHistory.read(expected))));
    return differences.stream().map(difference -> "events.jsonl, " + difference).toList();
  }

  /** Returns a sentence for each number that breaks 1, 2, 3 … per source and topic. */
  public static List<String> sequenceBreaks(List<RawEnvelope> envelopes) {
    Map<String, Long> last = new HashMap<>();
    List<String> breaks = new ArrayList<>();
    for (RawEnvelope envelope : envelopes) {
      String stream = "source %s, topic %s".formatted(envelope.source(), envelope.topic());
      long expected = last.getOrDefault(stream, 0L) + 1;
      if (envelope.sequence() != expected) {
        breaks.add(
            "%s: expected sequence=%d, found=%d".formatted(stream, expected, envelope.sequence()));
      }
      last.put(stream, envelope.sequence());
    }
    return breaks;
  }

  private static Map<String, Object> summary(Path run) throws IOException {
    return Json.LENIENT.readValue(
        Files.readString(run.resolve("summary.json")), new TypeReference<Map<String, Object>>() {});
  }
}
