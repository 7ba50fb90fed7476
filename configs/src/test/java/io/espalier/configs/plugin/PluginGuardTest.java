package io.espalier.configs.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules;
import java.util.Set;
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

  /** What a plug-in brings. */
  public interface Dice {
    @PluginCall(value = "say how many sides it has", prepares = true)
    int sides();

    @PluginCall("throw {0} of {1}")
    default int thrown(Count count, String colour) {
      return 1;
    }

    @PluginCall("roll away")
    default void roll() {}

    /** Is of the others alone. */
    default int twice(Count count) {
      return 2 * thrown(count, "white");
    }
  }

  /** An argument with a name. */
  public record Count(int dice) implements PluginCall.Subject {
    @Override
    public String subject() {
      return dice + " dice";
    }
  }

  private record Loaded(int sides, int value) implements Dice {
    @Override
    public int thrown(Count count, String colour) {
      if (value == 0) {
        throw new IllegalStateException("lost");
      }
      return value;
    }

    @Override
    public void roll() {
      throw new IllegalArgumentException("no table");
    }

    @Override
    public int twice(Count count) {
      return -1;
    }
  }

  private record Checks(Dice dice) implements Dice {
    @Override
    public int sides() {
      if (dice.sides() < 4) {
        throw CODE.broken("have four sides or more: sides=" + dice.sides());
      }
      return dice.sides();
    }

    @Override
    public int thrown(Count count, String colour) {
      return Math.min(dice.sides(), dice.thrown(count, colour));
    }
  }

  private static Dice around(int sides, int value) {
    Dice dice = new Loaded(sides, value);
    return CODE.around(Dice.class, dice, new Checks(dice));
  }

  @Test
  void around_calls_goToTheChecksOrTheObject() {
    assertThat(around(6, 5).sides()).isEqualTo(6);
    assertThat(around(6, 9).thrown(new Count(1), "red")).isEqualTo(6);
    assertThat(CODE.around(Dice.class, new Loaded(6, 9)).thrown(new Count(1), "red")).isEqualTo(9);
  }

  @Test
  void around_object_isEqualToItselfAndCalledAsThePlugIn() {
    Dice dice = around(6, 5);

    assertThat(Set.of(dice, around(6, 5))).hasSize(2).contains(dice);
    assertThat(dice).hasToString(LUCKY);
  }

  @Test
  void around_whatIsDerived_followsFromCheckedCalls() {
    assertThat(around(6, 9).twice(new Count(1))).isEqualTo(12);
  }

  @Test
  void around_failures_namePlugInCallAndArguments() {
    assertThatThrownBy(() -> around(6, 0).thrown(new Count(2), "red"))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "%s failed to throw 2 dice of red: java.lang.IllegalStateException: lost", LUCKY)
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> around(6, 1).roll())
        .isInstanceOf(PluginException.class)
        .hasMessage("%s failed to roll away: java.lang.IllegalArgumentException: no table", LUCKY);
    assertThatThrownBy(() -> around(2, 1).sides())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("prune.score: %s must have four sides or more: sides=2", LUCKY);
  }
}
