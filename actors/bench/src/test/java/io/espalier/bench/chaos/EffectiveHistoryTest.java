package io.espalier.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveHistoryTest {
  private static final List<Event> WHOLE =
      List.of(
          Told.sync(0, "a", 0.1),
          Told.steps(1, 0.1, 2.0, 1.5),
          Told.sync(2, "b", 0.1),
          Told.steps(3, 0.1, 1.0, 0.5),
          Told.sync(4, "c", 0.1),
          new RunFinished(1, 4, 0.9, 0.3, 100, 7.5));

  @TempDir private Path directory;

  @Test
  void differences_killedAndToldAgain_areNone() throws IOException {
    EffectiveHistory killed =
        told(
            List.of(Told.sync(0, "a", 0.3), Told.steps(1, 0.3, 2.0, 1.5), Told.sync(2, "b", 0.3)),
            List.of(
                new RunResumed(2, 2),
                Told.steps(3, 0.4, 1.0, 0.5),
                Told.sync(4, "c", 0.4),
                new RunFinished(2, 4, 0.9, 0.3, 100, 9.5)),
            List.of(
                new RunResumed(3, 2),
                Told.steps(3, 0.5, 1.0, 0.5),
                Told.sync(4, "c", 0.5),
                new RunFinished(3, 4, 0.9, 0.3, 100, 11.5)));

    assertThat(killed.differencesFrom(told(WHOLE))).isEmpty();
  }

  @Test
  void differences_otherBitsOrMissingOrTwice_areTold() throws IOException {
    EffectiveHistory killed =
        told(
            List.of(Told.sync(0, "a", 0.1), Told.steps(1, 0.1, 2.0), Told.sync(2, "x", 0.1)),
            List.of(
                new RunResumed(2, 2),
                Told.steps(3, 0.1, 1.0, 0.5),
                Told.sync(4, "c", 0.1),
                Told.sync(4, "c", 0.1)));

    assertThat(killed.differencesFrom(told(WHOLE)))
        .anySatisfy(each -> assertThat(each).contains("step 2, sync", "digest b]", "digest x]"))
        .anySatisfy(each -> assertThat(each).contains("step 2, trainer-0", "loss 1.5", "found=[]"))
        .anySatisfy(each -> assertThat(each).contains("step 4, sync", "digest c, mask version"))
        .anySatisfy(each -> assertThat(each).contains("step 4, result", "found=[]"));
  }

  @SafeVarargs
  private EffectiveHistory told(List<Event>... attempts) throws IOException {
    Path run = Files.createTempDirectory(directory, "run");
    for (List<Event> attempt : attempts) {
      try (Outbox outbox = Outbox.open(run, new RunId("run"), Clock.systemUTC())) {
        attempt.forEach(outbox::append);
      }
    }
    return EffectiveHistory.of(RunHistory.read(run));
  }
}
