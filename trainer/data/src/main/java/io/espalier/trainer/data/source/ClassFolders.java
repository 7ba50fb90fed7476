package io.espalier.trainer.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of a folder by class, whose name is that of the folder that holds them: class folders,
 * or class folders in {@code train} and {@code test}.
 */
final class ClassFolders {
  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final int MAX_CLASSES = 10_000;
  private static final int SHOWN = 5;

  /**
   * The kind of the files.
   *
   * @param name of several, for messages, as {@code images}
   * @param form of one, as {@code PNG, JPEG or BMP file}
   */
  record Kind(String name, String form, Predicate<Path> isOne) {}

  static final Kind IMAGES = new Kind("images", "PNG, JPEG or BMP file", ImageFiles::isImage);
  static final Kind TEXTS = new Kind("texts", "text file", Files::isRegularFile);

  private final DataFile folder;
  private final Kind kind;
  private final List<Path> leftOut = new ArrayList<>();
  private final boolean hasTest;
  private final SortedMap<String, List<Path>> train;
  private final SortedMap<String, List<Path>> test;

  private ClassFolders(DataFile folder, Kind kind) {
    this.folder = folder;
    this.kind = kind;
    Set<String> names = new TreeSet<>();
    ImageFiles.list(folder, folder.path(), Files::isDirectory)
        .forEach(each -> names.add(ImageFiles.nameOf(each)));
    this.hasTest = names.containsAll(Set.of(TRAIN, TEST));
    if (hasTest && names.size() > 2) {
      names.removeAll(Set.of(TRAIN, TEST));
      throw folder.problem(
          "must hold either the folders train and test, or class folders: others=%s; %s of a validation set belong into train, data.validation holds out a share of them"
              .formatted(names, kind.name()));
    }
    if (hasTest) {
      leaveOut(folder.path());
      this.train = classes(folder.path().resolve(TRAIN));
      this.test = classes(folder.path().resolve(TEST));
    } else {
      this.train = classes(folder.path());
      this.test = new TreeMap<>();
    }
  }

  /** Lists a folder; refuses folders in class folders. */
  static ClassFolders of(DataFile folder, Kind kind) {
    folder.requireAccess();
    if (!Files.isDirectory(folder.path())) {
      throw folder.problem(
          "must be a directory with one folder of %s per class".formatted(kind.name()));
    }
    return new ClassFolders(folder, kind);
  }

  /** The part of a folder to train on: its {@code train}, if that is beside {@code test}. */
  static Path trainingPart(Path folder) {
    Path train = folder.resolve(TRAIN);
    return Files.isDirectory(train) && Files.isDirectory(folder.resolve(TEST)) ? train : folder;
  }

  private SortedMap<String, List<Path>> classes(Path parent) {
    SortedMap<String, List<Path>> classes = new TreeMap<>();
    leaveOut(parent);
    for (Path each : ImageFiles.list(folder, parent, Files::isDirectory)) {
      List<Path> files = ImageFiles.list(folder, each, path -> true);
      files.stream()
          .filter(Files::isDirectory)
          .findFirst()
          .ifPresent(
              nested -> {
                throw folder.problem(
                    "a class folder must hold files only: class folder=%s, folder in it=%s; move its %s up, or make it a class of its own"
                        .formatted(each, ImageFiles.nameOf(nested), kind.name()));
              });
      classes.put(ImageFiles.nameOf(each), files.stream().filter(kind.isOne()).toList());
      files.stream().filter(kind.isOne().negate()).forEach(leftOut::add);
    }
    return classes;
  }

  private void leaveOut(Path parent) {
    leftOut.addAll(ImageFiles.list(folder, parent, path -> !Files.isDirectory(path)));
  }

  /** Refuses too few or too many classes, and classes without a training file. */
  ClassFolders required() {
    List<String> empty = names(train, true);
    List<String> onlyTested = new ArrayList<>(names(test, false));
    onlyTested.removeAll(names(train, false));
    if (!onlyTested.isEmpty()) {
      throw folder.problem(
          "every class in test must have %1$s in train: only in test=%2$s; move some of its %1$s to train, or remove the folder"
              .formatted(kind.name(), shown(onlyTested)));
    }
    if (!empty.isEmpty()) {
      throw folder.problem(
          "every class folder must hold a %s: empty=%s; add %s, or remove the folder"
              .formatted(kind.form(), shown(empty), kind.name()));
    }
    if (train.size() < 2 || train.size() > MAX_CLASSES) {
      throw folder.problem(
          "must hold from 2 to %d class folders, each with the %s of one class: classes=%d%s, files beside them=%d"
              .formatted(
                  MAX_CLASSES,
                  kind.name(),
                  train.size(),
                  train.size() == 1 ? " ('" + train.firstKey() + "')" : "",
                  leftOut.size()));
    }
    if (hasTest && testFiles().isEmpty()) {
      throw folder.problem(
          "must hold %1$s in test: test %1$s=0; add some, or name the folder train as data.path, and data.test takes a share of it"
              .formatted(kind.name()));
    }
    return this;
  }

  /** Refuses classes that a network does not have, and a folder without a file. */
  ClassFolders requiredOf(List<String> classNames) {
    List<String> strange = new ArrayList<>(classNames());
    test.keySet().stream().filter(name -> !strange.contains(name)).forEach(strange::add);
    strange.removeAll(classNames);
    if (!strange.isEmpty()) {
      throw folder.problem(
          "a class folder must be named as a class of the network: others=%s, classes=%s"
              .formatted(shown(strange), shown(classNames)));
    }
    if (trainFiles().isEmpty() || (hasTest && testFiles().isEmpty())) {
      throw folder.problem(
          "must hold %1$s in class folders: training %1$s=%2$d, test %1$s=%3$d"
              .formatted(kind.name(), trainFiles().size(), testFiles().size()));
    }
    return this;
  }

  private static List<String> names(SortedMap<String, List<Path>> part, boolean isEmpty) {
    return part.entrySet().stream()
        .filter(each -> each.getValue().isEmpty() == isEmpty)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String shown(List<String> names) {
    List<String> first = names.stream().limit(SHOWN).map(name -> "'" + name + "'").toList();
    return names.size() + " (" + String.join(", ", first) + (names.size() > SHOWN ? ", …)" : ")");
  }

  boolean hasTest() {
    return hasTest;
  }

  List<String> classNames() {
    return List.copyOf(train.keySet());
  }

  List<Path> trainFiles() {
    return train.values().stream().flatMap(List::stream).toList();
  }

  List<Path> testFiles() {
    return test.values().stream().flatMap(List::stream).toList();
  }

  /** The index of each file's class: of training files, then of test files. */
  int[] labels(List<String> classNames) {
    List<Integer> labels = new ArrayList<>();
    for (SortedMap<String, List<Path>> part : List.of(train, test)) {
      part.forEach((name, files) -> files.forEach(file -> labels.add(classNames.indexOf(name))));
    }
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Says which files are none of the kind in class folders. */
  Optional<String> notice() {
    return leftOut.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: files=%d that are no %ss of a class folder are left out, such as %s"
                .formatted(
                    folder.path(),
                    leftOut.size(),
                    kind.form(),
                    folder.path().relativize(leftOut.get(0))));
  }
}
