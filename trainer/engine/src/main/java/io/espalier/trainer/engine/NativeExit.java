package io.espalier.trainer.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ends a process without the destructors of native libraries. The virtual machine ends by the C
 * library's {@code exit}, also for {@code Runtime.halt}, which frees what engine threads still use:
 * a step that is under way then crashes the process. The exit code, shutdown hooks and files that
 * are deleted on exit are not affected. Works with glibc; elsewhere it does nothing.
 */
public final class NativeExit {
  private static final Path MAPPED = Path.of("/proc/self/maps");
  private static final List<String> LIBRARIES = List.of("libtorch", "libonnxruntime");

  private NativeExit() {}

  /** Has every way out of this process that runs shutdown hooks skip destructors. */
  public static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(NativeExit::skipDestructors, "native-exit"));
  }

  /** Ends the process at once, without shutdown hooks and without destructors. */
  public static void halt(int exitCode) {
    skipDestructors();
    Runtime.getRuntime().halt(exitCode);
  }

  /**
   * Handlers of {@code exit} run in the reverse order of their registration: one that is registered
   * last, and ends the process, keeps those of all libraries loaded before from running.
   */
  private static void skipDestructors() {
    try {
      if (hasEngine()) {
        NativeLibrary process = NativeLibrary.getProcess();
        Function end = process.getFunction("_exit");
        process.getFunction("on_exit").invokeInt(new Object[] {end, Pointer.NULL});
      }
    } catch (IOException | LinkageError e) {
      // No Linux, or no glibc: the process ends as it would without this.
      return;
    }
  }

  private static boolean hasEngine() throws IOException {
    if (!Files.isReadable(MAPPED)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(MAPPED)) {
      return lines.anyMatch(line -> LIBRARIES.stream().anyMatch(line::contains));
    }
  }
}
