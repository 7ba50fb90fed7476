package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.fault.CrashPoint;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train} says when a run fails: no broker is asked for, and none answers. */
@Tag("slow")
class FailingTrainTest {
  private static final String NO_BROKER = "127.0.0.1:1";

  @TempDir private Path directory;

  @Test
  void train_failsBeforeTheFirstCheckpoint_saysThatItBeginsAnew() {
    Path out = directory.resolve("run");

    CommandRun run = train(out, "train.learning-rate={kind=constant,initial=1e12}");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("run failed after step", "not a finite number", "there is no checkpoint yet")
        .contains("espalier train --resume " + out);
  }

  @Test
  void train_failsAfterACheckpoint_namesTheWayOn() {
    Path out = directory.resolve("run");

    AtomicInteger syncs = new AtomicInteger();
    CrashPoint.arm(
        point -> {
          if (point == CrashPoint.BEFORE_AVERAGING && syncs.incrementAndGet() == 8) {
            throw new IllegalStateException("injected");
          }
        });

    CommandRun run = train(out, "train.checkpoint-every=4");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("injected", "go on from the newest checkpoint")
        .contains("espalier train --resume " + out);
  }

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  private static CommandRun train(Path out, String... overrides) {
    String[] arguments = new String[5 + 2 * overrides.length];
    arguments[0] = "train";
    arguments[1] = "digits";
    arguments[2] = "--out=" + out;
    arguments[3] = "--kafka";
    arguments[4] = NO_BROKER;
    for (int i = 0; i < overrides.length; i++) {
      arguments[5 + 2 * i] = "-D";
      arguments[6 + 2 * i] = overrides[i];
    }
    return CommandRun.of(arguments);
  }
}
