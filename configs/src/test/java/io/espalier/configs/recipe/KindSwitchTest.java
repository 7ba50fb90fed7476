package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a block whose kind is named by a higher text. */
final class KindSwitchTest {
  private static final RecipeLoader LOADER = new RecipeLoader();

  @TempDir private Path directory;

  @Test
  void override_ofAKind_leavesOutTheKeysOfTheOther() {
    ResolvedRecipe recipe = LOADER.load("gradual", List.of("prune.schedule.kind=one-shot"));

    assertThat(recipe.config().prune().schedule())
        .isEqualTo(MemberSettings.of("one-shot").with("begin", new Span.Percent(10)));
    assertThat(recipe.text()).contains("kind = one-shot").doesNotContain("updates");
    assertThat(recipe.notices())
        .containsExactly(
            "prune.schedule.kind=one-shot leaves out end=\"75%\", updates=50 of gradual.conf:21,"
                + " for another kind; it keeps begin=\"10%\""
                + " (-D prune.schedule.KEY=null takes the default)");
  }

  @Test
  void override_ofAnotherKey_givesNoNotice() {
    ResolvedRecipe recipe = LOADER.load("gradual", List.of("prune.schedule.updates=3"));

    assertThat(recipe.config().prune().schedule().whole("updates")).isEqualTo(3);
    assertThat(recipe.notices()).isEmpty();
  }

  @Test
  void override_ofAKindWithItsKeys_isReadAsOneBlock() {
    ResolvedRecipe recipe =
        LOADER.load(
            "gradual",
            List.of("train.learning-rate { kind = one-cycle, max = 0.2 }", "train.epochs = 3"));

    assertThat(recipe.config().train().step().learningRate())
        .isEqualTo(new LearningRateConfig.OneCycle(0.2, 25, 1e4, new Span.Percent(30)));
    assertThat(recipe.notices())
        .singleElement()
        .asString()
        .startsWith("train.learning-rate.kind=one-cycle leaves out initial=0.05 of gradual.conf:");
  }

