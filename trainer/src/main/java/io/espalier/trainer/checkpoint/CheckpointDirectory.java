package io.espalier.trainer.checkpoint;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.trainer.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names, order and life of checkpoint directories:
 *
 * <pre>
 * step-0000000120             complete
 * .step-0000000120.partial    being filled
 * .step-0000000120.replaced   complete, until another of the same step is in its place
 * .step-0000000120.deleted    being deleted
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class CheckpointDirectory {
  private static final Pattern WHOLE =
      Pattern.compile("step-(\\d{10})|\\.step-(\\d{10})\\.replaced");
  private static final Pattern PARTIAL = Pattern.compile("\\.step-\\d{10}\\.partial");
  private static final Pattern OBSOLETE = Pattern.compile("\\.step-\\d{10}\\.(replaced|deleted)");

  private final Path root;

  /** A directory whose name says that it is complete. */
  record Place(Path path, long step) {}

  CheckpointDirectory(Path root) {
    this.root = root;
  }

  /** An empty directory to fill for {@code step}; what killed writes left is deleted first. */
  Path begin(long step) throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      AtomicFile.forceDirectory(root.toAbsolutePath().resolveSibling("."));
    }
    deleteAll(PARTIAL);
    return Files.createDirectory(aside(step, "partial"));
  }

  /** Deletes what could not be filled: it takes the room that its disk may lack. */
  void abandon() throws IOException {
    deleteAll(PARTIAL);
  }

  /** Renames a filled directory into its place, instead of one that may be there. */
  Path finish(Path beside, long step) throws IOException {
    CrashPoint.CHECKPOINT_FILLED.pass();
    Path place = root.resolve(name(step));
    if (Files.exists(place)) {
      Path replaced = aside(step, "replaced");
      deleteTree(replaced);
      Files.move(place, replaced, StandardCopyOption.ATOMIC_MOVE);
      CrashPoint.CHECKPOINT_REPLACED.pass();
    }
    Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(root);
    CrashPoint.CHECKPOINT_RENAMED.pass();
    deleteAll(OBSOLETE);
    return place;
  }

  /** Deletes all but the newest {@code keep} up to {@code step}, and any that claim to be later. */
  void retain(long step, int keep) throws IOException {
    int retained = 0;
    for (Place place : newestFirst()) {
      boolean wanted = place.step() <= step && retained < keep;
      retained += wanted ? 1 : 0;
      if (!wanted) {
        Path deleted = aside(place.step(), "deleted");
        Files.move(place.path(), deleted, StandardCopyOption.ATOMIC_MOVE);
        CrashPoint.CHECKPOINT_RETIRED.pass();
        deleteTree(deleted);
      }
    }
  }

  /** Complete directories; of one step, that in its place before one that is replaced. */
  List<Place> newestFirst() {
    List<Place> places = new ArrayList<>();
    try {
      for (Path path : list()) {
        Matcher matcher = WHOLE.matcher(path.getFileName().toString());
        if (matcher.matches()) {
          String step = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
          places.add(new Place(path, Long.parseLong(step)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    places.sort(
        Comparator.comparingLong(Place::step)
            .thenComparing(place -> place.path().getFileName())
            .reversed());
    return places;
  }

  private void deleteAll(Pattern names) throws IOException {
    for (Path path : list()) {
      if (names.matcher(path.getFileName().toString()).matches()) {
        deleteTree(path);
      }
    }
  }

  private List<Path> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths.filter(Files::isDirectory).toList();
    }
  }

  private Path aside(long step, String suffix) {
    return root.resolve("." + name(step) + "." + suffix);
  }

  private static String name(long step) {
    return String.format("step-%010d", step);
  }

  private static void deleteTree(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
