package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a checkout of its own, with a Maven and a Java that only say what they do. */
class LauncherTest {
  private static final String MAVEN =
      """
      #!/bin/bash
      echo build >>"$ROOT/builds"
      echo '[INFO] Building masks 0.2.0-SNAPSHOT                       [2/14]'
      printf 'half ' >"$ROOT/actors/cli/target/espalier.jar"
      printf 'half ' >"$ROOT/actors/bench/target/espalier-bench.jar"
      # The other start has this time to find half a jar.
      until [[ ! -e $ROOT/hold ]]; do sleep 0.05; done
      [[ ! -e $ROOT/broken ]] || { echo 'it does not compile'; exit 1; }
      printf 'whole' >>"$ROOT/actors/cli/target/espalier.jar"
      """;
  private static final String JAVA =
      """
      #!/bin/bash
      if [[ " $* " == *" --add-modules=jdk.incubator.vector "* ]]; then
        echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
      fi
      echo 'a problem' >&2
      echo "ran with $(<"$ROOT/actors/cli/target/espalier.jar")"
      """;

  @TempDir private Path root;

  @BeforeEach
  void checkout() throws IOException {
    for (String place :
        List.of(
            "configs/src/main",
            "configs/recipes",
            "trainer/sparse/src/main",
            "actors/cli/src/main",
            "actors/federation/client/src/main",
            "actors/cli/target",
            "actors/bench/target",
            "bin",
            "java/bin")) {
      Files.createDirectories(root.resolve(place));
    }
    for (String file :
        List.of(
            "pom.xml",
            "configs/pom.xml",
            "configs/reference.conf",
            "trainer/sparse/pom.xml",
            "actors/cli/pom.xml",
            "actors/federation/client/pom.xml")) {
      Files.createFile(root.resolve(file));
    }
    Files.copy(Path.of("../../espalier"), root.resolve("espalier"));
    Files.writeString(root.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    script("bin/mvn", MAVEN);
    script("java/bin/java", JAVA);
  }

  @Test
  void start_byAPath_passesItForHints() throws Exception {
    script("java/bin/java", "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");
    output(start());

    assertThat(output(start()).lines())
        .contains(
            "-Despalier.command=" + root.resolve("espalier"),
            "-Despalier.launcher=" + root.toRealPath().resolve("espalier"));
  }

  @Test
  void start_twiceAtOnceWithoutAJar_buildsOnceAndBothRunTheWholeJar() throws Exception {
    Files.createFile(root.resolve("hold"));
    Process first = start();
    while (!Files.exists(root.resolve("builds"))) {
      Thread.onSpinWait();
    }
    Process second = start();
    String waits = second.errorReader(StandardCharsets.UTF_8).readLine();
    Files.delete(root.resolve("hold"));

    assertThat(waits).contains("another start of Espalier builds it");
    assertThat(output(first)).contains("ran with half whole");
    assertThat(output(second)).contains("ran with half whole");
    assertThat(root.resolve("builds")).hasContent("build");
    assertThat(output(start())).contains("ran with half whole");
    assertThat(root.resolve("builds")).hasContent("build");
  }

  @Test
  void start_buildTakesLong_saysHowFarItIs() throws Exception {
    Files.createFile(root.resolve("hold"));
    Process building = start();

    try (var errors = building.errorReader(StandardCharsets.UTF_8)) {
      assertThat(errors.readLine()).contains("one minute, or several");
      assertThat(errors.readLine()).startsWith("building Espalier: ");
      assertThat(errors.readLine()).contains("module 2 of 14, masks");
    }
    Files.delete(root.resolve("hold"));
    assertThat(building.waitFor()).isZero();
  }

  @Test
  void start_afterABuildThatFailed_buildsAgain() throws Exception {
    Files.createFile(root.resolve("broken"));
    Process failed = start();
    assertThat(failed.waitFor()).isEqualTo(1);
    assertThat(new String(failed.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("it does not compile", "the build failed");

    Files.delete(root.resolve("broken"));
    assertThat(output(start())).contains("ran with half whole");
  }

  @Test
  void start_withVectors_leavesOutTheWarningOfJavaAlone() throws Exception {
    assertThat(output(start())).contains("ran with half whole");

    Process again = start();
    assertThat(new String(again.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("a problem\n");
    assertThat(again.waitFor()).isZero();
  }

  @Test
  void start_ofAJavaWithoutVectors_doesNotAskForThem() throws Exception {
    Files.writeString(
        root.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\nMODULES=\"java.base\"\n");
    script("java/bin/java", "#!/bin/bash\necho \"$*\"\n");

    assertThat(output(start()))
        .contains("io.espalier.cli.Espalier recipes")
        .doesNotContain("--add-modules");
  }

  @ParameterizedTest
  @CsvSource({"17.0.1, false", "21, false", "24, true", "25.0.1, true"})
  void start_ofAJavaThatWarnsOfMemoryAccess_allowsIt(String version, boolean allows)
      throws Exception {
    Files.writeString(root.resolve("java/release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    script("java/bin/java", "#!/bin/bash\necho \"$*\"\n");

    assertThat(output(start()).contains(" --sun-misc-unsafe-memory-access=allow "))
        .isEqualTo(allows);
  }

  private void script(String path, String text) throws IOException {
    Path file = Files.writeString(root.resolve(path), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("espalier").toString(), "recipes");
    Map<String, String> environment = builder.environment();
    environment.put("ROOT", root.toString());
    environment.put("JAVA_HOME", root.resolve("java").toString());
    environment.put("PATH", root.resolve("bin") + ":" + environment.get("PATH"));
    environment.remove("ESPALIER_CLASSPATH");
    return builder.start();
  }

  private static String output(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return text;
  }
}
