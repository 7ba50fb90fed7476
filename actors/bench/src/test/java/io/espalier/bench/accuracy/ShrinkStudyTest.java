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
      assertThat(random.sparsity()).isEqualTo(pruned.sparsity());
      assertThat(random.granularity()).isEqualTo(pruned.granularity());
      assertThat(random.score().name()).isEqualTo("random");
    }
  }
}
