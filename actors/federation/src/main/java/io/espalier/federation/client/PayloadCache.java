package io.espalier.federation.client;

import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Payloads by their digests. Holds no more than one task names. */
final class PayloadCache {
  private final Path directory;

  PayloadCache(Path directory) {
    this.directory = directory;
  }

  /** Where a payload is, or is to be put. */
  public Path file(String digest) {
    return directory.resolve(digest);
  }

  /** Whether a payload is there, as it should be. */
  public boolean has(String digest, long bytes) throws IOException {
    Path file = file(digest);
    return Files.exists(file) && Files.size(file) == bytes && Sha256.ofFile(file).equals(digest);
  }

  /** Deletes all but some payloads, with what has arrived of them. */
  public void keepOnly(Set<String> digests) throws IOException {
    List<Path> others;
    try (Stream<Path> all = Files.list(directory)) {
      others = all.filter(file -> !digests.contains(digest(file))).toList();
    }
    for (Path file : others) {
      Files.deleteIfExists(file);
    }
  }

  private static String digest(Path file) {
    return file.getFileName().toString().replaceFirst("\\..*", "");
  }
}
