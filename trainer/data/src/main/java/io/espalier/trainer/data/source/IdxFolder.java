package io.espalier.trainer.data.source;

import io.espalier.configs.file.FileCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The IDX files of one data set, found by MNIST-like names such as {@code train-images-idx3-ubyte};
 * an unpacked file precedes its {@code .gz}. Immutable and thread-safe.
 */
public final class IdxFolder {
  private static final Pattern NAME =
      Pattern.compile("(?:.+[-_.])?(train|t10k|test)-(images|labels)[-.]idx\\d(?:-[a-z]+)?");
  private static final String PACKED = ".gz";

  public enum Role {
    TRAIN_IMAGES("train-images-idx3-ubyte"),
    TRAIN_LABELS("train-labels-idx1-ubyte"),
    TEST_IMAGES("t10k-images-idx3-ubyte"),
    TEST_LABELS("t10k-labels-idx1-ubyte");

    private final String usualName;

    Role(String usualName) {
      this.usualName = usualName;
    }

    public String usualName() {
      return usualName;
    }

    public static Optional<Role> of(String name) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      String set = "train".equals(matcher.group(1)) ? "TRAIN_" : "TEST_";
      return Optional.of(
          valueOf(set + Objects.requireNonNull(matcher.group(2)).toUpperCase(Locale.ROOT)));
    }
  }

  private final DataFile directory;
  private final Map<Role, Path> files;

  private IdxFolder(DataFile directory, Map<Role, Path> files) {
    this.directory = directory;
    this.files = files;
  }

  /** Finds the files of a directory, which may be absent; refuses two files of one role. */
  public static IdxFolder of(Path path, String key) {
    DataFile directory = new DataFile(path, key);
    Map<Role, Path> files = new EnumMap<>(Role.class);
    for (Path file : list(directory)) {
      Optional<Role> role = Role.of(unpackedName(file));
      if (role.isPresent()) {
        Path known = files.putIfAbsent(role.get(), file);
        if (known != null && !unpackedName(known).equals(unpackedName(file))) {
          throw directory.problem(
              "must hold one data set, so one file of each role: %s and %s"
                  .formatted(known.getFileName(), file.getFileName()));
        }
      }
    }
    return new IdxFolder(directory, files);
  }

  private static List<Path> list(DataFile directory) {
    if (!Files.isDirectory(directory.path())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory.path())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw directory.problem("must be a readable directory: " + FileCause.of(e));
    }
  }

  private static String unpackedName(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
  }

  public Path path() {
    return directory.path();
  }

  public Optional<DataFile> file(Role role) {
    return Optional.ofNullable(files.get(role)).map(path -> new DataFile(path, directory.key()));
  }

  public Optional<String> name(Role role) {
    return Optional.ofNullable(files.get(role)).map(IdxFolder::unpackedName);
  }

  public boolean isComplete() {
    return files.size() == Role.values().length;
  }

  public boolean hasTest() {
    return files.containsKey(Role.TEST_IMAGES) && files.containsKey(Role.TEST_LABELS);
  }

  /** Refuses a folder without training images or labels, or with half a test set. */
  public IdxFolder required() {
    List<Role> missing = new ArrayList<>(List.of(Role.TRAIN_IMAGES, Role.TRAIN_LABELS));
    if (files.containsKey(Role.TEST_IMAGES) || files.containsKey(Role.TEST_LABELS)) {
      missing.addAll(List.of(Role.TEST_IMAGES, Role.TEST_LABELS));
    }
    missing.removeAll(files.keySet());
    if (!missing.isEmpty()) {
      throw directory.problem(
          "must be a directory that holds %s, each plain or as .gz: found %s"
              .formatted(
                  String.join(" and ", missing.stream().map(Role::usualName).toList()),
                  files.isEmpty()
                      ? "no IDX files"
                      : files.values().stream().map(Path::getFileName).toList()));
    }
    return this;
  }
}
