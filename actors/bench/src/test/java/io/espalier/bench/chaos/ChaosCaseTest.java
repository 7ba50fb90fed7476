package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosCaseTest {
  @Test
  void all_masksNetworksAndOptimizers_meetOnce() {
    List<ChaosCase> all = ChaosCase.all();

    assertThat(new HashSet<>(all)).hasSize(12);
    assertThat(all.subList(0, 4)).extracting(ChaosCase::mask).contains("hard", "soft", "annealed");
    assertThat(all.subList(0, 4)).extracting(ChaosCase::network).contains("resnet-8");
    assertThat(all.subList(0, 4)).extracting(ChaosCase::optimizer).contains("sgd", "adam");
  }

  @Test
  void recipe_everyCombination_isValidAndHasTheSeed() {
    for (ChaosCase combination : ChaosCase.all()) {
      RunConfig config =
          new RecipeLoader().parse("test", combination.recipe(77), List.of()).config();

      assertThat(config.seed()).isEqualTo(77);
      assertThat(config.train().trainers()).isEqualTo(2);
    }
  }
}
