package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.DataConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.WeightsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecipesTest {
  private static final List<String> BENCHMARK =
      List.of(
          "dense", "one-shot", "random", "set", "rigl", "gradual", "taylor", "soft", "annealed");

  static List<String> names() {
    return Recipes.names();
  }

  @Test
  void names_shippedRecipes_areTheFilesOfTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("recipes"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".conf", "")))
          .containsExactlyInAnyOrderElementsOf(Recipes.names());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void text_shippedRecipe_startsWithItsSummaryAndItsName(String name) {
    assertThat(Recipes.text(name)).hasValueSatisfying(text -> assertThat(text).startsWith("# "));
    assertThat(Recipes.summary(name))
        .hasValueSatisfying(summary -> assertThat(summary).hasSizeBetween(20, 90));
    assertThat(config(name).name()).isEqualTo(name);
  }

  /** A file of another run is the only kind of file that a shipped recipe takes. */
  @ParameterizedTest
  @MethodSource("names")
  void earlierRun_ofARecipeThatTakesAFile_makesThatFile(String name) {
    String text = Recipes.text(name).orElseThrow();

    assertThat(Recipes.earlierRun(name).map(run -> text.contains('"' + run.file() + '"')))
        .isEqualTo(text.contains("model.safetensors\"") ? Optional.of(true) : Optional.empty());
  }

  @Test
  void summary_ofQuickstart_isItsFirstComment() {
    assertThat(Recipes.summary("quickstart"))
        .contains("Prunes 95 % of LeNet-300-100 while two trainers train it on Fashion-MNIST");
  }

  @Test
  void lookups_unknownName_areEmpty() {
    assertThat(Recipes.text("../reference")).isEmpty();
    assertThat(Recipes.summary("quick")).isEmpty();
  }

  @Test
  void quickstart_loaded_isTheRunItDescribes() {
    RunConfig config = config("quickstart");

    assertThat(config.seed()).isEqualTo(42);
    assertThat(config.data())
        .isEqualTo(new DataConfig(new DataConfig.FashionMnist(Optional.empty()), 128, 0.05));
    assertThat(config.model().architecture()).isEqualTo(new ModelConfig.LeNet300100());
    assertThat(config.train().clock().epochs()).isEqualTo(20);
    assertThat(config.train().trainers()).isEqualTo(2);
    assertThat(config.train().clock().syncEvery()).isEqualTo(new Span.Steps(16));
    assertThat(config.train().clock().evaluateEvery()).contains(new Span.Epochs(1));
    assertThat(config.train().step().optimizer()).isEqualTo(new OptimizerConfig.Sgd(0.9, 1e-4));
    assertThat(config.train().step().learningRate())
        .isEqualTo(new LearningRateConfig.Cosine(0.1, 0, new Span.Steps(0)));
    assertThat(config.prune().target().sparsity()).isEqualTo(0.95);
    assertThat(config.prune().schedule()).isEqualTo(cubic(75, 50));
    assertThat(config.prune().ranking().score()).isEqualTo(MemberSettings.of("magnitude"));
    assertThat(config.prune().ranking().allocation())
        .isEqualTo(MemberSettings.of("global").with("normalize", "none").with("sentinel", 0.5));
    assertThat(config.prune().mask().member()).isEqualTo(MemberSettings.of("hard"));
  }

  @Test
  void digits_loaded_needsNoFile() {
    RunConfig config = config("digits");

    assertThat(config.data()).isEqualTo(new DataConfig(new DataConfig.Digits(0.2), 32, 0));
    assertThat(config.model().architecture()).isEqualTo(new ModelConfig.Mlp(List.of(64, 32)));
    assertThat(config.train().trainers()).isEqualTo(2);
    assertThat(config.prune().target().sparsity()).isEqualTo(0.9);
  }

  @Test
  void fineTune_loaded_startsFromStoredWeights() {
    RunConfig config = config("fine-tune");

    assertThat(config.model())
        .isEqualTo(
            new ModelConfig(
                new ModelConfig.LeNet300100(),
                Optional.of(WeightsConfig.of(Path.of("dense/model.safetensors").toAbsolutePath())),
                config("dense").model().initial()));
    assertThat(config.train().clock().epochs()).isEqualTo(5);
    assertThat(config.prune().target().sparsity()).isEqualTo(0.95);
    assertThat(config.data()).isEqualTo(config("dense").data());
  }

  @Test
  void distill_loaded_differsFromGradualInTeacherAndSparsity() {
    RunConfig config = config("distill");
    RunConfig gradual = config("gradual");

    assertThat(config.train().loss().objective().path("teacher"))
        .isEqualTo(Path.of("dense/model.safetensors").toAbsolutePath());
    assertThat(config.data()).isEqualTo(gradual.data());
    assertThat(config.model()).isEqualTo(gradual.model());
    assertThat(config.train().step().optimizer()).isEqualTo(gradual.train().step().optimizer());
    assertThat(config.train().step().learningRate())
        .isEqualTo(gradual.train().step().learningRate());
    assertThat(config.prune().schedule()).isEqualTo(gradual.prune().schedule());
    assertThat(config.prune().target().sparsity()).isEqualTo(0.98);
  }

  @Test
  void groupLasso_loaded_penalisesUntilItsScheduleEnds() {
    RunConfig config = config("group-lasso");

    assertThat(config.train().step().rules())
        .singleElement()
        .satisfies(rule -> assertThat(rule.span("end")).isEqualTo(new Span.Percent(40)));
    assertThat(config.prune().schedule().span("end")).isEqualTo(new Span.Percent(40));
    assertThat(config.prune().target().sparsity()).isEqualTo(0.5);
  }

  @Test
  void benchmarkRows_loaded_differOnlyInPrune() {
    RunConfig gradual = config("gradual");

    assertThat(BENCHMARK)
        .allSatisfy(
            name -> {
              RunConfig row = config(name);
              assertThat(row.data()).isEqualTo(gradual.data());
              assertThat(row.model()).isEqualTo(gradual.model());
              assertThat(row.train()).isEqualTo(gradual.train());
              assertThat(row.seed()).isEqualTo(gradual.seed());
            });
    assertThat(gradual.train().clock().epochs()).isEqualTo(10);
    assertThat(gradual.train().trainers()).isEqualTo(1);
    assertThat(gradual.data().batchSize()).isEqualTo(128);
    assertThat(gradual.data().validation()).isZero();
  }

  @Test
  void benchmarkRows_loaded_pruneAsTheirNamesSay() {
    assertThat(config("dense").prune().target().sparsity()).isZero();
    assertThat(BENCHMARK.subList(1, BENCHMARK.size()))
        .allSatisfy(name -> assertThat(config(name).prune().target().sparsity()).isEqualTo(0.95));
    assertThat(config("one-shot").prune().schedule())
        .isEqualTo(MemberSettings.of("one-shot").with("begin", new Span.Percent(66.67)));
    assertThat(config("random").prune().ranking().score()).isEqualTo(MemberSettings.of("random"));
    assertThat(config("random").prune().ranking().allocation())
        .isEqualTo(MemberSettings.of("erk").with("power", 1.0));
    assertThat(config("random").prune().schedule()).isEqualTo(MemberSettings.of("constant"));
    assertThat(config("gradual").prune().schedule()).isEqualTo(cubic(75, 50));
    assertThat(config("soft").prune().schedule()).isEqualTo(cubic(75, 200));
    assertThat(config("soft").prune().mask().member()).isEqualTo(soft(5e-3));
    assertThat(config("dynamic-feedback").prune().schedule())
        .isEqualTo(
            cubic(75, 200)
                .with("continue", Optional.of(new Span.Steps(16)))
                .with("freeze", Optional.of(new Span.Percent(100))));
    assertThat(config("dynamic-feedback").prune().mask().member()).isEqualTo(soft(0));
    assertThat(config("annealed").prune().schedule()).isEqualTo(cubic(60, 50));
    assertThat(config("annealed").prune().mask().member())
        .isEqualTo(
            MemberSettings.of("annealed")
                .with("initial-temperature", 0.5)
                .with("shape", "cosine")
                .with("over", new Span.Percent(10)));
  }

  @Test
  void softRun_ofAnEarlierVersion_keepsTheDecayThatItBeganWith() {
    RecipeLoader loader = new RecipeLoader();
    String now = loader.load("gradual", List.of("prune.mask=soft")).text();
    assertThat(now).contains("masked-decay = 0.005");
    String then =
        now.replace("masked-decay = 0.005", "masked-decay = 0.0")
            .replaceAll(" *hidden-\\w+ = \\w.*\n", "");

    ResolvedRecipe stored = loader.stored("recipe.conf", then, List.of());

    assertThat(stored.config().prune().mask().member()).isEqualTo(soft(0));
    assertThat(stored.text()).isEqualTo(then).doesNotContain("hidden", "continue", "freeze");
  }

  private static MemberSettings cubic(double endPercent, int updates) {
    return MemberSettings.of("cubic")
        .with("begin", new Span.Percent(10))
        .with("end", new Span.Percent(endPercent))
        .with("updates", updates)
        .with("initial", 0.0)
        .with("continue", Optional.empty())
        .with("freeze", Optional.empty());
  }

  private static MemberSettings soft(double maskedDecay) {
    return MemberSettings.of("soft")
        .with("masked-decay", maskedDecay)
        .with("hidden-gradient", 1.0)
        .with("hidden-momentum", true);
  }

  private static RunConfig config(String name) {
    return new RecipeLoader().load(name, List.of()).config();
  }
}
