package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinationTest {
  @Test
  void all_masksNetworksAndOptimizers_meetOnce() {
    List<Combination> all = Combination.all();

    assertThat(new HashSet<>(all)).hasSize(12);
    assertThat(all.subList(0, 4))
        .extracting(Combination::mask)
        .contains("hard", "soft", "annealed");
    assertThat(all.subList(0, 4)).extracting(Combination::network).contains("resnet-8");
    assertThat(all.subList(0, 4)).extracting(Combination::optimizer).contains("sgd", "adam");
  }

  @Test
  void recipe_everyCombination_isValidAndHasTheSeed() {
    for (Combination combination : Combination.all()) {
      RunConfig config =
          new RecipeLoader().parse("test", combination.recipe(77), List.of()).config();

      assertThat(config.seed()).isEqualTo(77);
      assertThat(config.train().trainers()).isEqualTo(2);
    }
  }
}
