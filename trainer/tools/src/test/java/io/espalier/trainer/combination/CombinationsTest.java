package io.espalier.trainer.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.combination.Combinations;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.PreparedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of shipped members can be prepared, or is refused by a rule of the list. */
final class CombinationsTest {
  /** 0.5 is the sparsity that 2:4 leaves. */
  private static final String BASE =
      """
      data = digits
      train.epochs = 30
      prune.sparsity = 50%
      """;

  private static final String LAYERS =
      """
      model { kind = layers, layers = [ flatten
        { kind = linear, outputs = 16 }, batch-norm, relu
        { kind = linear, outputs = 64 }, batch-norm, relu
        { kind = linear, outputs = 16 }, batch-norm, relu
        { kind = linear, outputs = classes } ] }
      """;

  private static final String FILTERS =
      """
      model { kind = layers, layers = [
        { kind = convolution, outputs = 8, kernel = 3 }, batch-norm, relu, flatten
        { kind = linear, outputs = 16 }, batch-norm, relu
        { kind = linear, outputs = 64 }, batch-norm, relu
        { kind = linear, outputs = classes } ] }
      """;

  private static final String BLOCKS =
      "model { kind = tiny-vit, patch = 2, layers = 2, features = 8, heads = 2, hidden = 8 }\n";

  /** Members that choose layers, or let {@code prune.granularity} be blocks. */
  private static final List<String> OF_BLOCKS =
      List.of("sublayer", "transformer-block", "angular-distance", "cosine-distance");

  @TempDir private static Path home;

  /** Of each pair of parts, with the first as the recipe has it. */
  static Stream<List<Part>> pairs() {
    List<List<Part>> pairs = new ArrayList<>();
    for (Part one : Part.values()) {
      for (Part other : Part.values()) {
        if (one.compareTo(other) < 0) {
          pairs.add(List.of(one, other));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void members_ofTwoParts_arePreparedOrRefusedByARule(List<Part> pair) {
    Part one = pair.get(0);
    Part other = pair.get(1);
    for (String first : one.names()) {
      for (String second : other.names()) {
        String members = one.line(first) + other.line(second);
        String recipe = BASE + network(members) + members;
        Optional<ResolvedRecipe> loaded = loaded(recipe);
        if (loaded.isPresent() && !recipe.contains("teacher")) {
          prepare(loaded.get());
        }
      }
    }
  }

  private static String network(String members) {
    if (OF_BLOCKS.stream().anyMatch(members::contains)) {
      return BLOCKS;
    }
    return members.contains("filter-shrinking") ? FILTERS : LAYERS;
  }

  private static Optional<ResolvedRecipe> loaded(String recipe) {
    try {
      return Optional.of(new RecipeLoader().parse("pair.conf", recipe, List.of()));
    } catch (InvalidConfigException e) {
      assertThat(e.problems())
          .as(recipe)
          .isNotEmpty()
          .allSatisfy(problem -> assertThat(isOfARule(problem)).as(problem.toString()).isTrue());
      return Optional.empty();
    }
  }

  private static boolean isOfARule(Problem problem) {
    return Combinations.all().stream()
        .anyMatch(
            rule ->
                problem.message().contains(", because " + rule.reason() + ": ")
                    && problem.message().endsWith("; " + rule.wayOut()));
  }

  /** A step rule may refuse, as it sees the plan of the run; nothing else does. */
  private static void prepare(ResolvedRecipe recipe) {
    DataHome data = DataHome.of(home);
    try {
      Object prepared =
          recipe.config().federation().common().isPresent()
              ? PreparedFederation.of(recipe.config(), data)
              : PreparedRun.of(recipe.config(), data);
      assertThat(prepared).isNotNull();
    } catch (InvalidConfigException e) {
      assertThat(e.problems()).extracting(Problem::path).containsOnly("train.rules");
    }
  }
}
