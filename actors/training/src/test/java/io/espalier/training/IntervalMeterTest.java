package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.trainer.replica.Replica.StepOutcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IntervalMeterTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong clock = new AtomicLong(77);
  private final IntervalMeter meter = new IntervalMeter(clock::get);

  @Test
  void take_afterASyncAndSteps_tellsWhatEachTook() {
    pass(1);
    meter.lap(IntervalMeter.Lap.UPLOAD);
    pass(2);
    meter.lap(IntervalMeter.Lap.WAIT);
    pass(3);
    meter.lap(IntervalMeter.Lap.DOWNLOAD);
    pass(9);
    meter.lap(IntervalMeter.Lap.APPLY, IntervalMeter.Lap.EVALUATE, 5 * SECOND);
    pass(100);
    meter.skip();
    pass(6);
    meter.add(new StepOutcome(40, 1.5f, 3, 4, 0.1));

    IntervalMetrics metrics = meter.take();

    assertThat(metrics)
        .isEqualTo(
            new IntervalMetrics(
                40, List.of(1.5), List.of(0.75), 0.1, 6, 4, new SyncTimes(1, 2, 3, 4, 5)));
  }

  @Test
  void take_again_startsAnew() {
    pass(1);
    meter.lap(IntervalMeter.Lap.WAIT);
    meter.take();

    assertThat(meter.take().sync()).isEqualTo(new SyncTimes(0, 0, 0, 0, 0));
  }

  private void pass(long seconds) {
    clock.addAndGet(seconds * SECOND);
  }
}
