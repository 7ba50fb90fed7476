package io.espalier.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.actors.training.IntervalMetrics;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRecorderTest {
  @Test
  void stepsMeasured_longInterval_comesInEventsOfAThousandSteps(@TempDir Path home) {
    List<Event> events = new ArrayList<>();
    EventRecorder recorder = new EventRecorder(DigitsRun.of(home).run(), 1, 0, 0, events::add);
    List<Double> values = Collections.nCopies(2500, 0.5);

    recorder.stepsMeasured(3, new IntervalMetrics(10, values, values, 0.1, 5, 2500));

    List<StepsMeasured> parts = events.stream().map(StepsMeasured.class::cast).toList();
    assertThat(parts).extracting(StepsMeasured::firstStep).containsExactly(11L, 1011L, 2011L);
    assertThat(parts).extracting(part -> part.losses().size()).containsExactly(1000, 1000, 500);
    assertThat(parts).extracting(StepsMeasured::computeSeconds).containsExactly(2.0, 2.0, 1.0);
    assertThat(parts).extracting(StepsMeasured::samplesPerSecond).containsOnly(500.0);
  }
}
