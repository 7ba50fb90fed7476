package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose score is the user's and may fail. */
class PluginScoreRunTest {
  private static final String[] RECIPE = {
    "train.checkpoint-every=1 epoch",
    "prune.score=wearing",
    "prune.schedule={kind=cubic,begin=20%,end=80%,updates=6}"
  };

  /** How many more calls a score takes before it fails. */
  private static final AtomicInteger LIFE = new AtomicInteger();

  @TempDir private Path directory;
  private ClassLoader before;
  private URLClassLoader loader;
  private EmbeddedBroker broker;

  /** Magnitude, until it wears out. */
  public static final class Wearing implements ScoreProvider {
    @Override
    public String name() {
      return "wearing";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.flag("inverse", false);
    }

    @Override
    public Score create(MemberSettings settings, long seed) {
      return (of, scores) -> {
        if (LIFE.getAndDecrement() <= 0) {
          throw new IllegalStateException("worn out");
        }
        for (int unit = 0; unit < scores.length; unit++) {
          scores[unit] = Math.abs(of.weights()[unit]);
        }
      };
    }
  }

  @BeforeEach
  void listTheScore() throws IOException {
    Path services = directory.resolve("classes/META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve(Plugin.class.getName()), Wearing.class.getName());
    before = Thread.currentThread().getContextClassLoader();
    loader = new URLClassLoader(new URL[] {directory.resolve("classes").toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(loader);
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
  }

  @AfterEach
  void restore() throws IOException {
    broker.close();
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }

  private RunResult resume(DigitsRun run, Path out) throws IOException {
    try (RunDirectory at = RunDirectory.resume(out);
        RunSession session =
            RunSession.start(run.request(at, directory, broker.address(), event -> {}))) {
      assertThat(session.startStep()).isPositive();
      return session.await();
    }
  }

  @Test
  void score_failsInMidRun_endsTheRunWithItsCauseAndACheckpointToResumeFrom() throws IOException {
    DigitsRun run = DigitsRun.of(directory, RECIPE);
    LIFE.set(Integer.MAX_VALUE);
    FinishedRun whole = TrainingLoop.run(run.run(), LoopListener.NONE);
    Path out = directory.resolve("run");

    LIFE.set(4 * run.run().prunable().size());
    RunResult failed = run.execute(out, directory, broker.address());
    LIFE.set(Integer.MAX_VALUE);
    RunResult resumed = resume(run, out);

    assertThat(failed)
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            it ->
                assertThat(it.cause())
                    .isEqualTo(
                        "score 'wearing' (class %s) failed to score fc1.weight: java.lang.IllegalStateException: worn out",
                        Wearing.class.getName()));
    assertThat(resumed)
        .isInstanceOfSatisfying(
            RunResult.Finished.class,
            it -> assertThat(it.run().committed().digest()).isEqualTo(whole.committed().digest()));
    assertThat(Files.readString(out.resolve("events.jsonl"))).contains("run.resumed");
  }

  @Test
  void score_failsBeforeTheFirstStep_endsTheRunWithItsCause() throws IOException {
    DigitsRun run = DigitsRun.of(directory, "prune.score=wearing", "prune.schedule=constant");
    LIFE.set(0);

    RunResult failed = run.execute(directory.resolve("run"), directory, broker.address());

    assertThat(failed)
        .isInstanceOfSatisfying(
            RunResult.Failed.class, it -> assertThat(it.cause()).contains("worn out"));
  }

  @Test
  void provenance_ofTheRun_namesTheClass() throws IOException {
    DigitsRun run = DigitsRun.of(directory, RECIPE);
    LIFE.set(0);
    List<Event> events = Collections.synchronizedList(new ArrayList<>());

    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(at, directory, broker.address(), events::add))) {
      session.await();
    }

    assertThat(events.get(0))
        .isInstanceOfSatisfying(
            RunEvent.Provenance.class,
            it ->
                assertThat(it.libraries())
                    .containsEntry("score wearing", Wearing.class.getName() + ", unversioned")
                    .containsKey("akka"));
  }
}
