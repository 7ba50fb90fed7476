package io.espalier.federation.server;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rounds of a run that are not in its checkpoint yet, each a directory {@code rounds/KEY} of
 *
 * <pre>
 * cohort.json          the invited clients
 * results/DIGEST-NAME  complete results of clients
 * closed.json          the clients whose results count, once that is decided
 * payloads/DIGEST      files that clients may download
 * </pre>
 *
 * <p>beside {@code rounds/last.json}, the newest decided round, and {@code rounds/totals.json}, the
 * counts of all rounds of the run over all its attempts.
 *
 * <p>A change survives the loss of power once its method returns. After a later run epoch has begun
 * every change throws {@link FencedException} and writes nothing. Not thread-safe.
 */
final class RoundStore {
  private static final int DIGEST = 64;
  private static final int IDENTITY_BYTES = 8;
  private static final Pattern RESULT = Pattern.compile("[0-9a-f]{64}-.+");

  private final Path directory;
  private final RunEpoch epoch;
  private final Map<String, Counts> totals;

  record StoredResult(String client, String digest, Path file) {}

  /** A decided round: its cohort, and the digests of the counted results by client. */
  record ClosedRound(String key, Set<String> invited, Map<String, String> accepted) {
    ClosedRound {
      invited = Set.copyOf(invited);
      accepted = Map.copyOf(accepted);
    }

    boolean isAccepted(String client, String digest) {
      return digest.equals(accepted.get(client));
    }
  }

  record Counts(int reported, int late, int lost, int refused) {}

  RoundStore(Path directory, RunEpoch epoch) throws IOException {
    this.directory = directory;
    this.epoch = epoch;
    this.totals =
        read(
                directory.resolve("totals.json"),
                new TypeReference<LinkedHashMap<String, Counts>>() {})
            .orElseGet(LinkedHashMap::new);
  }

  /** A unique name of the run, created at the first call. */
  String identity() throws IOException {
    Path file = directory.resolve("identity");
    if (!Files.exists(file)) {
      byte[] random = new byte[IDENTITY_BYTES];
      new SecureRandom().nextBytes(random);
      String made = HexFormat.of().formatHex(random);
      epoch.require();
      AtomicFile.write(file, out -> out.write(made.getBytes(StandardCharsets.US_ASCII)));
    }
    return Files.readString(file);
  }

  Path incoming() {
    return directory.resolve("incoming");
  }

  Optional<List<SelectedClient>> cohort(String key) throws IOException {
    return read(round(key).resolve("cohort.json"), new TypeReference<List<SelectedClient>>() {});
  }

  /** Begins a round, or adds to its cohort: {@code selected} are all of it. */
  void invite(String key, List<SelectedClient> selected) throws IOException {
    epoch.require();
    Files.createDirectories(round(key).resolve("results"));
    Files.createDirectories(round(key).resolve("payloads"));
    write(round(key).resolve("cohort.json"), selected);
    AtomicFile.forceDirectory(directory);
  }

  /** Moves a client's result, whose bytes are on disk, into its round. */
  StoredResult accept(String key, String client, String digest, Path file) throws IOException {
    Path target = round(key).resolve("results").resolve(digest + "-" + client);
    epoch.require();
    AtomicFile.move(file, target);
    return new StoredResult(client, digest, target);
  }

  Map<String, StoredResult> results(String key) throws IOException {
    Map<String, StoredResult> results = new TreeMap<>();
    try (Stream<Path> files = Files.list(round(key).resolve("results"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (RESULT.matcher(name).matches()) {
          String client = name.substring(DIGEST + 1);
          results.put(client, new StoredResult(client, name.substring(0, DIGEST), file));
        }
      }
    } catch (NoSuchFileException e) {
      return results;
    }
    return results;
  }

  void close(String key, List<String> clients) throws IOException {
    write(round(key).resolve("closed.json"), clients);
  }

  Optional<List<String>> closed(String key) throws IOException {
    return read(round(key).resolve("closed.json"), new TypeReference<List<String>>() {});
  }

  void remember(ClosedRound round, Counts counts) throws IOException {
    epoch.require();
    totals.put(round.key(), counts);
    write(directory.resolve("totals.json"), totals);
    write(directory.resolve("last.json"), round);
  }

  Optional<ClosedRound> last() throws IOException {
    return read(directory.resolve("last.json"), new TypeReference<ClosedRound>() {});
  }

  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("updatesAccepted", sum(Counts::reported));
    facts.put("updatesLate", sum(Counts::late));
    facts.put("clientsLost", sum(Counts::lost));
    facts.put("updatesRefused", sum(Counts::refused));
    return facts;
  }

  private int sum(ToIntFunction<Counts> count) {
    return totals.values().stream().mapToInt(count).sum();
  }

  /** Writes a payload of a round, not durably, and returns its file. */
  Path storePayload(String key, String digest, byte[] content) throws IOException {
    epoch.require();
    return Files.write(round(key).resolve("payloads").resolve(digest), content);
  }

  /**
   * Deletes all rounds but some: an attempt that ended early may leave a round that a checkpoint
   * already holds, and one whose checkpoint was damaged a round that is not of this course.
   */
  void keepOnly(Set<String> keys) throws IOException {
    List<String> others;
    try (Stream<Path> rounds = Files.list(directory)) {
      others =
          rounds
              .filter(path -> Files.isDirectory(path) && !path.equals(incoming()))
              .map(path -> path.getFileName().toString())
              .filter(key -> !keys.contains(key))
              .toList();
    }
    for (String key : others) {
      drop(key);
    }
  }

  void drop(String key) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(round(key))) {
      tree.sorted(Comparator.reverseOrder()).forEach(paths::add);
    } catch (NoSuchFileException e) {
      return;
    }
    epoch.require();
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private Path round(String key) {
    return directory.resolve(key);
  }

  private void write(Path file, Object value) throws IOException {
    epoch.require();
    AtomicFile.write(file, out -> out.write(Json.LENIENT.writeValueAsBytes(value)));
  }

  private static <T> Optional<T> read(Path file, TypeReference<T> type) throws IOException {
    return Files.exists(file)
        ? Optional.of(Json.LENIENT.readValue(Files.readAllBytes(file), type))
        : Optional.empty();
  }
}
