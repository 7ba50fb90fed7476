package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.recipe.FlatSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.RecipeReference;
import io.espalier.configs.recipe.Recipes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The keys of all built-in members. */
final class RecipeReferenceTest {
  private static final RecipeReference REFERENCE = RecipeReference.installed();

  @Test
  void keys_ofAllKinds_haveASentenceAndAUnit() {
    Set<String> own = ownKinds();

    assertThat(REFERENCE.keys())
        .filteredOn(key -> !own.contains(key.kind()))
        .hasSizeGreaterThan(400)
        .allSatisfy(
            key -> {
              assertThat(key.sentence())
                  .as(key.path() + " of " + key.kind())
                  .isNotBlank()
                  .doesNotMatch("(as for|likewise|the same\\b).*");
              assertThat(key.unit()).as(key.path()).isNotBlank();
            });
    assertThat(REFERENCE.keys()).doesNotHaveDuplicates();
  }

  @Test
  void keys_ofEveryShippedRecipe_areAmongThem() {
    Set<String> known =
        REFERENCE.keys().stream().map(RecipeReference.Key::path).collect(Collectors.toSet());
    Set<String> families = REFERENCE.families().keySet();

    assertThat(Recipes.names())
        .allSatisfy(
            name ->
                assertThat(
                        FlatSettings.of(new RecipeLoader().load(name, List.of()).text()).keySet())
                    .allMatch(
                        key -> known.contains(key) || families.contains(key.replace(".kind", ""))));
  }

  @Test
  void key_thatIsAsForAnotherKind_hasItsSentence() {
    assertThat(key("prune.schedule.end", "polynomial"))
        .isEqualTo(
            new RecipeReference.Key(
                "prune.schedule.end",
                "polynomial",
                Optional.of("75%"),
                key("prune.schedule.end", "cubic").unit(),
                "the final sparsity from here on"));
    assertThat(key("prune.score.damping", "chita").sentence())
        .isEqualTo("in means of the diagonal");
    assertThat(key("prune.refit.rows", "chita").sentence())
        .startsWith("of a batch: an example's gradient each");
  }

  /** Members of tests, which {@code reference.conf} does not know. */
  private static Set<String> ownKinds() {
    PluginRegistry members = PluginRegistry.installed();
    return Stream.of(PluginKind.values())
        .flatMap(
            family ->
                members.names(family).stream()
                    .filter(name -> !PluginRegistry.isBuiltIn(members.named(family, name).get(0))))
        .collect(Collectors.toSet());
  }

  private static RecipeReference.Key key(String path, String kind) {
    return REFERENCE.keys().stream()
        .filter(key -> key.path().equals(path) && key.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }
}
