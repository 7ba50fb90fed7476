package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.IntervalMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRecorderTest {
  @Test
  void stepsMeasured_longInterval_comesWithItsSyncInEventsOfAThousandSteps(@TempDir Path home) {
    List<List<Event>> writes = new ArrayList<>();
    PreparedRun run =
        PreparedRun.of(new RecipeLoader().load("digits", List.of()).config(), DataHome.of(home));
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    EventRecorder recorder = new EventRecorder(run, 1, 0, dense, writes::add);
    List<Double> values = Collections.nCopies(2500, 0.5);
    SyncTimes sync = new SyncTimes(1, 2, 3, 4, 5);

    recorder.stepsMeasured(3, new IntervalMetrics(10, values, values, 0.1, 5, 2500, sync));
    assertThat(writes).isEmpty();
    recorder.synced(Committer.start(run).open(), 0, 0, 0);

    assertThat(writes).hasSize(1);
    List<Event> events = writes.get(0);
    assertThat(events.get(3)).isInstanceOf(SyncCompleted.class);
    List<StepsMeasured> parts =
        events.subList(0, 3).stream().map(StepsMeasured.class::cast).toList();
    assertThat(parts).extracting(StepsMeasured::firstStep).containsExactly(11L, 1011L, 2011L);
    assertThat(parts).extracting(part -> part.losses().size()).containsExactly(1000, 1000, 500);
    assertThat(parts).extracting(StepsMeasured::computeSeconds).containsExactly(2.0, 2.0, 1.0);
    assertThat(parts).extracting(StepsMeasured::samplesPerSecond).containsOnly(500.0);
    assertThat(parts)
        .extracting(StepsMeasured::sync)
        .containsExactly(
            Optional.of(new SyncTimes(1, 2, 3, 4, 5)), Optional.empty(), Optional.empty());
  }
}
