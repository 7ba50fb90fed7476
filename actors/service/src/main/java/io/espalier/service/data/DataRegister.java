package io.espalier.service.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.ApiJson;
import io.espalier.service.Ownership;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code .espalier} of a data directory: an entry {@code NAME.json} for each data set,
 * and a folder for the uploads to each node. Made by the first upload. Thread-safe.
 */
final class DataRegister {
  private static final Logger LOG = LoggerFactory.getLogger(DataRegister.class);
  static final String FOLDER = ".espalier";
  private static final String EXTENSION = ".json";

  private final Path directory;
  private final Path folder;
  private final Path incoming;

  /** An entry that is removed again unless it is kept. */
  final class Entry implements AutoCloseable {
    private final String name;
    private boolean kept;

    private Entry(String name) {
      this.name = name;
    }

    void keep() {
      kept = true;
    }

    @Override
    public void close() throws IOException {
      if (!kept) {
        forget(name);
      }
    }
  }

  DataRegister(Path directory, String node) {
    this.directory = directory;
    this.folder = directory.resolve(FOLDER);
    this.incoming = folder.resolve("incoming-" + node);
  }

  /** Returns the data sets whose files are there, by name. */
  List<DataSet> all() throws IOException {
    List<DataSet> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + EXTENSION)) {
      for (Path entry : entries) {
        read(entry).ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparing(DataSet::name));
    return all;
  }

  Optional<DataSet> find(String name) throws IOException {
    return name.matches(DataSet.NAMES) ? read(entry(name)) : Optional.empty();
  }

  long bytes() throws IOException {
    return all().stream().mapToLong(DataSet::bytes).sum();
  }

  /** The bytes of the data sets of an owner or a project. */
  long bytes(Predicate<Ownership> whose) throws IOException {
    return all().stream()
        .filter(each -> whose.test(each.ownership()))
        .mapToLong(DataSet::bytes)
        .sum();
  }

  private Optional<DataSet> read(Path entry) throws IOException {
    if (!Files.isRegularFile(entry)) {
      return Optional.empty();
    }
    try {
      DataSet data = ApiJson.read(Json.LENIENT.readTree(Files.readAllBytes(entry)), DataSet.class);
      return Optional.of(data)
          .filter(each -> Files.exists(directory.resolve(each.name()), LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "the entry of a data set must be as it was written: file=%s; restore it, or remove it and the data set"
              .formatted(entry),
          e);
    }
  }

  Entry enter(DataSet data) throws IOException {
    AtomicFile.write(
        entry(data.name()), out -> out.write(Json.LENIENT.writeValueAsBytes(ApiJson.tree(data))));
    return new Entry(data.name());
  }

  void forget(String name) throws IOException {
    Files.deleteIfExists(entry(name));
  }

  private Path entry(String name) {
    return folder.resolve(name + EXTENSION);
  }

  /** A new folder on the disk of the data sets. */
  Path staging() throws IOException {
    return Files.createTempDirectory(PrivateDirectory.create(incoming), "upload-");
  }

  /** Deletes what uploads have left that ended with their process. */
  void clean() {
    remove(incoming);
  }

  /** Does not follow links; what cannot be deleted is left to the next start. */
  void remove(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.warn("the remains of an upload must be deletable: path={}, cause={}", path, e.toString());
    }
  }
}
