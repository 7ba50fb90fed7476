package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process of its own, of which nothing has been compiled yet. */
public final class TestProcess {
  public static final Path OWN_JDK = Path.of(System.getProperty("java.home"));
  public static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private TestProcess() {}

  /** The lines that a main class of the tests prints. */
  static List<String> lines(Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    return lines(OWN_JDK, main, options, arguments);
  }

  /** The same by another Java. */
  public static List<String> lines(
      Path jdk, Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
    return output.lines().toList();
  }
}
