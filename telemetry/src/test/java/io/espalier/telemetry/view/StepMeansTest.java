package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StepMeansTest {
  private final VoidedSteps voided = new VoidedSteps();
  private final Points points = new Points(voided);
  private final StepMeans means = new StepMeans(voided, List.of(points));

  @Test
  void add_someTrainers_waitsForTheOthers() {
    means.trainers(2);

    means.add(1, 0, 1, 2.0);
    means.add(1, 0, 2, 4.0);
    means.add(1, 1, 1, 4.0);

    assertThat(points.json()).hasToString("[[1],[3.0]]");
  }

  @Test
  void add_beyondAStep_letsItGoWithoutTheOther() {
    means.trainers(2);

    means.add(1, 0, 1, 2.0);
    means.add(1, 0, 2, 4.0);
    means.add(1, 1, 2, 6.0);

    assertThat(points.json()).hasToString("[[1,2],[2.0,5.0]]");
  }

  @Test
  void trainers_knownLater_completesWhatWaited() {
    means.add(1, 0, 1, 2.0);
    assertThat(points.isEmpty()).isTrue();

    means.trainers(1);

    assertThat(points.json()).hasToString("[[1],[2.0]]");
  }

  @Test
  void showWaiting_endedRun_showsAllAndForgetsItWhenMoreComes() {
    means.trainers(2);
    means.add(1, 0, 1, 2.0);
    means.showWaiting(true);
    assertThat(points.json()).hasToString("[[1],[2.0]]");

    means.add(1, 1, 1, 4.0);

    assertThat(points.json()).hasToString("[[1],[3.0]]");
  }

  @Test
  void add_unknownNumberOfTrainers_boundsWhatWaits() {
    for (int step = 1; step <= StepMeans.MOST_WAITING + 5; step++) {
      means.add(1, 0, step, step);
    }

    assertThat(points.size()).isEqualTo(5);
  }

  @Test
  void add_laterAttempt_takesBackOlderStepsAtOnce() {
    means.trainers(2);
    for (int trainer = 0; trainer < 2; trainer++) {
      means.add(1, trainer, 1, 1.0);
      means.add(1, trainer, 2, 1.0);
    }

    means.add(2, 0, 2, 7.0);

    assertThat(points.json()).hasToString("[[1],[1.0]]");
  }

  @Test
  void add_topicSentAnew_stillMeansAllTrainers() {
    means.trainers(2);
    means.add(1, 0, 9, 1.0);
    means.add(1, 1, 9, 3.0);

    means.add(1, 0, 1, 2.0);
    means.add(1, 0, 2, 2.0);
    means.add(1, 1, 1, 4.0);
    means.add(1, 1, 2, 6.0);

    assertThat(points.json()).hasToString("[[1,2,9],[3.0,4.0,2.0]]");
  }
}
