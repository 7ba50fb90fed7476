package io.espalier.configs.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Directories that only their owner may enter, whatever the umask is; on POSIX file systems. */
public final class PrivateDirectory {
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?>[] ATTRIBUTES = {PosixFilePermissions.asFileAttribute(MODE)};

  private PrivateDirectory() {}

  /** Makes a directory and its missing parents; leaves one that is there as it is. */
  public static Path create(Path directory) throws IOException {
    return Files.isDirectory(directory)
        ? directory
        : Files.createDirectories(directory, ATTRIBUTES);
  }

  /**
   * Makes a directory in one that is there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static Path createNew(Path directory) throws IOException {
    return Files.createDirectory(directory, ATTRIBUTES);
  }

  /** Makes a directory, and closes one that is there to others; not where another user owns it. */
  public static Path own(Path directory) throws IOException {
    create(directory);
    if (!MODE.containsAll(Files.getPosixFilePermissions(directory))) {
      try {
        Files.setPosixFilePermissions(directory, MODE);
      } catch (FileSystemException e) {
        // Its owner chose who may enter.
        return directory;
      }
    }
    return directory;
  }
}
