package io.espalier.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Processes of the command line on a class path without the engine. */
final class EspalierProcess {
  static final String VECTORS = "--add-modules=jdk.incubator.vector";
  static final Path OWN_JDK = Path.of(System.getProperty("java.home"));

  private static final List<String> ENGINE =
      List.of("ai/djl/Model.class", "io/espalier/trainer/executor/engine/EngineExecutors.class");

  private static final String CLASS_PATH =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .map(Path::of)
          .filter(entry -> !holdsEngine(entry))
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));

  private final Path home;

  /** How a process ended, and what it printed to both of its streams. */
  record Ended(int exitCode, String text) {}

  EspalierProcess(Path home) {
    this.home = home;
  }

  private static boolean holdsEngine(Path entry) {
    if (Files.isDirectory(entry)) {
      return ENGINE.stream().anyMatch(name -> Files.exists(entry.resolve(name)));
    }
    if (!Files.exists(entry)) {
      return false;
    }
    try (ZipFile jar = new ZipFile(entry.toFile())) {
      return ENGINE.stream().anyMatch(name -> jar.getEntry(name) != null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a process that writes to {@code output}; the caller ends it. */
  Process start(Path output, Path jdk, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
    command.addAll(List.of("-Xmx900m", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", CLASS_PATH, Espalier.class.getName()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ESPALIER_HOME", home.resolve("home").toString());
    builder.environment().remove("ESPALIER_DEBUG");
    return builder.start();
  }

  /** Runs a process of this Java with the Vector API to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    return run(OWN_JDK, List.of(VECTORS), arguments);
  }

  Ended run(Path jdk, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(home, "process", ".log");
    Process process = start(output, jdk, options, arguments);
    try {
      return new Ended(process.waitFor(), Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }
}
