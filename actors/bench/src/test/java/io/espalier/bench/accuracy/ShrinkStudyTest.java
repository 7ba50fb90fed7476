package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.PruneConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkStudyTest {
  @Test
  void studies_eachLine_isAValidRecipeOfItsOwn_behindTheDenseOne() {
    for (ShrinkStudy study : ShrinkStudy.all()) {
      List<ShrinkTrial> trials =
          ShrinkTrial.of(study, study.rows(), List.of(42L), List.of("train.epochs=1"));

      assertThat(trials.stream().map(ShrinkTrial::key)).doesNotHaveDuplicates();
      assertThat(trials.stream().map(trial -> trial.recipe().text())).doesNotHaveDuplicates();
      assertThat(ShrinkRow.isDense(study.rows().get(0).label())).isTrue();
    }
  }

  @Test
  void residualStudy_windows_cutWhenAndAsTheirLabelsSay() {
    ShrinkStudy study = ResidualStudy.study();

    List<ShrinkRow> compared = study.compared(List.of(50, 75));

    assertThat(compared.stream().map(ShrinkRow::label))
        .hasSize(17)
        .startsWith("dense", "live-50-8-30-uniform", "live-50-8-30-global")
        .endsWith("live-75-50-50-uniform", "live-75-50-50-global");
    assertThat(prune(study, "live-50-40-60-global"))
        .satisfies(
            prune -> {
              assertThat(prune.target().sparsity()).isEqualTo(0.5);
              assertThat(prune.ranking().allocation().name()).isEqualTo("global");
              assertThat(prune.schedule().toString())
                  .contains("cubic", "begin = 40.0%", "end = 60.0%");
            });
    assertThat(prune(study, "live-75-50-50-uniform"))
        .satisfies(
            prune -> {
              assertThat(prune.target().sparsity()).isEqualTo(0.75);
              assertThat(prune.ranking().allocation().name()).isEqualTo("uniform");
              assertThat(prune.schedule().toString()).contains("one-shot", "begin = 50.0%");
            });
  }

  private static PruneConfig prune(ShrinkStudy study, String label) {
    List<ShrinkRow> rows =
        study.compared(List.of(50, 75)).stream().filter(row -> row.label().equals(label)).toList();
    return ShrinkTrial.of(study, rows, List.of(42L), List.of("train.epochs=6"))
        .get(0)
        .recipe()
        .config()
        .prune();
  }

  @Test
  void languageStudy_eachPrunedLine_hasARandomControlThatPrunesAsMuch() {
    List<ShrinkTrial> trials =
        ShrinkTrial.of(
            LanguageStudy.study(),
            LanguageStudy.study().rows(),
            List.of(42L),
            List.of("train.epochs=1"));

    for (int i = 1; i < trials.size(); i += 2) {
      PruneConfig pruned = trials.get(i).recipe().config().prune();
      PruneConfig random = trials.get(i + 1).recipe().config().prune();
      assertThat(trials.get(i + 1).row().label())
          .isEqualTo("random-" + trials.get(i).row().label());
      assertThat(random.target().sparsity()).isEqualTo(pruned.target().sparsity());
      assertThat(random.granularity()).isEqualTo(pruned.granularity());
      assertThat(random.ranking().score().name()).isEqualTo("random");
    }
  }
}
