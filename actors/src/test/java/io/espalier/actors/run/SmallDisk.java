package io.espalier.actors.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own that is small, can be filled, and can be made read-only. */
public final class SmallDisk {
  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounts one; the test is left out where the user may not mount. */
  public static SmallDisk mount(Path directory, long kilobytes) throws Exception {
    Files.createDirectories(directory);
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", directory.toString());
    assumeTrue(mounted, "needs the right to mount file systems");
    return new SmallDisk(directory);
  }

  /** Takes all that is left. */
  public void fill() throws IOException {
    byte[] block = new byte[1024];
    try (var out = Files.newOutputStream(directory.resolve("filler"))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // That it is full is what was wanted.
      return;
    }
  }

  /** Gives back so much of what {@link #fill} took. */
  public void free(long bytes) throws IOException {
    try (var filler = new RandomAccessFile(directory.resolve("filler").toFile(), "rw")) {
      filler.setLength(filler.length() - bytes);
    }
  }

  /** Gives back what {@link #fill} took. */
  public void free() throws IOException {
    Files.deleteIfExists(directory.resolve("filler"));
  }

  public void resize(long kilobytes) throws Exception {
    remount("size=" + kilobytes + "k");
  }

  public void makeReadOnly() throws Exception {
    remount("ro");
  }

  private void remount(String options) throws Exception {
    if (!run("mount", "-o", "remount," + options, directory.toString())) {
      throw new IOException("a mounted disk must take new options: " + options);
    }
  }

  public void unmount() throws Exception {
    run("umount", "-l", directory.toString());
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(List.of(command)).redirectErrorStream(true).start().waitFor() == 0;
  }
}
