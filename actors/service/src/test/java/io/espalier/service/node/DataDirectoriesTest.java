package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.Submission;
import io.espalier.service.View;
import io.espalier.service.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataDirectoriesTest {
  @TempDir Path root;

  private Path data;
  private Submissions submissions;

  @BeforeEach
  void files() throws IOException {
    root = root.toRealPath();
    data = Files.createDirectories(root.resolve("data"));
    Files.createDirectories(data.resolve("sets"));
    Files.writeString(data.resolve("sets/flowers.csv"), "a,b\n1,2\n");
    Files.writeString(root.resolve("secret.csv"), "a,b\n1,2\n");
    Files.createSymbolicLink(data.resolve("link.csv"), root.resolve("secret.csv"));
    Files.createSymbolicLink(data.resolve("out"), root);
    Files.createSymbolicLink(data.resolve("alias.csv"), data.resolve("sets/flowers.csv"));
    submissions = new Submissions(new DataDirectories(List.of(data)), Clock.systemUTC());
  }

  @Test
  void path_insideOfADataDirectory_becomesAbsolute() {
    // Given
    String expected = "path = \"" + data.resolve("sets/flowers.csv") + '"';

    // When
    RunSpec relative = csv("sets/flowers.csv");
    RunSpec absolute = csv(data.resolve("sets/flowers.csv").toString());
    RunSpec alias = csv("alias.csv");

    // Then
    assertThat(relative.recipe()).contains(expected);
    assertThat(absolute.recipe()).contains(expected);
    assertThat(alias.recipe()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"sets/tokenizer.json\"", "{ kind = tokenizer, path = sets/tokenizer.json }"})
  void tokenizer_insideOfADataDirectory_becomesAbsolute(String vocabulary) throws IOException {
    // Given
    Files.writeString(data.resolve("sets/tokenizer.json"), "{}");
    String recipe =
        "name = texts, model = text-classifier, data { kind = labelled-text, context = 8, vocabulary = %s }";

    // When
    RunSpec run = spec(recipe.formatted(vocabulary), List.of());

    // Then
    assertThat(run.recipe()).contains("path = \"" + data.resolve("sets/tokenizer.json") + '"');
    assertThat(run.memoryMb()).isPositive();
    assertThatThrownBy(() -> spec(recipe.formatted("\"../secret.json\""), List.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.vocabulary.path");
  }

  @Test
  void recipe_namingAnAddressToFetchFrom_isRefused() {
    // Given
    String recipe =
        "name = far, model { kind = mlp, hidden = [4] }, data { kind = fashion-mnist, url = \"http://127.0.0.1:1/\" }";

    // When
    ThrowingCallable submitting = () -> spec(recipe, List.of());

    // Then
    assertThatThrownBy(submitting)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.url=http://127.0.0.1:1/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../secret.csv",
        "sets/../../secret.csv",
        "ROOT/secret.csv",
        "ROOT/data/../secret.csv",
        "link.csv",
        "ROOT/data/link.csv",
        "out/secret.csv",
        "missing.csv",
        "/proc/self/environ"
      })
  void path_outside_isRefused(String path) {
    // Given
    String spelled = path.replace("ROOT", root.toString());

    // When, then
    assertThatThrownBy(() -> csv(spelled))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.path: a file must lie in a data directory of the service")
        .hasMessageNotContaining(data + ",")
        .hasMessageNotContaining(data + ";");
  }

  @Test
  void path_thatIsRelative_isRefusedAsItWasWritten() {
    assertThatThrownBy(() -> csv("missing.csv")).hasMessageContaining("data.path=missing.csv;");
    assertThatThrownBy(() -> csv("../missing.csv"))
        .hasMessageContaining("data.path=../missing.csv;");
  }

  @Test
  void path_thatTheServiceLacks_isRefusedWithTheCommandThatUploadsIt() {
    assertThatThrownBy(() -> csv("tables/missing.csv"))
        .hasMessageContaining(
            "upload it with 'espalier data upload missing.csv tables/missing.csv' and name it with"
                + " -D data.path=missing.csv");
    assertThatThrownBy(() -> csv("my tables/no.csv"))
        .hasMessageContaining("'espalier data upload no.csv \"my tables/no.csv\"'");
  }

  @Test
  void message_withoutPlaces_namesFilesRelative_alsoThroughALink() throws IOException {
    // Given
    Path link = Files.createSymbolicLink(root.resolve("alias"), data);
    DataDirectories directories = new DataDirectories(List.of(link));

    // When
    String message =
        directories.withoutPlaces("cause=%s/sets/a.csv, %s/b.csv, %s".formatted(link, data, data));

    // Then
    assertThat(message).isEqualTo("cause=sets/a.csv, b.csv, .");
  }

  @Test
  void everyPathOfARecipe_isConfined() {
    // Given
    String weights = "data = digits\nmodel { kind = lenet-300-100, weights = \"/etc/passwd\" }";
    String idx = "data { kind = idx, path = \"/etc\" }\nmodel = lenet-300-100";
    String fashion = "data { kind = fashion-mnist, path = \"/etc\" }\nmodel = lenet-300-100";
    String test =
        "data { kind = csv, path = \"sets/flowers.csv\", label = b, test-path = \"/etc/passwd\" }\nmodel { kind = mlp, hidden = [3] }";

    String images =
        "data { kind = images, path = \"/etc\", size = 8 }\nmodel { kind = mlp, hidden = [3] }";
    String teacher =
        "data = digits\nmodel = lenet-300-100\ntrain.objective { kind = distillation, teacher = \"/etc/passwd\" }";

    // When, then
    assertThatThrownBy(() -> spec(images, List.of())).hasMessageContaining("data.path");
    assertThatThrownBy(() -> spec(teacher, List.of()))
        .hasMessageContaining("train.objective.teacher: a file must lie in a data directory");
    assertThatThrownBy(() -> spec(weights, List.of())).hasMessageContaining("model.weights.file");
    assertThatThrownBy(() -> spec(idx, List.of())).hasMessageContaining("data.path");
    assertThatThrownBy(() -> spec(fashion, List.of())).hasMessageContaining("data.path");
    assertThatThrownBy(() -> spec(test, List.of())).hasMessageContaining("data.test-path");
    assertThatThrownBy(
            () ->
                spec(
                    "data = digits\nmodel = lenet-300-100",
                    List.of("model.weights=\"/etc/passwd\"")))
        .hasMessageContaining("model.weights.file");
  }

  @Test
  void imageFolder_insideOfADataDirectory_becomesAbsolute() {
    // Given
    String recipe =
        "data { kind = images, path = \"sets\", size = 8 }\nmodel { kind = mlp, hidden = [3] }";

    // When
    RunSpec spec = spec(recipe, List.of());

    // Then
    assertThat(spec.recipe()).contains("path = \"" + data.resolve("sets") + '"');
  }

  private RunSpec csv(String path) {
    return spec(
        "data { kind = csv, path = \"%s\", label = b }\nmodel { kind = mlp, hidden = [3] }"
            .formatted(path),
        List.of());
  }

  private RunSpec spec(String recipe, List<String> overrides) {
    return submissions.spec(
        new Submission(recipe, "r.conf", overrides, 0, OptionalInt.empty(), Optional.empty()),
        View.WHOLE);
  }
}
