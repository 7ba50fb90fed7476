package io.espalier.trainer.data.source;

import io.espalier.configs.file.FileCause;
import io.espalier.trainer.data.image.ImageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists folders in the order of names, whatever the file system's order is. */
final class ImageFiles {
  /**
   * Files that file managers leave behind, in lower case; names that begin with a dot count too.
   */
  private static final Set<String> CLUTTER =
      Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir");

  private ImageFiles() {}

  static String nameOf(Path path) {
    return path.getFileName().toString();
  }

  static boolean isImage(Path path) {
    return ImageDecoder.isNamedAsImage(nameOf(path));
  }

  static List<Path> list(DataFile folder, Path parent, Predicate<Path> filter) {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(path -> isSeen(path.getFileName()))
          .filter(filter)
          .sorted(Comparator.comparing(ImageFiles::nameOf))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw folder.problem("must be a readable directory: " + FileCause.of(e));
    }
  }

  /** All files below a folder that pass a filter. */
  static List<Path> allBelow(DataFile folder, Predicate<Path> filter) {
    try (Stream<Path> all = Files.walk(folder.path())) {
      return all.filter(path -> isSeen(folder.path().relativize(path)))
          .filter(path -> filter.test(path) && !Files.isDirectory(path))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw folder.problem("must be a readable directory: " + FileCause.of(e));
    }
  }

  private static boolean isSeen(Path relative) {
    for (Path name : relative) {
      String text = name.toString();
      if (text.startsWith(".") || CLUTTER.contains(text.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }
}
