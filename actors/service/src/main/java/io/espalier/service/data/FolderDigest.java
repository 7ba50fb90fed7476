package io.espalier.service.data;

import io.espalier.trainer.file.Sha256;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digest of a folder: SHA-256 of the lines {@code DIGEST PATH} of its files, in the order of
 * their paths, as {@code sha256sum} prints them. Not thread-safe.
 */
public final class FolderDigest {
  private final SortedMap<String, String> files = new TreeMap<>();

  /** Adds a file; {@code path} has slashes. */
  public void add(String path, String sha256) {
    files.put(path, sha256);
  }

  public String value() {
    StringBuilder lines = new StringBuilder();
    files.forEach((path, sha256) -> lines.append(sha256).append("  ").append(path).append('\n'));
    return Sha256.ofText(lines.toString());
  }
}
