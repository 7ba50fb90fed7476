package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Scripts in Debian's Python, with the libraries that its packages bring. */
final class Python {
  private static final Path INTERPRETER = Path.of("/usr/bin/python3");
  private static final String PACKAGES =
      "this test needs Debian packages: apt-get install python3-torch python3-safetensors python3-pandas";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Python() {}

  /** Runs a script to its end in {@code directory}, and returns what it printed. */
  static String run(Path directory, Path script, String... arguments)
      throws IOException, InterruptedException {
    assertThat(INTERPRETER).as(PACKAGES).exists();
    List<String> command = new ArrayList<>(List.of(INTERPRETER.toString(), script.toString()));
    command.addAll(List.of(arguments));
    Path log = directory.resolve(script.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly().onExit().join();
    String printed = Files.readString(log);
    assertThat(printed)
        .as(
            "a library is missing: apt-get install python3-torch python3-safetensors python3-pandas")
        .doesNotContain("ModuleNotFoundError");
    assertThat(ended && process.exitValue() == 0).as(printed).isTrue();
    return printed;
  }
}
