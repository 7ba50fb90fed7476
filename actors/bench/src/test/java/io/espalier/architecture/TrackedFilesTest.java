package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The repository holds sources, resources, documents, examples and what builds them. */
class TrackedFilesTest {
  private static final List<Pattern> PLACES =
      Stream.of(
              "(CHANGELOG|CONTRIBUTING|ARCHITECTURE)\\.md|LICENSE|\\.gitignore|espalier",
              "\\.ci/[a-z]+",
              "(.+/)?(README\\.md|pom\\.xml)",
              ".+/src/(main|test|fixtures)/java/.+\\.java",
              ".+/src/(main|test|fixtures)/resources/.+",
              ".+/src/main/protobuf/.+\\.proto",
              ".+/src/main/filtered/.+\\.properties",
              "configs/(reference|recipes/[a-z0-9-]+)\\.conf",
              "docs/.+\\.md",
              "docs/images/[a-z-]+\\.(png|svg)",
              "docs/deploy/[A-Za-z.]+",
              "docs/examples/.+\\.(java|py|conf|xml)",
              "docs/examples/.*META-INF/services/[A-Za-z.]+")
          .map(Pattern::compile)
          .toList();

  @Test
  void files_thatAreTracked_haveAPlace() throws IOException, InterruptedException {
    List<String> tracked = tracked();

    assertThat(tracked).hasSizeGreaterThan(1_000);
    assertThat(tracked)
        .as("files outside of the places of sources, resources, documents and examples")
        .allMatch(file -> PLACES.stream().anyMatch(place -> place.matcher(file).matches()));
  }

  private static List<String> tracked() throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z")
            .directory(Path.of("..", "..").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).isZero();
    return List.of(names.split("\0"));
  }
}