  @Test
  void override_keysBesideTheNewKind_areChecked() {
    assertThatThrownBy(
            () ->
                LOADER.load(
                    "gradual", List.of("prune.schedule.updates=5", "prune.schedule.kind=one-shot")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "prune.schedule.updates: updates is a key of kinds cubic, polynomial, cosine,"
                + " geometric, exponential, not of one-shot: updates=5; known keys: begin, kind");
    assertThatThrownBy(
            () -> LOADER.load("gradual", List.of("prune.schedule { kind = one-shot, bigin = 5% }")))
        .hasMessageContaining("unknown key: bigin=\"5%\"; known keys: begin, kind; did you mean");
  }

  @Test
  void override_toAKindThatTakesAKeyOtherwise_leavesItsValueOut() {
    ResolvedRecipe recipe = LOADER.load("digits", List.of("model.kind=text-classifier"));

    assertThat(recipe.config().model().architecture())
        .isInstanceOfSatisfying(
            ModelConfig.TextClassifier.class,
            blocks -> assertThat(blocks.blocks().hidden()).isEqualTo(256));
    assertThat(recipe.notices())
        .containsExactly(
            "model.kind=text-classifier leaves out hidden=[64,32] of digits.conf:12, for another"
                + " kind");
  }

  @Test
  void override_ofOptimizerDataAndGranularity_switchesThem() {
    ResolvedRecipe recipe =
        LOADER.load(
            "gradual",
            List.of(
                "train.optimizer.kind=adamw",
                "data { kind = csv, path = a.csv, label = y }",
                "model = { kind = mlp }",
                "prune.granularity.kind=\"2:4\"",
                "prune.sparsity=null"));

    assertThat(recipe.config().train().step().optimizer())
        .isEqualTo(new OptimizerConfig.AdamW(0.9, 0.999, 1e-8, 1e-4));
    assertThat(recipe.config().data().source()).isInstanceOf(DataConfig.Csv.class);
    assertThat(recipe.config().data().batchSize()).isEqualTo(128);
    assertThat(((GranularityConfig.Units) recipe.config().prune().granularity()).settings())
        .satisfies(units -> assertThat(units.whole("m")).isEqualTo(4));
  }

  @Test
  void override_ofAKeyBesideAShorthand_keepsItsMeaning() {
    ResolvedRecipe recipe = LOADER.load("two-of-four", List.of("prune.granularity.axis=outputs"));

    assertThat(recipe.text()).contains("kind = n-of-m", "axis = outputs");
  }

  @Test
  void override_null_unsetsAKey() {
    ResolvedRecipe recipe =
        LOADER.load(
            "gradual",
            List.of(
                "prune.schedule.kind=one-shot",
                "prune.schedule.begin=null",
                "prune.schedule.updates=null",
                "train.optimizer.momentum=null",
                "data.validation=null"));

    assertThat(recipe.config().prune().schedule().span("begin")).isEqualTo(new Span.Percent(50));
    assertThat(recipe.config().train().step().optimizer())
        .isEqualTo(new OptimizerConfig.Sgd(0.9, 1e-4));
    assertThatThrownBy(() -> LOADER.load("gradual", List.of("prune.schedule.foo=null")))
        .hasMessageContaining("unknown key: foo=null");
  }

  @Test
  void override_typingErrorOfTheBase_isStillRefused() {
    String text = "data = digits, model = lenet-5, prune.schedule { kind = cubic, updats = 5 }";

    assertThatThrownBy(() -> LOADER.parse("my.conf", text, List.of("prune.schedule.kind=one-shot")))
        .hasMessageContaining("unknown key: updats=5");
  }

  @Test
  void include_kindOfTheOwnText_leavesOutTheKeysOfTheInclude() {
    ResolvedRecipe recipe =
        LOADER.parse(
            "my.conf",
            """
            include "gradual"
            prune.schedule { kind = polynomial, power = 2 }
            train.learning-rate { kind = step, every = 2 epochs }
            prune.mask { kind = soft }
            train.optimizer.kind = adam
            """,
            List.of());

    assertThat(recipe.config().prune().schedule().whole("updates")).isEqualTo(50);
    assertThat(recipe.config().train().step().learningRate())
        .isEqualTo(new LearningRateConfig.Step(0.05, new Span.Epochs(2), 0.1));
    assertThat(recipe.notices())
        .singleElement()
        .asString()
        .startsWith("train.optimizer.kind=adam leaves out momentum=0.9 of gradual.conf:");
  }

  @Test
  void include_keysBesideTheKindOfTheOwnText_areChecked() {
    assertThatThrownBy(
            () ->
                LOADER.parse(
                    "my.conf",
                    "include \"gradual\"\nprune.schedule { kind = one-shot, updates = 5 }",
                    List.of()))
        .hasMessageContaining("my.conf:2: prune.schedule.updates: updates is a key of kinds cubic");
  }

  @Test
  void include_bareNameBelowABlock_staysItsKind() {
    ResolvedRecipe recipe =
        LOADER.parse(
            "my.conf",
            "include \"soft\"\nprune.score { batches = 3 }\nprune.score.kind = snip",
            List.of());

    assertThat(recipe.config().prune().ranking().score().whole("batches")).isEqualTo(3);
    assertThat(
            LOADER
                .parse("my.conf", "include \"random\"\nprune.score {}", List.of())
                .config()
                .prune()
                .ranking()
                .score()
                .name())
        .isEqualTo("random");
  }

  @Test
  void include_ofAFileOfTheSameName_isTold() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("gradual.conf"),
            "include \"gradual\"\nprune.schedule.kind = one-shot");

    ResolvedRecipe recipe = LOADER.load(file.toString(), List.of());

    assertThat(recipe.config().prune().schedule().name()).isEqualTo("one-shot");
    assertThat(recipe.notices()).hasSize(1);
  }

  @Test
  void stored_otherKind_leavesOutTheRecordedKeys() {
    String text = LOADER.load("gradual", List.of()).text();

    ResolvedRecipe recipe =
        LOADER.stored("recipe.conf", text, List.of("train.learning-rate.kind=constant"));

    assertThat(recipe.config().train().step().learningRate())
        .isEqualTo(new LearningRateConfig.Constant(0.05));
    assertThat(recipe.notices())
        .singleElement()
        .asString()
        .startsWith("train.learning-rate.kind=constant leaves out final=0");
  }
}
