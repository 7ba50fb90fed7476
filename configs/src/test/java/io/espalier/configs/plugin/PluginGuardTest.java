package io.espalier.configs.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules;
import org.junit.jupiter.api.Test;

final class PluginGuardTest {
  private static final PluginGuard CODE =
      new PluginGuard(PluginKind.SCORE, "lucky", "com.example.Lucky");
  private static final String LUCKY = "score 'lucky' (class com.example.Lucky)";

  @Test
  void prepare_exception_isAProblemOfTheRecipeWithItsCause() {
    IllegalStateException cause = new IllegalStateException("no licence");

    assertThatThrownBy(
            () ->
                CODE.prepare(
                    "be created",
                    () -> {
                      throw cause;
                    }))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.score: %s failed to be created: java.lang.IllegalStateException: no licence",
            LUCKY)
        .hasCause(cause);
  }

  @Test
  void prepare_brokenRules_areProblemsAtTheirKeys() {
    assertThatThrownBy(
            () ->
                CODE.prepare(
                    "be created",
                    () -> {
                      new Rules().require("power", -1, false, "0 or more").verify();
                      return "";
                    }))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("prune.score.power: power must be 0 or more: power=-1, of %s", LUCKY);
  }

  @Test
  void prepare_problemOfTheRecipe_staysAsItIs() {
    InvalidConfigException own = InvalidConfigException.of("data.file", "must exist: file=x");

    assertThatThrownBy(
            () ->
                CODE.prepare(
                    "be created",
                    () -> {
                      throw own;
                    }))
        .isSameAs(own);
  }

  @Test
  @SuppressWarnings("NullAway") // what a user's compiler lets pass
  void prepare_null_isRefused() {
    assertThatThrownBy(() -> CODE.<Object>prepare("be created", () -> null))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("prune.score: %s must not give null when asked to be created", LUCKY);
  }

  @Test
  void run_classThatIsMissing_namesMemberAndCause() {
    NoClassDefFoundError cause = new NoClassDefFoundError("com/example/Helper");

    assertThatThrownBy(
            () ->
                CODE.run(
                    "score fc1.weight",
                    () -> {
                      throw cause;
                    }))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "%s failed to score fc1.weight: java.lang.NoClassDefFoundError: com/example/Helper",
            LUCKY)
        .hasCause(cause);
  }

  @Test
  void run_brokenRule_isToldOnce() {
    assertThatThrownBy(
            () ->
                CODE.run(
                    "score fc1.weight",
                    () -> {
                      throw CODE.broken("give finite scores: score=NaN");
                    }))
        .isInstanceOf(PluginException.class)
        .hasMessage("%s must give finite scores: score=NaN", LUCKY);
  }

  @Test
  void run_result_isHandedOn() {
    assertThat(CODE.run("count", () -> 3)).isEqualTo(3);
  }
}
