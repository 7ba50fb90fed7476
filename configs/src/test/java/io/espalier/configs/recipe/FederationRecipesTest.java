package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.FederationConfig.FedTiny;
import io.espalier.configs.FederationConfig.FedTiny.CandidateNorms;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.configs.RoundsConfig.UpdateEncoding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FederationRecipesTest {
  private static final String BASE = "data = digits\nmodel = lenet-5-bn\n";

  @Test
  void federation_notNamed_isNone() {
    assertThat(load("").common()).isEmpty();
  }

  @Test
  void fedtiny_withKeys_isRead() {
    FederationConfig config =
        load(
            """
            federation {
              kind = fedtiny, rounds = 12, cohort = 4, over-commit = 25%, deadline = 5s
              encoding = int8, aggregation { kind = trimmed-mean, drop = 1 }
              adjust-every = 3, adjust-until = 9
            }
            """);

    RoundsConfig rounds = config.common().orElseThrow();
    assertThat(rounds.cohort().invited()).isEqualTo(5);
    assertThat(rounds.fewest()).isEqualTo(3);
    assertThat(rounds.cohort().deadline()).isEqualTo(Duration.ofSeconds(5));
    assertThat(rounds.client().encoding()).isEqualTo(UpdateEncoding.INT8);
    assertThat(rounds.merge().aggregation()).isEqualTo(new AggregationConfig.TrimmedMean(1));
    assertThat(config).isEqualTo(new FedTiny(rounds, 10, .5, 3, 9, 5, .3, CandidateNorms.POOLED));
  }

  @Test
  void widths_inAnyOrder_areReadFromTheWholeNetworkDown() {
    FederationConfig config = load("federation { kind = fedavg, widths = [25%, 100%, .5] }");

    assertThat(config.common().orElseThrow().client().widths()).containsExactly(1.0, .5, .25);
    assertThat(load("federation = fedavg").common().orElseThrow().client().widths())
        .containsExactly(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "median", "{ kind = trimmed-mean, drop = 1 }"})
  void aggregation_valueByValue_goesWithWidths(String aggregation) {
    FederationConfig config =
        load(
            "federation { kind = fedavg, widths = [100%, 50%], aggregation = "
                + aggregation
                + " }");

    assertThat(config.common().orElseThrow().client().widths()).containsExactly(1.0, .5);
    assertThat(load("federation { kind = fedavg, aggregation { kind = krum, faulty = 1 } }"))
        .extracting(each -> each.common().orElseThrow().merge().aggregation())
        .isEqualTo(new AggregationConfig.Krum(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mean | 5",
        "median | 5",
        "{ kind = trimmed-mean, drop = 2 } | 5",
        "{ kind = trimmed-mean, drop = 3 } | 7",
        "{ kind = krum, faulty = 1 } | 5",
        "{ kind = krum, faulty = 3 } | 9",
      })
  void fewest_isTheQuorum_orWhatTheRuleTakes(String aggregation, int fewest) {
    String text = "federation { kind = fedavg, cohort = 10, aggregation = " + aggregation + " }";

    assertThat(load(text).common().orElseThrow().fewest()).isEqualTo(fewest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | median | smallest=3",
        "4 | { kind = trimmed-mean, drop = 2 } | smallest=5",
        "4 | { kind = krum, faulty = 1 } | smallest=5",
      })
  void cohort_belowWhatTheRuleTakes_isRefusedForNewRunsOnly(
      int cohort, String aggregation, String message) {
    String text =
        "federation { kind = fedavg, cohort = %d, aggregation = %s }"
            .formatted(cohort, aggregation);
    RoundsConfig rounds = load(text).common().orElseThrow();

    assertThatThrownBy(rounds::requireEnoughReports)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("federation.cohort: must be at least as many")
        .hasMessageContaining(message)
        .hasMessageContaining("raise federation.cohort");
    load(text.replace("cohort = " + cohort, "cohort = 10"))
        .common()
        .orElseThrow()
        .requireEnoughReports();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fedavg", "fedtiny"})
  void bounds_newRunsHaveThem_andRunsFromBeforeTheKeysHaveNone(String kind) {
    String text = BASE + "federation { kind = %s, cohort = 4 }".formatted(kind);
    RecipeLoader loader = new RecipeLoader();
    ResolvedRecipe resolved = loader.parse("r", text, List.of());

    assertThat(bounds(resolved))
        .containsExactly(Optional.of(1.5), Optional.of(1.5), Optional.of(1.0));
    assertThat(bounds(loader.stored("recipe.conf", resolved.text(), List.of())))
        .isEqualTo(bounds(resolved));
    assertThat(bounds(loader.stored("recipe.conf", text, List.of())))
        .containsOnly(Optional.empty());
    assertThat(loader.completed("recipe.conf", text, List.of()).text())
        .contains("norm-bound = none", "weight-bound = none", "loss-bound = none");
    assertThat(loader.completed("recipe.conf", BASE + "federation = none", List.of()).text())
        .doesNotContain("norm-bound");
    assertThat(loader.completed("recipe.conf", BASE, List.of()).text())
        .doesNotContain("norm-bound");
  }

  @Test
  void candidateNorms_newRunsPoolThem_andRunsFromBeforeTheKeyTakeTheirMean() {
    String text = BASE + "federation { kind = fedtiny, cohort = 4 }";
    RecipeLoader loader = new RecipeLoader();
    ResolvedRecipe resolved = loader.parse("r", text, List.of());

    assertThat(candidateNorms(resolved)).isEqualTo(CandidateNorms.POOLED);
    assertThat(loader.stored("recipe.conf", resolved.text(), List.of())).isEqualTo(resolved);
    ResolvedRecipe earlier = loader.stored("recipe.conf", text, List.of());
    assertThat(candidateNorms(earlier)).isEqualTo(CandidateNorms.MEAN);
    assertThat(earlier.text()).isEqualTo(text);
    assertThat(
            loader
                .completed("recipe.conf", BASE + "federation { kind = fedavg }", List.of())
                .text())
        .doesNotContain("candidate-norms");
  }

  private static CandidateNorms candidateNorms(ResolvedRecipe recipe) {
    return ((FedTiny) recipe.config().federation()).norms();
  }

  private static List<Optional<Double>> bounds(ResolvedRecipe recipe) {
    RoundsConfig rounds = recipe.config().federation().common().orElseThrow();
    return List.of(
        rounds.merge().normBound(), rounds.merge().weightBound(), rounds.merge().lossBound());
  }

  @Test
  void fedtiny_whoseRecipeSpellsOutDefaults_isRead() {
    String resolved =
        new RecipeLoader()
            .parse("test.conf", BASE + "federation = fedtiny", List.of("prune.min-keep=0.1%"))
            .text();

    assertThat(resolved).contains("allocation", "schedule", "min-keep");
    assertThat(new RecipeLoader().parse("resolved.conf", resolved, List.of()).config().federation())
        .isInstanceOf(FedTiny.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "federation { kind = fedavg, norm-bound = 0.5 } | norm-bound must be 1 or more, or none: norm-bound=0.5",
        "federation { kind = fedavg, weight-bound = 0 } | weight-bound must be 1 or more, or none",
        "federation { kind = fedtiny, loss-bound = 0 } | loss-bound must be above 0, or none",
        "federation = fedsgd | federation must be one of none, fedavg, fedtiny",
        "federation = feddst | feddst is not available in this version",
        "federation { kind = fedavg, cohort = 0 } | cohort must be from 1 to 100000: cohort=0",
        "federation { kind = fedavg, blocks = 5 } | federation.blocks: blocks is a key of kind fedtiny, not of fedavg",
        "federation = fedavg, prune.mask = soft | mask must be hard in a federation",
        "federation = fedavg, prune.score = taylor | score must be magnitude or random in a",
        "federation = fedtiny, prune.sparsity = 0 | sparsity must be above 0 with fedtiny",
        "federation { kind = fedavg, widths = [50%] } | widths must be 100% and up to 15 others",
        "federation { kind = fedavg, widths = [100%, 0%] } | widths must be 100% and up to 15 others, each once, above 0",
        "federation { kind = fedavg, widths = [100%, 50%, .5] } | each once",
        "federation { kind = fedavg, widths = [100%, 50%], aggregation { kind = krum, faulty = 1 } } | aggregation must be mean, trimmed-mean or median where there are several widths",
        "federation { kind = fedtiny, candidate-norms = sum } | candidate-norms must be one of pooled, mean",
        "federation { kind = fedtiny, widths = [100%, 50%] } | widths must be [100%] with fedtiny",
        "federation = fedavg, prune.granularity = channel | granularity must be of weights in a federation, because networks of devices keep their shapes",
        "federation = fedavg, prune.regrowth = rigl | regrowth must be set in a federation, because the server updates the masks, and the data are on the devices: regrowth=",
        "federation = fedtiny, prune.regrowth = set | regrowth must be none with fedtiny, because it exchanges weights itself",
        "federation = fedtiny, prune.granularity = \"2:4\" | granularity must be weight with fedtiny, because its clients propose single weights",
        "federation = fedtiny, prune.selection = per-row | selection must be free with fedtiny",
        "federation = fedtiny, prune.allocation = uniform | allocation must be global with fedtiny, because its candidates differ in how they share out",
        "federation = fedtiny, prune.schedule = constant | schedule must be cubic with its defaults with fedtiny",
        "federation = fedtiny, prune.schedule.updates = 3 | schedule must be cubic with its defaults with fedtiny",
        "federation = fedtiny, prune.min-keep = 1% | min-keep must be 0.005 or less with fedtiny",
        "federation = fedavg, prune.refit = least-squares | refit must be none in a federation, because its server has no examples to measure on: refit=",
      })
  void federation_brokenRule_isNamed(String text, String message) {
    assertThatThrownBy(() -> load(text.replace(", prune", "\nprune")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  private static FederationConfig load(String text) {
    return new RecipeLoader().parse("test.conf", BASE + text, List.of()).config().federation();
  }
}
