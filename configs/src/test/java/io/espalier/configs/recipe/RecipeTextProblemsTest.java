package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told about a recipe that cannot be found, read or parsed. */
final class RecipeTextProblemsTest {
  private final RecipeLoader loader = new RecipeLoader();
  @TempDir private Path folder;

  @Test
  void load_unknownName_listsTheShippedOnes() {
    assertThat(problemsOf(() -> loader.load("quikstart", List.of())))
        .containsExactly(
            "recipe: recipe must be a file or a shipped name: recipe=\"quikstart\";"
                + " did you mean quickstart?");
  }

  @Test
  void load_folder_isNoRecipe() {
    assertThat(problemsOf(() -> loader.load(folder.toString(), List.of())))
        .containsExactly(
            "recipe: recipe must be a file or a shipped name: recipe=\""
                + folder
                + "\"; shipped: "
                + String.join(", ", Recipes.names()));
  }

  @Test
  void load_impossiblePath_isNoRecipe() {
    assertThat(problemsOf(() -> loader.load("a\0b", List.of())))
        .singleElement()
        .asString()
        .startsWith("recipe: recipe must be a file or a shipped name: recipe=");
  }

  @Test
  void parse_syntaxErrors_areNamedTogetherWithThoseOfOverrides() {
    assertThat(
            problemsOf(
                () -> loader.parse("my.conf", "seed = 1\ntrain { epochs = 3 ]", List.of("=3"))))
        .containsExactly(
            "my.conf:2: recipe: recipe must be valid HOCON: Expecting close brace } or a comma,"
                + " got ']' (if you intended ']' to be part of a key or string value, try enclosing"
                + " the key or value in double quotes)",
            "command line -D =3: override: override must read key=value: expecting a close"
                + " parentheses ')' here, not: '='");
  }

  @Test
  void parse_unknownSubstitution_isNamedWithItsLine() {
    assertThat(problemsOf(() -> loader.parse("my.conf", "seed = 1\nname = ${PATH}", List.of())))
        .containsExactly(
            "my.conf:2: recipe: recipe must be valid HOCON: Could not resolve substitution to a"
                + " value: ${PATH}");
  }

  @Test
  void load_valueOfAnIncludedFile_isPlacedThere() throws IOException {
    Path part = write("part.conf", "# one\ntrain.epochs = -1\n");
    Path file = write("mine.conf", "include \"part.conf\"\ndata = digits, model = lenet-5");

    assertThat(problemsOf(() -> loader.load(file.toString(), List.of())))
        .containsExactly(part + ":2: train.epochs: epochs must be 0 or more: epochs=-1");
  }

  @Test
  void load_missingInclude_isRefused() throws IOException {
    Path file = write("mine.conf", "data = digits\ninclude \"parts.conf\"");

    assertThat(problemsOf(() -> loader.load(file.toString(), List.of())))
        .containsExactly(
            file
                + ":2: include: include must name an existing file or a shipped recipe:"
                + " include=\"parts.conf\"");
  }

  @Test
  void load_includeOfItself_isRefused() throws IOException {
    Path file = write("mine.conf", "include \"mine.conf\"");

    assertThat(problemsOf(() -> loader.load(file.toString(), List.of())))
        .containsExactly(
            file + ":1: include: includes must not nest deeper than 10: include=\"mine.conf\"");
  }

  @Test
  void parse_includeOfAnythingButAShippedRecipe_isRefused() throws IOException {
    Path secret = write("secret.conf", "seed = 7");

    assertThat(problemsOf(() -> loader.parse("x", "include \"" + secret + "\"", List.of())))
        .containsExactly(
            "x:1: include: include must name a shipped recipe: include=\"" + secret + "\"");
    assertThat(problemsOf(() -> loader.parse("x", "include file(\"" + secret + "\")", List.of())))
        .hasSize(1);
    assertThat(problemsOf(() -> loader.parse("x", "\ninclude url(\"http://a/b\")", List.of())))
        .containsExactly(
            "x:2: include: include must name a shipped recipe: include=\"http://a/b\"");
    assertThat(
            problemsOf(() -> loader.parse("x", "include classpath(\"reference.conf\")", List.of())))
        .containsExactly(
            "x:1: include: include must name a shipped recipe: include=\"reference.conf\"");
  }

  @Test
  void load_largeFile_isRefusedUnread() throws IOException {
    Path file = write("large.conf", "#".repeat((1 << 20) + 1));

    assertThat(problemsOf(() -> loader.load(file.toString(), List.of())))
        .containsExactly(file + ": recipe: recipe must be at most 262144 bytes");
  }

  @Test
  void load_binaryFile_isRefused() throws IOException {
    Path file = Files.write(folder.resolve("binary.conf"), new byte[] {(byte) 0xC3, 0x28});

    assertThat(problemsOf(() -> loader.load(file.toString(), List.of())))
        .singleElement()
        .asString()
        .startsWith(file + ": recipe: recipe must be a readable UTF-8 file: ");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> problemsOf(ThrowingCallable load) {
    InvalidConfigException e = Assertions.catchThrowableOfType(InvalidConfigException.class, load);
    return e.problems().stream().map(Problem::toString).toList();
  }
}
