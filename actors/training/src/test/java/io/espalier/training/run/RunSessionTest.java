package io.espalier.training.run;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunSessionTest {
  private static final String ANNEALED = "prune.mask={kind=annealed,over=15%}";
  private static final String SHORT = "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}";
  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, mask=hard, mlp",
    "2, mask=hard, mlp",
    "2, mask=soft, mlp",
    "2, 'mask={kind=soft,hidden-gradient=0.2,hidden-momentum=false}', mlp",
    "2, 'mask={kind=annealed,over=15%}', mlp",
    "2, mask=hard, resnet-8",
    "2, mask=soft, resnet-8",
    "2, 'mask={kind=annealed,over=15%}', resnet-8"
  })
  void run_underActors_givesTheBitsOfThePlainLoopEveryTime(int trainers, String mask, String model)
      throws IOException {
    DigitsRun run =
        DigitsRun.of(
            shared,
            "train.trainers=" + trainers,
            "prune." + mask,
            SHORT,
            "model=" + model,
            model.equals("mlp") ? "model.hidden=[32,16]" : "model.width=4");

    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    RunResult first = run.execute(directory.resolve("first"), shared, broker.address());
    RunResult second = run.execute(directory.resolve("second"), shared, broker.address());

    assertThat(digest(first)).isEqualTo(loop.committed().digest());
    assertThat(digest(second)).isEqualTo(loop.committed().digest());
    for (String file : List.of("model.safetensors", "masks.safetensors")) {
      assertThat(directory.resolve("first").resolve(file))
          .hasSameBinaryContentAs(directory.resolve("second").resolve(file));
    }
  }

  @Test
  void ping_isAnsweredByTheCoordinator_andAfterTheEnd() throws Exception {
    DigitsRun run = DigitsRun.of(shared, "train.trainers=1", "train.epochs=100000");
    CompletableFuture<String> during = new CompletableFuture<>();
    CompletableFuture<String> after = new CompletableFuture<>();

    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(at, shared, broker.address(), event -> {}))) {
      session.ping(() -> during.complete(Thread.currentThread().getName()));
      assertThat(during.get(60, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread().getName());
      session.cancel();
      session.await();
      session.ping(() -> after.complete(Thread.currentThread().getName()));
    }

    assertThat(after).isCompletedWithValue(Thread.currentThread().getName());
  }

  @Test
  void run_twoTrainers_tellsWhatSyncsCostAndShowsMasks() throws IOException {
    DigitsRun run = DigitsRun.of(shared, "train.trainers=2", SHORT, "data.validation=10%");
    List<Event> events = new CopyOnWriteArrayList<>();

    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(at, shared, broker.address(), events::add))) {
      session.await();
    }

    List<TrainingEvent.SyncTimes> syncs =
        all(events, TrainingEvent.StepsMeasured.class).stream()
            .map(steps -> steps.sync().orElseThrow())
            .toList();
    assertThat(syncs).anyMatch(sync -> sync.waitSeconds() > 0 && sync.uploadSeconds() > 0);
    assertThat(syncs).anyMatch(sync -> sync.evaluateSeconds() > 0);
    assertThat(syncs).allMatch(sync -> sync.downloadSeconds() > 0 && sync.applySeconds() > 0);
    assertThat(all(events, TrainingEvent.SyncCompleted.class))
        .filteredOn(sync -> sync.step() > 0)
        .allMatch(sync -> sync.commitSeconds() > 0);
    assertThat(all(events, TrainingEvent.EvaluationCompleted.class))
        .isNotEmpty()
        .allMatch(evaluation -> evaluation.seconds() > 0);
    int updates = run.run().plan().updates().size();
    assertThat(all(events, MaskEvent.MaskPicture.class))
        .filteredOn(picture -> picture.maskVersion() == updates)
        .extracting(MaskEvent.MaskPicture::name)
        .containsAll(run.run().prunableIds().stream().map(id -> id.name()).toList());
    assertThat(directory.resolve("run/report.html")).content().contains("\"view\":\"pixels\"");
  }

  @Test
  void run_reportCannotBeWritten_failsAndIsLeftToShip() throws IOException {
    DigitsRun run = DigitsRun.of(shared, SHORT);
    Path home = directory.resolve("home");
    Path out = directory.resolve("run");

    RunResult result;
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text())) {
      Files.createDirectories(out.resolve("report.html/blocked"));
      try (RunSession session =
          RunSession.start(run.request(at, home, broker.address(), event -> {}))) {
        result = session.await();
      }
    }

    assertThat(result).isInstanceOf(RunResult.Failed.class);
    assertThat(Backlog.of(home).pending()).containsExactly(out.toAbsolutePath());
  }

  @Test
  void run_namedBrokerIsAway_trainsOnAndWarnsOnce() throws IOException {
    DigitsRun run = DigitsRun.of(shared, SHORT);
    List<String> warnings = new CopyOnWriteArrayList<>();
    Path out = directory.resolve("run");

    RunResult result;
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    run.run(),
                    run.recipe().text(),
                    at,
                    directory.resolve("home"),
                    Optional.of(BrokerAccess.of("127.0.0.1:1")),
                    event -> {},
                    notice -> {},
                    warnings::add))) {
      result = session.await();
    }

    assertThat(warnings)
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .contains("events.jsonl", "training goes on", "address=127.0.0.1:1", "--kafka-config");
    RunResult.Finished finished = (RunResult.Finished) result;
    assertThat(finished.leftToShip().orElseThrow()).contains("the next run of this home ships");
    assertThat(out.resolve("events.jsonl")).content().contains("io.espalier.run.finished.v1");
  }

  @Test
  void stop_inMidRun_resumesToTheBitsOfAnUninterruptedRun() throws IOException {
    DigitsRun run = DigitsRun.of(shared, ANNEALED, SHORT, "train.epochs=60");
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    Path out = directory.resolve("run");
    AtomicReference<RunSession> running = new AtomicReference<>();

    RunResult stopped;
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
        RunSession session =
            RunSession.start(
                run.request(
                    at, shared, broker.address(), event -> stopAfter(30, event, running)))) {
      running.set(session);
      stopped = session.await();
    }
    RunResult resumed;
    try (RunDirectory at = RunDirectory.resume(out);
        RunSession session =
            RunSession.start(run.request(at, shared, broker.address(), event -> {}))) {
      resumed = session.await();
    }

    assertThat(stopped).isInstanceOf(RunResult.Paused.class);
    assertThat(digest(resumed)).isEqualTo(loop.committed().digest());
    assertThat(Files.readString(out.resolve("events.jsonl"))).contains("run.resumed");
    assertThatThrownBy(() -> RunDirectory.resume(out))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("summary.json");
  }

  @Test
  void stop_ofARunThatKeepsItsBestAndEndsEarly_resumesToTheSameFiles() throws IOException {
    DigitsRun run =
        DigitsRun.of(
            shared,
            SHORT,
            "train.trainers=2",
            "train.epochs=60",
            "train.evaluate-every=8",
            "train.keep-best=true",
            "train.keep-masks=all",
            "train.stop-early={kind=plateau,patience=4,min-gain=2%}",
            "data.validation=20%");
    Path whole = directory.resolve("whole");
    Path out = directory.resolve("run");
    AtomicReference<RunSession> running = new AtomicReference<>();
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);

    run.execute(whole, shared, broker.address());
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
        RunSession session =
            RunSession.start(
                run.request(
                    at, shared, broker.address(), event -> stopAfter(30, event, running)))) {
      running.set(session);
      session.await();
    }
    RunResult resumed = run.resume(out, shared, broker.address());

    assertThat(loop.endedEarly()).isTrue();
    assertThat(digest(resumed)).isEqualTo(loop.committed().digest());
    assertThat(out.resolve("best.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("best.safetensors"));
    int versions = loop.committed().masks().masks().version().number();
    for (int version = 1; version <= versions; version++) {
      String name = "masks/version-%05d.safetensors".formatted(version);
      assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    assertThat(MaskFile.read(out.resolve("masks/version-%05d.safetensors".formatted(versions))))
        .isEqualTo(MaskFile.read(out.resolve("masks.safetensors")));
    JsonNode summary = Json.LENIENT.readTree(Files.readString(out.resolve("summary.json")));
    assertThat(summary.path("steps").longValue()).isEqualTo(loop.committed().step());
    assertThat(summary.path("plannedSteps").longValue()).isEqualTo(run.run().plan().totalSteps());
    assertThat(summary.path("endedEarly").textValue())
        .startsWith("4 evaluations without a gain of 2% over validation accuracy");
    assertThat(summary.path("bestStep").longValue())
        .isEqualTo(loop.validation().best().orElseThrow().step());
    assertThat(summary.path("bestValidationAccuracy").doubleValue())
        .isEqualTo(loop.validation().best().orElseThrow().accuracy());
  }

  @Test
  void run_withNorms_leavesNoCheckpointOfItsLastStep() throws IOException {
    DigitsRun run =
        DigitsRun.of(
            shared, SHORT, "model=resnet-8", "model.width=4", "train.checkpoint-every=50%");

    run.execute(directory.resolve("run"), shared, broker.address());

    assertThat(directory.resolve("run/checkpoints"))
        .isDirectoryContaining(path -> path.getFileName().toString().startsWith("step-"))
        .isDirectoryNotContaining(
            path -> path.getFileName().toString().endsWith("0" + run.run().plan().totalSteps()));
  }

  @Test
  void resume_diedBeforeTheFirstCheckpoint_beginsAnewAndSaysSo() throws IOException {
    DigitsRun run = DigitsRun.of(shared, SHORT, "train.checkpoint-every=100%");
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    Path out = directory.resolve("run");
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
        RunSession abandoned =
            RunSession.start(run.request(at, shared, broker.address(), event -> {}))) {
      assertThat(abandoned.startStep()).isZero();
    }

    List<Event> events = new CopyOnWriteArrayList<>();
    RunResult result;
    try (RunDirectory at = RunDirectory.resume(out);
        RunSession session =
            RunSession.start(run.request(at, shared, broker.address(), events::add))) {
      result = session.await();
    }

    assertThat(digest(result)).isEqualTo(loop.committed().digest());
    assertThat(events).contains(new RunEvent.RunResumed(2, 0));
  }

  @Test
  void run_learningRateTooHigh_failsWithStepParameterAndCauses() throws IOException {
    DigitsRun run = DigitsRun.of(shared, "train.learning-rate={kind=constant,initial=1e12}");
    List<Event> events = new CopyOnWriteArrayList<>();

    RunResult result;
    try (RunDirectory out = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(out, shared, broker.address(), events::add))) {
      result = session.await();
    }

    assertThat(result).isInstanceOf(RunResult.Failed.class);
    assertThat(((RunResult.Failed) result).cause())
        .contains(
            "not a finite number", "step=", "parameter of largest magnitude=", "learning rate");
    assertThat(directory.resolve("run").resolve("summary.json")).doesNotExist();
    List<Event> last =
        events.stream()
            .filter(event -> event instanceof AlertRaised || event instanceof RunEvent.RunFailed)
            .toList();
    assertThat(last).hasSize(2);
    assertThat(last.get(0)).isInstanceOf(AlertRaised.class);
    assertThat(((AlertRaised) last.get(0)).kind()).isEqualTo(AlertRaised.NOT_FINITE);
    assertThat(((AlertRaised) last.get(0)).text()).contains("not a finite number", "step=");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void run_whoseHiddenWeightsGrowAndUnitsDie_saysSoOncePerParameter(int trainers)
      throws IOException {
    DigitsRun run =
        DigitsRun.of(
            shared,
            "train.trainers=" + trainers,
            "train.epochs=" + 6 * trainers,
            "train.optimizer.weight-decay=0",
            "train.learning-rate={kind=constant,initial=0.1}",
            "model.hidden=[32,16]",
            "prune.mask={kind=soft,masked-decay=0}",
            "prune.sparsity=98%",
            "prune.schedule={kind=cubic,begin=10%,end=90%,updates=4}");
    List<Event> events = new CopyOnWriteArrayList<>();
    List<String> warnings = new CopyOnWriteArrayList<>();

    try (RunDirectory out = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    run.run(),
                    run.recipe().text(),
                    out,
                    shared,
                    Optional.of(BrokerAccess.of(broker.address())),
                    events::add,
                    notice -> {},
                    warnings::add))) {
      session.await();
    }

    List<AlertRaised> alerts = all(events, AlertRaised.class);
    assertThat(alerts)
        .extracting(
            alert -> alert.kind() + " " + alert.text().substring(0, alert.text().indexOf(':')))
        .doesNotHaveDuplicates()
        .contains("hidden-weights fc1.weight", "dead-units fc1.weight");
    assertThat(warnings)
        .containsAll(alerts.stream().map(AlertRaised::text).toList())
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("hidden weights outgrow", "kept ones have a mean", "masked-decay"))
        .anySatisfy(
            text -> assertThat(text).contains("of 32 outputs have no weight left", "min-keep"));
    assertThat(directory.resolve("run").resolve("report.html"))
        .content()
        .contains("hidden weights outgrow kept ones", "outputs have no weight left");
  }

  @Test
  void run_taggedAndWell_tellsItsTagsAndNoAlert() throws IOException {
    DigitsRun run = DigitsRun.of(shared, "tags=[baseline, \"a b\"]", SHORT);
    List<Event> events = new CopyOnWriteArrayList<>();

    try (RunDirectory out = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(out, shared, broker.address(), events::add))) {
      session.await();
    }

    List<String> tags = List.of("baseline", "a b");
    assertThat(all(events, RunEvent.RunStarted.class))
        .singleElement()
        .returns(tags, RunEvent.RunStarted::tags);
    assertThat(all(events, RunEvent.RunState.class))
        .isNotEmpty()
        .allMatch(state -> state.tags().equals(tags));
    assertThat(all(events, AlertRaised.class)).isEmpty();
  }

  @Test
  void run_observer_hearsTheWholeStory() throws IOException {
    DigitsRun run = DigitsRun.of(shared);
    List<Event> events = new CopyOnWriteArrayList<>();

    try (RunDirectory out = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(out, shared, broker.address(), events::add))) {
      session.await();
    }

    assertThat(events.get(0)).isInstanceOf(RunEvent.Provenance.class);
    long measured =
        events.stream()
            .filter(TrainingEvent.StepsMeasured.class::isInstance)
            .mapToLong(event -> ((TrainingEvent.StepsMeasured) event).losses().size())
            .sum();
    assertThat(measured)
        .isEqualTo(run.run().plan().totalSteps() * run.run().config().train().trainers());
    assertThat(events).hasAtLeastOneElementOfType(RunEvent.RunFinished.class);
  }

  private static void stopAfter(long step, Event event, AtomicReference<RunSession> running) {
    if (event instanceof TrainingEvent.SyncCompleted sync
        && sync.step() >= step
        && running.get() != null) {
      running.get().pause();
    }
  }

  private static Object digest(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    return ((RunResult.Finished) result).run().committed().digest();
  }

  private static <E extends Event> List<E> all(List<Event> events, Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
