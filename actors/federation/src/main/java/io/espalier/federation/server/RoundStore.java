package io.espalier.federation.server;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.checkpoint.RunEpoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rounds of a run that are not in its checkpoint yet, each a directory {@code rounds/KEY} of
 *
 * <pre>
 * cohort.json          who was invited
 * results/DIGEST-NAME  what clients sent, each file whole
 * closed.json          whose results count, once that is decided
 * payloads/DIGEST      what clients may download
 * </pre>
 *
 * <p>and {@code rounds/last.json}, which tells what came of the newest round that is decided.
 *
 * <p>What a method says is done survives the loss of power when it returns. One that writes throws
 * {@link FencedException}, and writes nothing, once a later reign over the run has begun. One
 * thread at a time.
 */
final class RoundStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DIGEST = 64;
  private static final int IDENTITY_BYTES = 8;
  private static final Pattern RESULT = Pattern.compile("[0-9a-f]{64}-.+");

  private final Path directory;
  private final RunEpoch reign;

  /** A result on disk. */
  public record StoredResult(String client, String digest, Path file) {}

  /**
   * Makes a store.
   *
   * @param reign on whose behalf it writes
   */
  public RoundStore(Path directory, RunEpoch reign) {
    this.directory = directory;
    this.reign = reign;
  }

  /** A name of the run that no other has, made when it is first asked for. */
  public String identity() throws IOException {
    Path file = directory.resolve("identity");
    if (!Files.exists(file)) {
      byte[] random = new byte[IDENTITY_BYTES];
      new SecureRandom().nextBytes(random);
      String made = HexFormat.of().formatHex(random);
      reign.require();
      AtomicFile.write(file, out -> out.write(made.getBytes(StandardCharsets.US_ASCII)));
    }
    return Files.readString(file);
  }

  /** Where uploads lie until they are whole. */
  public Path incoming() {
    return directory.resolve("incoming");
  }

  /** Who was invited to a round; empty if it has not begun. */
  public Optional<List<Invitee>> cohort(String key) throws IOException {
    return read(round(key).resolve("cohort.json"), new TypeReference<List<Invitee>>() {});
  }

  /** Begins a round, or adds to its cohort: {@code invitees} are all of it. */
  public void invite(String key, List<Invitee> invitees) throws IOException {
    reign.require();
    Files.createDirectories(round(key).resolve("results"));
    Files.createDirectories(round(key).resolve("payloads"));
    write(round(key).resolve("cohort.json"), invitees);
    AtomicFile.forceDirectory(directory);
  }

  /** Moves a client's result, whose bytes are on disk, to where it counts. */
  public StoredResult accept(String key, String client, String digest, Path file)
      throws IOException {
    Path results = round(key).resolve("results");
    Path target = results.resolve(digest + "-" + client);
    reign.require();
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(results);
    return new StoredResult(client, digest, target);
  }

  /** The results of a round by client. */
  public Map<String, StoredResult> results(String key) throws IOException {
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

  /** Decides whose results count. */
  public void close(String key, List<String> clients) throws IOException {
    write(round(key).resolve("closed.json"), clients);
  }

  /** Whose results count; empty while a round is open. */
  public Optional<List<String>> closed(String key) throws IOException {
    return read(round(key).resolve("closed.json"), new TypeReference<List<String>>() {});
  }

  /** Remembers a round in place of the one before it. */
  public void remember(ClosedRound round) throws IOException {
    write(directory.resolve("last.json"), round);
  }

  /** The round that was remembered last. */
  public Optional<ClosedRound> last() throws IOException {
    return read(directory.resolve("last.json"), new TypeReference<ClosedRound>() {});
  }

  /** Writes a payload of a round, and says where it lies; it need not survive anything. */
  public Path offer(String key, String digest, byte[] content) throws IOException {
    reign.require();
    return Files.write(round(key).resolve("payloads").resolve(digest), content);
  }

  /**
   * Forgets all rounds but some: an attempt that ended too early left what a checkpoint holds, and
   * one whose checkpoint was damaged what is no round of this course.
   */
  public void keepOnly(Set<String> keys) throws IOException {
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

  /** Forgets a round that a checkpoint holds. */
  public void drop(String key) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(round(key))) {
      tree.sorted(Comparator.reverseOrder()).forEach(paths::add);
    } catch (NoSuchFileException e) {
      return;
    }
    reign.require();
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private Path round(String key) {
    return directory.resolve(key);
  }

  private void write(Path file, Object value) throws IOException {
    reign.require();
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(value)));
  }

  private static <T> Optional<T> read(Path file, TypeReference<T> type) throws IOException {
    return Files.exists(file)
        ? Optional.of(JSON.readValue(Files.readAllBytes(file), type))
        : Optional.empty();
  }
}
