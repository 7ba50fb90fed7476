package io.espalier.service.data;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The path of a file in an uploaded folder. */
public final class FolderPath {
  private static final int MOST_LEVELS = 16;
  private static final int MOST_BYTES = 255;

  private FolderPath() {}

  /**
   * Returns the path, which stays inside of the folder.
   *
   * @throws IllegalArgumentException if it is absolute, leads out, or has control characters
   */
  public static String require(String path) {
    List<String> parts = List.of(path.split("/", -1));
    if (parts.size() > MOST_LEVELS || !parts.stream().allMatch(FolderPath::isName)) {
      throw new IllegalArgumentException(
          "a file of a folder must have a relative path of at most %d names, each of 1 to %d bytes, none of them . or .., without control characters and backslashes: path=%s; rename it"
              .formatted(MOST_LEVELS, MOST_BYTES, shown(path)));
    }
    return path;
  }

  private static boolean isName(String part) {
    return !part.isEmpty()
        && !part.equals(".")
        && !part.equals("..")
        && part.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
        && part.chars().noneMatch(each -> Character.isISOControl(each) || each == '\\');
  }

  private static String shown(String path) {
    String printable = path.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 100 ? printable : printable.substring(0, 100) + "…";
  }
}
