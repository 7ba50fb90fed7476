package io.espalier.trainer.offline;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes a pruned network beside its place, then renames it. Not thread-safe. */
final class NetworkWriter {
  private final NetworkFiles network;
  private final PruneOutcome outcome;
  private final double sparsity;
  private final PruneProgress progress;
  private final long total;
  private long written;

  NetworkWriter(NetworkFiles network, PruneOutcome outcome, double sparsity, PruneProgress progress)
      throws IOException {
    this.network = network;
    this.outcome = outcome;
    this.sparsity = sparsity;
    this.progress = progress;
    this.total = network.bytes();
  }

  /** Writes a file that appears with the network, or not at all. */
  @FunctionalInterface
  interface Companion {
    void write() throws IOException;
  }

  /** Reports its phase before it makes a file. The companion is written last. */
  void write(Path out, Companion companion) throws IOException {
    advance(0);
    if (network.index().isPresent()) {
      writeDirectory(out.toAbsolutePath(), network.index().get(), companion);
    } else {
      writeFile(network.files().get(0), out, companion);
    }
  }

  private void writeDirectory(Path out, Path index, Companion companion) throws IOException {
    Path beside = out.resolveSibling(AtomicFile.partOf(out.getFileName().toString()));
    try {
      delete(beside);
      Files.createDirectory(beside);
      for (TensorFile shard : network.files()) {
        writeFile(shard, beside.resolve(shard.path().getFileName()), () -> {});
      }
      AtomicFile.write(beside.resolve(index.getFileName()), stream -> Files.copy(index, stream));
      companion.write();
      Files.move(beside, out, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(beside);
    }
    AtomicFile.forceDirectory(out.resolveSibling("."));
  }

  private void writeFile(TensorFile file, Path out, Companion companion) throws IOException {
    AtomicFile.write(
        out,
        stream -> {
          PrunedCopy.write(
              file, outcome.masksOf(file), outcome.changed(), sparsity, stream, this::advance);
          companion.write();
        });
  }

  private void advance(long bytes) {
    written += bytes;
    progress.at(PruneProgress.Phase.WRITING, written, total);
  }

  private static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> found = Files.walk(directory)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
