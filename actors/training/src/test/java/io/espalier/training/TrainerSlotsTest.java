package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerSlotsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TrainerSlots trainers = new TrainerSlots(2, 0);
  private final Heard heard = new Heard();

  private void look(long seconds) {
    long nowNs = Duration.ofSeconds(seconds).toNanos();
    trainers.resetAfterPause(nowNs);
    trainers.reportSilence(slot -> true, PATIENCE, nowNs, 40, heard);
  }

  private void progress(int trainer, long seconds) {
    trainers.get(trainer).progressed(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void reportSilence_oneTrainerStops_isToldOnceAndItsReturnToo() {
    for (int second = 1; second <= 60; second++) {
      progress(0, second);
      progress(1, second < 10 || second > 50 ? second : 10);
      look(second);
    }

    assertThat(heard.told).containsExactly("step 40: trainer 1 silent for 30 s", "step 40: on");
  }

  @Test
  void reportSilence_trainerThatShouldNotWork_isNotMissed() {
    for (int second = 1; second <= 60; second++) {
      long nowNs = Duration.ofSeconds(second).toNanos();
      trainers.resetAfterPause(nowNs);
      trainers.reportSilence(slot -> false, PATIENCE, nowNs, 40, heard);
    }

    assertThat(heard.told).isEmpty();
  }

  @Test
  void reportSilence_wholeProcessWasPaused_givesAllTheirTimeAnew() {
    look(1);
    look(100);
    look(101);

    assertThat(heard.told).isEmpty();
  }

  private static final class Heard implements RunListener {
    private final List<String> told = new ArrayList<>();

    @Override
    public void stalled(long step, int trainer, Duration silence) {
      told.add("step %d: trainer %d silent for %d s".formatted(step, trainer, silence.toSeconds()));
    }

    @Override
    public void progressed(long step) {
      told.add("step %d: on".formatted(step));
    }
  }
}
