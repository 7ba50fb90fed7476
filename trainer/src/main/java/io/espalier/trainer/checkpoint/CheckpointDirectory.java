package io.espalier.trainer.checkpoint;

import io.espalier.trainer.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names, order and life of checkpoint directories. Not thread-safe. */
final class CheckpointDirectory {
  private static final Pattern COMPLETE = Pattern.compile("step-(\\d{10})");
  private static final Pattern LEFTOVER = Pattern.compile("\\.step-\\d{10}\\.(partial|replaced)");

  private final Path root;

  /** A directory whose name says that it is complete. */
  record Place(Path path, long step) {}

  CheckpointDirectory(Path root) {
    this.root = root;
  }

  /** An empty directory to fill for {@code step}, beside its final place. */
  Path begin(long step) throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      AtomicFile.forceDirectory(root.toAbsolutePath().resolveSibling("."));
    }
    return Files.createDirectory(root.resolve("." + name(step) + ".partial"));
  }

  /** Renames a filled directory into its place, instead of one that may be there. */
  Path finish(Path beside, long step) throws IOException {
    Place place = new Place(root.resolve(name(step)), step);
    Optional<Path> replaced =
        Files.exists(place.path()) ? Optional.of(setAside(place)) : Optional.empty();
    Files.move(beside, place.path(), StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(root);
    if (replaced.isPresent()) {
      deleteTree(replaced.get());
    }
    return place.path();
  }

  /** Deletes what killed writes left behind. */
  void clean() throws IOException {
    for (Path path : list()) {
      if (LEFTOVER.matcher(path.getFileName().toString()).matches()) {
        deleteTree(path);
      }
    }
  }

  /** Deletes all but the newest {@code keep} up to {@code step}, and any that claim to be later. */
  void retain(long step, int keep) throws IOException {
    int retained = 0;
    for (Place place : newestFirst()) {
      boolean wanted = place.step() <= step && retained < keep;
      retained += wanted ? 1 : 0;
      if (!wanted) {
        deleteTree(setAside(place));
      }
    }
  }

  List<Place> newestFirst() {
    try {
      return list().stream()
          .map(CheckpointDirectory::place)
          .flatMap(List::stream)
          .sorted(Comparator.comparingLong(Place::step).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Place> place(Path path) {
    Matcher matcher = COMPLETE.matcher(path.getFileName().toString());
    return matcher.matches()
        ? List.of(new Place(path, Long.parseLong(matcher.group(1))))
        : List.of();
  }

  /** Takes a checkpoint's name away, so that one deleted in part never looks complete. */
  private Path setAside(Place place) throws IOException {
    Path aside = root.resolve("." + name(place.step()) + ".replaced");
    return Files.move(place.path(), aside, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String name(long step) {
    return String.format("step-%010d", step);
  }

  private static void deleteTree(Path path) throws IOException {
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
