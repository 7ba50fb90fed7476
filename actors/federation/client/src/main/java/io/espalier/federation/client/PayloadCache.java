package io.espalier.federation.client;

import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Task;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The payloads of one task, by digest. */
record PayloadCache(Path directory) {
  public Path file(String digest) {
    return directory.resolve(digest);
  }

  public boolean has(String digest, long bytes) throws IOException {
    Path file = file(digest);
    return Files.exists(file) && Files.size(file) == bytes && Sha256.ofFile(file).equals(digest);
  }

  /** Downloads the payloads of a task that are missing, one after another; deletes all others. */
  CompletionStage<?> fetch(Task task, Link link) {
    CompletionStage<?> all = CompletableFuture.completedFuture(task);
    try {
      keepOnly(task.getPayloadsList().stream().map(Payload::getDigest).collect(Collectors.toSet()));
      for (Payload each : task.getPayloadsList()) {
        if (!has(each.getDigest(), each.getBytes())) {
          Path target = file(each.getDigest());
          all = all.thenCompose(before -> link.download(each.getDigest(), each.getBytes(), target));
        }
      }
      return all;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Deletes all other payloads and the parts of them. */
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
