package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecipeLoaderTest {
  private final RecipeLoader loader = new RecipeLoader();
  @TempDir private Path folder;

  @Test
  void load_file_isPreferredToAShippedName() throws IOException {
    Path file = write("digits", "data = digits, model = lenet-5, name = mine");

    assertThat(load(file).name()).isEqualTo("mine");
    assertThat(loader.load("digits", List.of()).config().name()).isEqualTo("digits");
  }

  @Test
  void load_includes_areFoundNextToTheFileAndAmongShippedRecipes() throws IOException {
    Files.createDirectory(folder.resolve("parts"));
    write("parts/net.conf", "include \"width.conf\"\nmodel.kind = resnet-8");
    write("parts/width.conf", "model.width = 5");
    Path file =
        write(
            "mine.conf",
            """
            include "gradual"
            include required(file("parts/net.conf"))
            data = digits
            """);

    RunConfig run = load(file);

    assertThat(run.model().architecture()).isEqualTo(new ModelConfig.ResNet(8, 5));
    assertThat(run.name()).isEqualTo("gradual");
    assertThat(run.data().source()).isEqualTo(new DataConfig.Digits(0.2));
  }

  @Test
  void load_substitutions_seeIncludesAndOverrides() throws IOException {
    Path file =
        write(
            "mine.conf",
            """
            data = digits, model = lenet-5
            name = "seed "${seed}
            seed = 1
            train.max-restarts = ${?no.such.key}
            """);

    assertThat(loader.load(file.toString(), List.of("seed=7")).config().name()).isEqualTo("seed 7");
  }

  @Test
  void load_copyOfAShippedRecipe_equalsIt() throws IOException {
    for (String name : Recipes.names()) {
      Path copy = write("copy.conf", Recipes.text(name).orElseThrow());

      assertThat(load(copy)).isEqualTo(loader.load(name, List.of()).config());
    }
  }

  @Test
  void located_problemsOfALaterStep_haveTheLinesOfTheirPaths() throws IOException {
    Path file =
        write(
            "mine.conf",
            """
            data = digits
            model { kind = layers, layers = [
              flatten
              { kind = linear, outputs = 7 }
            ] }
            """);
    InvalidConfigException found =
        new InvalidConfigException(
            Stream.of("model.layers[1].outputs", "model.layers[0].from", "train.epochs", "seed")
                .map(path -> new Problem(Optional.empty(), path, "no"))
                .toList());

    assertThat(loader.located(found, file.toString(), List.of("train.epochs=3")).problems())
        .extracting(Problem::toString)
        .containsExactly(
            file + ":4: model.layers[1].outputs: no",
            file + ":3: model.layers[0].from: no",
            "command line -D train.epochs=3: train.epochs: no",
            "seed: no");
  }

  @Test
  void overrides_severalOfOneKey_theLastWins() {
    List<String> overrides =
        List.of("train.epochs=3", "train { epochs = 4, trainers = 1 }", "train.epochs = 5");

    RunConfig run = loader.load("digits", overrides).config();

    assertThat(run.train().clock().epochs()).isEqualTo(5);
    assertThat(run.train().trainers()).isEqualTo(1);
  }

  @Test
  void overrides_keyOfABareName_keepsTheName() {
    RunConfig run =
        loader
            .parse(
                "test.conf",
                minimal("prune.schedule = one-shot"),
                List.of("prune.schedule.begin=5%"))
            .config();

    assertThat(run.prune().schedule())
        .isEqualTo(MemberSettings.of("one-shot").with("begin", new Span.Percent(5)));
  }

  @Test
  void overrides_bareNameOfABlock_replacesTheBlock() {
    RunConfig run = loader.load("gradual", List.of("prune.schedule=one-shot")).config();

    assertThat(run.prune().schedule())
        .isEqualTo(MemberSettings.of("one-shot").with("begin", new Span.Percent(50)));
  }

  @Test
  void overrides_keyOfADefaultChoice_refersToThatChoice() {
    RunConfig run =
        loader.parse("test.conf", minimal(""), List.of("prune.schedule.end=40%")).config();

    assertThat(run.prune().schedule())
        .isEqualTo(
            MemberSettings.of("cubic")
                .with("begin", new Span.Percent(10))
                .with("end", new Span.Percent(40))
                .with("updates", 50)
                .with("initial", 0.0)
                .with("continue", Optional.empty())
                .with("freeze", Optional.empty()));
  }

  @Test
  void overrides_signsThatHoconReserves_needNoQuotes() {
    RunConfig run =
        loader.load("quickstart", List.of("name=a//b#c:d*", "data.path = x#y")).config();

    assertThat(run.name()).isEqualTo("a//b#c:d*");
    assertThat(run.data().source())
        .isEqualTo(new DataConfig.FashionMnist(Optional.of(Path.of("x#y").toAbsolutePath())));
  }

  @Test
  void values_otherNotations_areRead() {
    RunConfig run =
        loader
            .parse(
                "test.conf",
                """
                { "data": { "kind": "csv", "path": "a.csv", "label": 3, "validation": "5 %" },
                  "model": { "kind": "mlp" }, "seed": "7", "name": 12,
                  "train": { "epochs": 1e1, "progress-timeout": "2 minutes",
                             "sync-every": "0.5 epochs" } }
                """,
                List.of())
            .config();

    assertThat(run.data())
        .isEqualTo(
            new DataConfig(
                new DataConfig.Csv(
                    Path.of("a.csv").toAbsolutePath(), "3", new DataConfig.TestSet.Share(0.2)),
                128,
                0.05));
    assertThat(run.model().architecture()).isEqualTo(new ModelConfig.Mlp(List.of(300, 100)));
    assertThat(run.seed()).isEqualTo(7);
    assertThat(run.name()).isEqualTo("12");
    assertThat(run.train().clock().epochs()).isEqualTo(10);
    assertThat(run.train().clock().syncEvery()).isEqualTo(new Span.Epochs(0.5));
    assertThat(run.train().recovery().progressTimeout()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void parse_systemProperties_areNotSeen() {
    System.setProperty("seed", "99");
    try {
      assertThat(loader.load("digits", List.of()).config().seed()).isEqualTo(42);
    } finally {
      System.clearProperty("seed");
    }
  }

  private RunConfig load(Path file) {
    return loader.load(file.toString(), List.of()).config();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String minimal(String more) {
    return "data = digits, model = lenet-5\n" + more;
  }
}
