package io.espalier.trainer.checkpoint;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.file.AtomicFile;
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
 * final                       the state after the last step, complete
 * .final.partial              being filled
 * </pre>
 *
 * <p>In shared run epochs names end with the term, as in {@code step-0000000120-term-0000000003},
 * and an epoch leaves everything of a later one alone. A later epoch takes over the checkpoint that
 * it resumes from by its own links to the same files.
 *
 * <p>Not thread-safe.
 */
final class CheckpointDirectory {
  private static final Pattern NAME =
      Pattern.compile(
          "\\.?step-(?<step>\\d{10})(-term-(?<term>\\d{10}))?(\\.(?<life>partial|replaced|deleted))?");

  private static final String FINAL = "final";

  private final Path root;
  private final RunEpoch epoch;

  record Place(Path path, long step) {}

  CheckpointDirectory(Path root, RunEpoch epoch) {
    this.root = root;
    this.epoch = epoch;
  }

  /** Creates an empty directory for {@code step} and deletes what killed writes left. */
  Path begin(long step) throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      AtomicFile.forceDirectory(root.toAbsolutePath().resolveSibling("."));
    }
    deleteAll("partial");
    return Files.createDirectory(aside(name(step), "partial"));
  }

  /** Creates an empty directory for the state after the last step. */
  Path beginFinal() throws IOException {
    Files.createDirectories(root);
    Path beside = aside(FINAL, "partial");
    deleteTree(beside);
    return Files.createDirectory(beside);
  }

  /** Renames a filled directory into its place; one of an attempt that did not end is replaced. */
  Path finishFinal(Path beside) throws IOException {
    epoch.require();
    deleteTree(finalPlace());
    Files.move(beside, finalPlace(), StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(root);
    return finalPlace();
  }

  Path finalPlace() {
    return root.resolve(FINAL);
  }

  void abandon() throws IOException {
    deleteAll("partial");
  }

  /** Links the same files under this run epoch's name, so that no earlier epoch can delete them. */
  Path adopt(Place place) throws IOException {
    Path own = root.resolve(name(place.step()));
    if (place.path().equals(own)) {
      return own;
    }
    Path beside = begin(place.step());
    try (Stream<Path> files = Files.list(place.path())) {
      for (Path file : files.toList()) {
        Files.createLink(beside.resolve(file.getFileName()), file);
      }
    }
    AtomicFile.forceDirectory(beside);
    return finish(beside, place.step());
  }

  /** Returns whether a checkpoint belongs to the history of the last run epoch. */
  boolean counts(Place place) throws IOException {
    return !epoch.isShared()
        || epoch.counts(Manifest.read(place.path()).header().term(), place.step());
  }

  /** Renames a filled directory into its place and replaces one that is there. */
  Path finish(Path beside, long step) throws IOException {
    CrashPoint.CHECKPOINT_FILLED.pass();
    epoch.require();
    Path place = root.resolve(name(step));
    if (Files.exists(place)) {
      Path replaced = aside(name(step), "replaced");
      deleteTree(replaced);
      Files.move(place, replaced, StandardCopyOption.ATOMIC_MOVE);
      CrashPoint.CHECKPOINT_REPLACED.pass();
    }
    Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceDirectory(root);
    CrashPoint.CHECKPOINT_RENAMED.pass();
    deleteAll("replaced");
    deleteAll("deleted");
    return place;
  }

  /** Deletes all but the newest {@code keep} valid checkpoints; nothing of a later run epoch. */
  void retain(long step, int keep) throws IOException {
    epoch.require();
    int retained = 0;
    for (Place place : newestFirst()) {
      if (!isWithinReach(place.path())) {
        continue;
      }
      boolean wanted = place.step() <= step && retained < keep && counts(place);
      retained += wanted ? 1 : 0;
      if (!wanted) {
        Path deleted = aside(String.valueOf(place.path().getFileName()), "deleted");
        Files.move(place.path(), deleted, StandardCopyOption.ATOMIC_MOVE);
        CrashPoint.CHECKPOINT_RETIRED.pass();
        deleteTree(deleted);
      }
    }
    forgetEpochs();
  }

  private void forgetEpochs() throws IOException {
    long oldest = epoch.term();
    for (Path path : epoch.isShared() ? list() : List.<Path>of()) {
      Matcher name = NAME.matcher(path.getFileName().toString());
      if (name.matches() && name.group("term") != null) {
        oldest = Math.min(oldest, Long.parseLong(name.group("term")));
      }
    }
    epoch.forgetBefore(oldest);
  }

  /** Returns complete directories; a step's regular one precedes its replaced one. */
  List<Place> newestFirst() {
    List<Place> places = new ArrayList<>();
    try {
      for (Path path : list()) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches() && isWhole(name)) {
          places.add(new Place(path, Long.parseLong(name.group("step"))));
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

  private static boolean isWhole(Matcher name) {
    String life = name.group("life");
    boolean inPlace = !name.group().startsWith(".");
    return inPlace ? life == null : "replaced".equals(life);
  }

  private void deleteAll(String life) throws IOException {
    for (Path path : list()) {
      Matcher name = NAME.matcher(path.getFileName().toString());
      if (name.matches() && life.equals(name.group("life")) && isWithinReach(path)) {
        deleteTree(path);
      }
    }
  }

  private boolean isWithinReach(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    String term = name.matches() ? name.group("term") : null;
    return !epoch.isShared() || term == null || Long.parseLong(term) <= epoch.term();
  }

  private List<Path> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths.filter(Files::isDirectory).toList();
    }
  }

  private Path aside(String name, String suffix) {
    return root.resolve("." + name.replaceAll("^\\.|\\.replaced$", "") + "." + suffix);
  }

  private String name(long step) {
    return epoch.isShared()
        ? String.format("step-%010d-term-%010d", step, epoch.term())
        : String.format("step-%010d", step);
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
