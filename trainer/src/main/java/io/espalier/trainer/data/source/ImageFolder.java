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

/**
 * The images of a folder by class, whose name is that of the folder that holds them: class folders,
 * or class folders in {@code train} and {@code test}.
 */
final class ImageFolder {
  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final int MAX_CLASSES = 10_000;
  private static final int SHOWN = 5;

  private final DataFile folder;
  private final List<Path> leftOut = new ArrayList<>();
  private final boolean hasTest;
  private final SortedMap<String, List<Path>> train;
  private final SortedMap<String, List<Path>> test;

  private ImageFolder(DataFile folder) {
    this.folder = folder;
    Set<String> names = new TreeSet<>();
    ImageFiles.list(folder, folder.path(), Files::isDirectory)
        .forEach(each -> names.add(ImageFiles.nameOf(each)));
    this.hasTest = names.containsAll(Set.of(TRAIN, TEST));
    if (hasTest && names.size() > 2) {
      names.removeAll(Set.of(TRAIN, TEST));
      throw folder.problem(
          "must hold either the folders train and test, or class folders: others=%s; images of a validation set belong into train, data.validation holds out a share of them"
              .formatted(names));
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
  static ImageFolder of(DataFile folder) {
    if (!Files.isDirectory(folder.path())) {
      throw folder.problem("must be a directory with one folder of images per class");
    }
    return new ImageFolder(folder);
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
                    "a class folder must hold files only: class folder=%s, folder in it=%s; move its images up, or make it a class of its own"
                        .formatted(each, ImageFiles.nameOf(nested)));
              });
      classes.put(ImageFiles.nameOf(each), files.stream().filter(ImageFiles::isImage).toList());
      files.stream().filter(path -> !ImageFiles.isImage(path)).forEach(leftOut::add);
    }
    return classes;
  }

  private void leaveOut(Path parent) {
    leftOut.addAll(ImageFiles.list(folder, parent, path -> !Files.isDirectory(path)));
  }

  /** Refuses too few or too many classes, and classes without a training image. */
  ImageFolder required() {
    List<String> empty = names(train, true);
    List<String> onlyTested = new ArrayList<>(names(test, false));
    onlyTested.removeAll(names(train, false));
    if (!onlyTested.isEmpty()) {
      throw folder.problem(
          "every class in test must have images in train: only in test=%s; move some of its images to train, or remove the folder"
              .formatted(shown(onlyTested)));
    }
    if (!empty.isEmpty()) {
      throw folder.problem(
          "every class folder must hold a PNG, JPEG or BMP file: empty=%s; add images, or remove the folder"
              .formatted(shown(empty)));
    }
    if (train.size() < 2 || train.size() > MAX_CLASSES) {
      throw folder.problem(
          "must hold from 2 to %d class folders, each with the images of one class: classes=%d%s, files beside them=%d"
              .formatted(
                  MAX_CLASSES,
                  train.size(),
                  train.size() == 1 ? " ('" + train.firstKey() + "')" : "",
                  leftOut.size()));
    }
    if (hasTest && testFiles().isEmpty()) {
      throw folder.problem(
          "must hold images in test: test images=0; add some, or name the folder train as data.path, and data.test takes a share of it");
    }
    return this;
  }

  /** Refuses classes that a network does not have, and a folder without an image. */
  ImageFolder requiredOf(List<String> classNames) {
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
          "must hold images in class folders: training images=%d, test images=%d"
              .formatted(trainFiles().size(), testFiles().size()));
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

  /** The index of each file's class: of training images, then of test images. */
  int[] labels(List<String> classNames) {
    List<Integer> labels = new ArrayList<>();
    for (SortedMap<String, List<Path>> part : List.of(train, test)) {
      part.forEach((name, files) -> files.forEach(file -> labels.add(classNames.indexOf(name))));
    }
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Says which files are no images in class folders. */
  Optional<String> notice() {
    return leftOut.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: files=%d that are no PNG, JPEG or BMP files of a class folder are left out, such as %s"
                .formatted(
                    folder.path(), leftOut.size(), folder.path().relativize(leftOut.get(0))));
  }
}
