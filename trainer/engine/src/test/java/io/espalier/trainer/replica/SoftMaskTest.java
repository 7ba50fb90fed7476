package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.Mask;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.Kinds;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftMaskTest {
  private static final double MASKED_DECAY = 0.02;
  private static final MemberSettings FROM_THE_START =
      MemberSettings.of("cubic")
          .with("begin", new Span.Steps(0))
          .with("end", new Span.Steps(40))
          .with("updates", 4)
          .with("initial", 0.4)
          .with("continue", Optional.empty())
          .with("freeze", Optional.empty());

  @TempDir private Path directory;
  private PreparedRun run;
  private Trace trace;

  @BeforeEach
  void train() {
    run = Toy.run(directory, Kinds.soft(MASKED_DECAY), FROM_THE_START, 60);
    trace = Trace.of(run);
  }

  @Test
  void step_beforeTheFreeze_seesMaskedWeightsAndUsesTheDenseGradient() {
    Regression oracle = Regression.onTraining(run);

    for (Trace.Step step : trace.steps().subList(0, 40)) {
      oracle.checkStep(step, Values.of(step.mask()), Values.ones(), MASKED_DECAY);
    }
  }

  @Test
  void hiddenWeights_beforeTheFreeze_liveOnAndLearn() {
    for (Trace.Step step : trace.steps().subList(0, 40)) {
      assertThat(step.mask().pruned()).isPositive();
      for (int unit = 0; unit < 12; unit++) {
        assertThat(step.before().weight[unit]).isNotZero();
        assertThat(step.after().weight[unit]).isNotEqualTo(step.before().weight[unit]);
      }
    }
  }

  @Test
  void hiddenWeight_thatGrows_returnsWithItsValue() {
    int returned = 0;
    for (int i = 1; i < trace.syncs().size(); i++) {
      Mask before = trace.syncs().get(i - 1).mask();
      Trace.Sync sync = trace.syncs().get(i);
      for (int unit = 0; unit < 12; unit++) {
        if (sync.mask().isKept(unit) && !before.isKept(unit)) {
          assertThat(sync.after().weight[unit]).isNotZero().isEqualTo(sync.before().weight[unit]);
          returned++;
        }
      }
    }
    assertThat(returned).isPositive();
  }

  @Test
  void step_withAShareOfHiddenGradients_countsItForHiddenWeightsAlone() {
    PreparedRun slow = Toy.run(directory, Kinds.soft(MASKED_DECAY, 0.1, true), FROM_THE_START, 60);
    Regression oracle = Regression.onTraining(slow);

    for (Trace.Step step : Trace.of(slow).steps().subList(0, 40)) {
      float[] seen = Values.of(step.mask());
      float[] counted = new float[seen.length];
      for (int unit = 0; unit < seen.length; unit++) {
        counted[unit] = seen[unit] == 1 ? 1 : 0.1f;
      }
      oracle.checkStep(step, seen, counted, MASKED_DECAY);
    }
  }

  @Test
  void step_withoutHiddenMomentum_movesHiddenWeightsByThePresentGradient() {
    PreparedRun plain = Toy.run(directory, Kinds.soft(MASKED_DECAY, 1, false), FROM_THE_START, 60);
    Regression oracle = Regression.onTraining(plain);

    for (Trace.Step step : Trace.of(plain).steps().subList(0, 40)) {
      oracle.checkStep(step, Values.of(step.mask()), Values.ones(), MASKED_DECAY, false);
    }
  }

  @Test
  void update_withoutHiddenMomentum_forgetsTheMomentsOfWeightsThatItHides() {
    PreparedRun plain = Toy.run(directory, Kinds.soft(MASKED_DECAY, 1, false), FROM_THE_START, 60);
    int hidden = 0;
    int kept = 0;
    for (Trace.Sync sync : Trace.of(plain).syncs().subList(1, 8)) {
      for (int unit = 0; unit < 12; unit++) {
        float before = sync.before().weightMoment[unit];
        float after = sync.after().weightMoment[unit];
        if (sync.mask().isKept(unit)) {
          assertThat(after).isEqualTo(before);
          kept++;
        } else {
          assertThat(Values.isZero(after)).isTrue();
          hidden += before == 0 ? 0 : 1;
        }
      }
    }
    assertThat(hidden).isPositive();
    assertThat(kept).isPositive();
  }

  @Test
  void masks_thatGoOnAtTheFinalSparsity_changeUntilTheFreezeAtEqualCounts() {
    MemberSettings feedback =
        FROM_THE_START
            .with("end", new Span.Steps(10))
            .with("continue", Optional.of(new Span.Steps(5)))
            .with("freeze", Optional.of(new Span.Steps(55)));
    Trace goesOn = Trace.of(Toy.run(directory, Kinds.soft(0), feedback, 60));

    Set<Mask> atTheEnd = new LinkedHashSet<>();
    for (Trace.Sync sync : goesOn.syncs()) {
      boolean isFixed = sync.step() >= 55;
      if (sync.step() >= 10) {
        assertThat(sync.mask().kept()).isEqualTo(6);
        atTheEnd.add(sync.mask());
      }
      if (sync.step() > 0) {
        assertThat(sync.masks().mayChange()).isEqualTo(!isFixed);
      }
    }
    assertThat(goesOn.syncs())
        .filteredOn(sync -> sync.step() >= 55)
        .extracting(Trace.Sync::mask)
        .containsOnly(goesOn.syncs().get(11).mask());
    assertThat(atTheEnd).hasSizeGreaterThan(1);
  }

  @Test
  void lastUpdate_freezes_hiddenWeightsAndMomentsBecomeZeroForGood() {
    Trace.Sync freeze = trace.syncs().get(8);
    assertThat(freeze.step()).isEqualTo(40);
    for (int unit = 0; unit < 12; unit++) {
      boolean dead = !freeze.mask().isKept(unit);
      assertThat(Values.isZero(freeze.after().weight[unit])).isEqualTo(dead);
      assertThat(Values.isZero(freeze.after().weightMoment[unit])).isEqualTo(dead);
      assertThat(freeze.before().weight[unit]).isNotZero();
    }

    Regression oracle = Regression.onTraining(run);
    for (Trace.Step step : trace.steps().subList(40, 60)) {
      assertThat(step.mask()).isEqualTo(freeze.mask());
      oracle.checkStep(step, Values.of(step.mask()), Values.of(step.mask()), 0);
      for (int unit = 0; unit < 12; unit++) {
        assertThat(Values.isZero(step.after().weight[unit])).isEqualTo(!freeze.mask().isKept(unit));
      }
    }
  }

  @Test
  void evaluation_whileHiddenWeightsLive_leavesThemOut() {
    Regression oracle = Regression.onValidation(run);
    for (Trace.Sync sync : trace.syncs().subList(1, 8)) {
      int last = sync.results().size() - 1;
      oracle.checkEvaluation(sync.after(), Values.of(sync.mask()), sync.results().get(last));
    }
  }
}
