package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubmittedRecipeTest {
  private static final String PLAIN = "data = digits\nmodel = lenet-300-100\n";
  private static final String SIGNS = "{}[]\"\\$#/.,=:+\n abinclude0x\u0000";

  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of("bytes", PLAIN + "#" + "x".repeat(1 << 20), "262144 bytes"),
        Arguments.of("blocks", "a=" + "{a=".repeat(65) + "1" + "}".repeat(65), "64 deep"),
        Arguments.of("lists", "a=" + "[".repeat(100_000), "64 deep"),
        Arguments.of("dotted key", "a" + ".a".repeat(100_000) + "=1", "64 deep"),
        Arguments.of("quoted key", "\"a\"" + ".\"a\"".repeat(20_000) + "=1", "64 deep"),
        Arguments.of("after a long quote", "a=\"\"\"x\"\"\"\"\nb=" + "[".repeat(99), "64 deep"),
        Arguments.of("after a comment", "# \"\nb=" + "[".repeat(99), "64 deep"),
        Arguments.of("substitutions", repeated(17, "a%d=${b}"), "16 substitutions"),
        Arguments.of("appends", repeated(17, "a+=%d"), "16 substitutions"),
        Arguments.of(
            "large with substitution", "a=\"" + "x".repeat(40_000) + "\"\nb=${a}", "32768 bytes"),
        Arguments.of("includes", repeated(17, "include \"digits\" # %d"), "16 includes"),
        Arguments.of("empty blocks", "a=" + "{} ".repeat(1_001), "1000 blocks"),
        Arguments.of("dotted keys", repeated(2_001, "a.k%d=1"), "2000 dots"),
        Arguments.of("words", "a=" + "x ".repeat(10_001), "10000 words"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void recipe_beyondABound_isRefusedNamingIt(String name, String text, String rule) {
    // Given
    SubmittedRecipe recipe = new SubmittedRecipe("bomb.conf", text, List.of());

    // When, then
    assertThatThrownBy(recipe::resolve)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("bomb.conf")
        .hasMessageContaining(rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"/etc/passwd\"",
        "include \"../../../../etc/passwd\"",
        "include file(\"/etc/passwd\")",
        "include required(file(\"/etc/passwd\"))",
        "include url(\"file:///etc/passwd\")",
        "include url(\"http://127.0.0.1:1/\")",
        "include classpath(\"reference.conf\")",
        "include \"reference\""
      })
  void include_ofAnythingButAShippedRecipe_isRefused(String include) {
    // Given
    SubmittedRecipe recipe = new SubmittedRecipe("r.conf", PLAIN + include, List.of());

    // When, then
    assertThatThrownBy(recipe::resolve)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("include must name a shipped recipe");
  }

  @Test
  void substitution_seesNothingOfTheHost() {
    // Given
    SubmittedRecipe recipe = new SubmittedRecipe("r.conf", PLAIN + "name = ${PATH}", List.of());

    // When, then
    assertThatThrownBy(recipe::resolve)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("${PATH}");
  }

  @Test
  void laughs_withinTheBounds_endQuickly() {
    // Given
    String laughs =
        IntStream.range(1, 6)
            .mapToObj(i -> "a%d=${a%d}${a%d}${a%d}".formatted(i, i - 1, i - 1, i - 1))
            .collect(Collectors.joining("\n", "a0=\"" + "x".repeat(30_000) + "\"\n", ""));

    // When, then
    assertThatThrownBy(new SubmittedRecipe("r.conf", laughs, List.of())::resolve)
        .isInstanceOf(InvalidConfigException.class);
  }

  @Test
  void recipe_thatGrowsWhenItIsResolved_isRefused() {
    // Given
    String exclude = "prune.exclude = [" + "\"a\",".repeat(4_000) + "\"a\"]\n";
    String thrice = "prune.exclude = ${prune.exclude} ${prune.exclude} ${prune.exclude}\n";

    // When
    ThrowableAssert.ThrowingCallable resolve =
        new SubmittedRecipe(
                "r.conf", "include \"digits\"\n" + exclude + thrice.repeat(4), List.of())
            ::resolve;

    // Then
    assertThatThrownBy(resolve)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("at most 262144 characters");
  }

  @Test
  void overrides_beyondTheirBounds_areRefused() {
    // Given
    List<String> many = Collections.nCopies(101, "seed=1");
    List<String> large = List.of("name=" + "x".repeat(5_000));

    // When, then
    assertThatThrownBy(new SubmittedRecipe("r.conf", PLAIN, many)::resolve)
        .hasMessageContaining("at most 100 overrides");
    assertThatThrownBy(new SubmittedRecipe("r.conf", PLAIN, large)::resolve)
        .hasMessageContaining("at most 4096 bytes");
  }

  @Test
  void shippedRecipes_areWithinTheBounds() {
    for (String name : Recipes.names()) {
      // Given
      String text = Recipes.text(name).orElseThrow();

      // When
      ResolvedRecipe resolved = new SubmittedRecipe(name, text, List.of("seed=1")).resolve();

      // Then
      assertThat(resolved.config().seed()).isEqualTo(1);
      assertThat(new SubmittedRecipe(name, resolved.text(), List.of()).resolve().config())
          .isEqualTo(resolved.config());
    }
  }

  /** Whatever is sent: a recipe, or a refusal with a reason; never another failure. */
  @Property(tries = 2_000)
  void noise_isRefusedWithAReason(@ForAll long seed) {
    // Given
    Random random = new Random(seed);
    String noise =
        random
            .ints(random.nextInt(300), 0, SIGNS.length())
            .mapToObj(sign -> String.valueOf(SIGNS.charAt(sign)))
            .collect(Collectors.joining());

    // When
    String result;
    try {
      result = new SubmittedRecipe("noise", PLAIN + noise, List.of()).resolve().text();
    } catch (InvalidConfigException e) {
      result = String.valueOf(e.getMessage());
    }

    // Then
    assertThat(result).isNotBlank();
  }

  private static String repeated(int times, String line) {
    return IntStream.range(0, times).mapToObj(line::formatted).collect(Collectors.joining("\n"));
  }
}
