package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.view.SequenceFilter.Hole;
import io.espalier.telemetry.view.StepCoverage.Missing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SequenceFilterTest {
  private final VoidedSteps voided = new VoidedSteps();
  private final SequenceFilter sequences = new SequenceFilter();

  @Property(tries = 200)
  void add_anyOrder_tellsWhatIsNew(
      @ForAll @IntRange(min = 1, max = 60) int count, @ForAll long seed) {
    List<Long> order = new ArrayList<>();
    for (long sequence = 1; sequence <= count; sequence++) {
      order.add(sequence);
      order.add(sequence);
    }
    Collections.shuffle(order, new Random(seed));
    SequenceFilter all = new SequenceFilter();
    Set<Long> oracle = new HashSet<>();

    for (long sequence : order) {
      assertThat(all.add(sequence, 1, sequence)).isEqualTo(oracle.add(sequence));
    }

    assertThat(all.holes(voided)).isEmpty();
  }

  @Test
  void holes_missingSequences_lieBetweenTheStepsAround() {
    sequences.add(1, 1, 10);
    sequences.add(2, 1, 20);
    sequences.add(5, 1, SequenceFilter.NO_STEP);
    sequences.add(6, 1, 50);

    assertThat(sequences.holes(voided)).containsExactly(new Hole(20, 50));
  }

  @Test
  void holes_missingBeginning_countFromZero() {
    sequences.add(4, 1, 40);

    assertThat(sequences.holes(voided)).containsExactly(new Hole(0, 40));
  }

  @Test
  void holes_insideOfWhatIsVoid_areNone() {
    sequences.add(1, 1, 10);
    sequences.add(2, 1, 20);
    sequences.add(4, 1, 30);
    sequences.add(5, 2, 11);
    voided.add(2, 11);

    assertThat(sequences.holes(voided)).isEmpty();
  }

  @Test
  void missing_jumpOfATrainer_isTheStepsBetween() {
    StepCoverage coverage = new StepCoverage(voided);
    coverage.add(1, 1, 4);
    coverage.add(1, 9, 12);

    assertThat(coverage.missing()).containsExactly(new Missing(5, 8));
    coverage.add(1, 5, 8);
    assertThat(coverage.missing()).isEmpty();
  }

  @Test
  void missing_stepsThatALaterAttemptMeasured_areNone() {
    StepCoverage coverage = new StepCoverage(voided);
    coverage.add(1, 1, 4);
    coverage.add(1, 9, 12);

    voided.add(2, 5);
    coverage.add(2, 5, 8);
    coverage.add(1, 13, 16);

    assertThat(coverage.missing()).isEmpty();
  }

  @Test
  void isVoid_attemptsInAnyOrder_earliestCutOfALaterOneHolds() {
    voided.add(3, 50);
    voided.add(2, 80);
    voided.add(4, 90);

    assertThat(voided.isVoid(1, 49)).isFalse();
    assertThat(voided.isVoid(1, 50)).isTrue();
    assertThat(voided.isVoid(2, 50)).isTrue();
    assertThat(voided.isVoid(3, 89)).isFalse();
    assertThat(voided.isVoid(3, 90)).isTrue();
    assertThat(voided.isVoid(4, 90)).isFalse();
  }
}
