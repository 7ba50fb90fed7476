package io.espalier.service.data;

import io.espalier.configs.Rules;
import io.espalier.service.Ownership;
import java.time.Instant;
import java.util.Optional;

/**
 * An uploaded data set.
 *
 * @param name in the data directory, as recipes spell it
 * @param bytes of all files
 * @param sha256 of the file's bytes; of a folder, see {@link FolderDigest}
 * @param by name of the token that uploaded it
 * @param owner absent where a version without owners recorded it
 * @param project likewise
 */
public record DataSet(
    String name,
    Kind kind,
    int files,
    long bytes,
    String sha256,
    Instant uploaded,
    String by,
    Optional<String> owner,
    Optional<String> project) {
  static final String NAMES = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  static final String NAME_RULE =
      "1 to 100 letters, digits, . _ and -, the first a letter or digit";
  private static final String DIGESTS = "[0-9a-f]{64}";

  public enum Kind {
    FILE,
    FOLDER
  }

  public DataSet {
    new Rules()
        .require("name", name, name.matches(NAMES), NAME_RULE)
        .require("files", files, files >= 1, "1 or more")
        .require("bytes", bytes, bytes >= 0, "0 or more")
        .require("sha256", sha256, sha256.matches(DIGESTS), "64 hex digits")
        .verify();
  }

  public Ownership ownership() {
    return new Ownership(owner, project.orElse(Ownership.DEFAULT_PROJECT));
  }

  public static boolean isDigest(String text) {
    return text.matches(DIGESTS);
  }
}
