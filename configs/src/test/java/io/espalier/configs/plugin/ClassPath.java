package io.espalier.configs.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs code as if some classes were listed as members on the class path. */
public final class ClassPath {
  private static final String SERVICES = "META-INF/services/" + Plugin.class.getName();

  private ClassPath() {}

  /** As {@link #with(Path, List, Supplier)}, for classes that are there. */
  public static <T> T with(Path directory, Supplier<T> code, Class<?>... members) {
    return with(directory, Stream.of(members).map(Class::getName).toList(), code);
  }

  /** Lists the classes in a services file below {@code directory} for as long as the code runs. */
  public static <T> T with(Path directory, List<String> members, Supplier<T> code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      Path file = directory.resolve(SERVICES);
      Files.createDirectories(file.getParent());
      Files.write(file, members);
      URL[] entries = {directory.toUri().toURL()};
      try (URLClassLoader loader = new URLClassLoader(entries, before)) {
        thread.setContextClassLoader(loader);
        return code.get();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
