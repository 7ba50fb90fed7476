package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.SubmissionRequest;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real workers of a real service die, hang and eat memory; the other runs do not notice. */
@Tag("slow")
class WorkersTest {
  private static final List<String> LONG =
      List.of("train.epochs=150", "train.trainers=1", "train.checkpoint-every=50");
  private static final int PATIENCE_S = 60;
  private static final int BAD_RUNS = 10;
  private static final Map<List<String>, String> DIGESTS = new ConcurrentHashMap<>();

  @TempDir private Path directory;
  private Path home;
  private List<Path> classes;

  @BeforeEach
  void makeDirectories() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    classes = List.of(RecklessData.registeredIn(directory.resolve("classes")));
  }

  @Test
  void worker_killed_interruptsItsRunAlone_whichEndsInTheSameBits() throws Exception {
    try (ServiceProcess service = start()) {
      // Given
      String killed = service.submit("digits", "killed", options(LONG));
      String beside = service.submit("digits", "beside", options(LONG, "seed=9"));
      service.await(killed, status -> status.reached().checkpointStep().isPresent());
      service.await(beside, status -> status.state() == RunState.RUNNING);

      // When
      worker(service, killed).destroyForcibly();

      // Then
      complete(service, killed);
      complete(service, beside);
      assertThat(events(service, killed))
          .containsSubsequence("interrupted", "started", "ready", "finished");
      assertThat(interruption(service, killed)).contains("ended by signal 9", "run=" + killed);
      assertThat(events(service, beside)).doesNotContain("interrupted");
      assertThat(digest(service, killed)).isEqualTo(digestOfLoop(options(LONG)));
      assertThat(digest(service, beside)).isEqualTo(digestOfLoop(options(LONG, "seed=9")));
    }
  }

  @Test
  void tenRunsThatCrash_besideAGoodOne_failWithTheirReason_andItEndsInTheSameBits()
      throws Exception {
    try (ServiceProcess service = start()) {
      // Given
      String good = service.submit("digits", "good", options(LONG));

      // When
      List<String> bad = new ArrayList<>();
      for (int i = 0; i < BAD_RUNS; i++) {
        bad.add(reckless(service, "halt", "bad-" + i));
      }

      // Then
      for (String run : bad) {
        RunStatus failed = service.await(run, status -> status.state() == RunState.FAILED);
        assertThat(failed.attempt().term()).isEqualTo(2);
        assertThat(failed.standing().cause().orElseThrow())
            .contains("2 in a row", "exit code 99", "the source halts its process");
      }
      complete(service, good);
      assertThat(events(service, good))
          .filteredOn(event -> !event.equals("checkpointed"))
          .containsExactly("submitted", "started", "ready", "finished");
      assertThat(digest(service, good)).isEqualTo(digestOfLoop(options(LONG)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "native, 'resident memory must stay within 768 MB'",
    "heap, its heap was exhausted",
    "fault, hs_err.log: SIGSEGV"
  })
  void worker_thatHarmsItself_isInterruptedWithItsCause(String deed, String cause)
      throws Exception {
    try (ServiceProcess service = start("--worker-memory", "512")) {
      String run = reckless(service, deed, deed);

      service.await(
          run,
          status -> status.standing().waitsFor().filter(why -> why.contains("died")).isPresent());

      assertThat(interruption(service, run)).contains(cause);
      assertThat(Files.readString(service.directory(run).resolve("run.log"))).contains(cause);
      service.client.act(run, ServiceClient.Action.CANCEL);
    }
  }

  @Test
  void worker_thatHangs_isKilledAndItsRunGoesOn() throws Exception {
    String[] options = options(LONG, "train.progress-timeout=5s");
    try (ServiceProcess service = start()) {
      // Given
      String run = service.submit("digits", "hung", options);
      service.await(run, status -> status.reached().checkpointStep().isPresent());

      // When
      signal("STOP", worker(service, run).pid());

      // Then
      complete(service, run);
      assertThat(interruption(service, run)).contains("must answer", "silent for 35 s");
      assertThat(digest(service, run)).isEqualTo(digestOfLoop(options(LONG)));
    }
  }

  @Test
  void worker_whoseCoordinatorHangsInAClassOfTheUser_isKilled() throws Exception {
    try (ServiceProcess service = start()) {
      String run =
          service.submit(
              "digits",
              "stuck",
              options(LONG, "prune.score=reckless", "train.progress-timeout=5s"));

      service.await(
          run,
          status -> status.standing().waitsFor().filter(why -> why.contains("died")).isPresent());

      assertThat(interruption(service, run)).contains("must answer", "silent for 35 s");
      service.client.act(run, ServiceClient.Action.CANCEL);
    }
  }

  @Test
  void service_killed_takesItsWorkersAlong_andTheNextOneEndsTheRunInTheSameBits() throws Exception {
    String run;
    ProcessHandle worker;
    try (ServiceProcess service = start()) {
      // Given
      run = service.submit("digits", "orphaned", options(LONG));
      service.await(run, status -> status.reached().checkpointStep().isPresent());
      worker = worker(service, run);

      // When
      service.kill();
    }

    // Then
    worker.onExit().get(PATIENCE_S, TimeUnit.SECONDS);
    try (ServiceProcess service = start()) {
      complete(service, run);
      assertThat(digest(service, run)).isEqualTo(digestOfLoop(options(LONG)));
    }
  }

  @Test
  void service_terminatedWithItsWorkers_checkpointsTheirRuns() throws Exception {
    String run;
    try (ServiceProcess service = start()) {
      // Given
      run = service.submit("digits", "stopped", options(LONG));
      service.await(run, status -> status.reached().checkpointStep().isPresent());

      // When
      signal("TERM", worker(service, run).pid());
      signal("TERM", service.process.pid());
      service.process.await();
    }

    // Then
    try (ServiceProcess service = start()) {
      complete(service, run);
      assertThat(interruption(service, run)).contains("the service was stopped");
      assertThat(digest(service, run)).isEqualTo(digestOfLoop(options(LONG)));
    }
  }

  private ServiceProcess start(String... options) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--trainers", "2"));
    all.addAll(List.of(options));
    return ServiceProcess.start(home, classes, all.toArray(String[]::new));
  }

  private static String[] options(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String reckless(ServiceProcess service, String deed, String key)
      throws InterruptedException {
    String recipe =
        "name = bad, data { kind = reckless, deed = %s }, model { kind = mlp, hidden = [4] }, train.trainers = 1"
            .formatted(deed);
    return service
        .client
        .submit(
            new SubmissionRequest(
                recipe,
                Optional.of("bad.conf"),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.of(256),
                key))
        .value()
        .run();
  }

  /** The process that works on a run. */
  private static ProcessHandle worker(ServiceProcess service, String run) throws IOException {
    for (ProcessHandle child :
        ProcessHandle.of(service.process.pid()).orElseThrow().children().toList()) {
      Path command = Path.of("/proc", Long.toString(child.pid()), "cmdline");
      if (Files.readString(command).contains("/" + run + "/")) {
        return child;
      }
    }
    throw new AssertionError("a run must have a worker: run=" + run);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static void complete(ServiceProcess service, String run)
      throws IOException, InterruptedException {
    service.await(run, status -> status.state() == RunState.FINISHED);
  }

  private static List<String> events(ServiceProcess service, String run)
      throws InterruptedException {
    return service.client.history(run).value().stream().map(LifecycleEntry::event).toList();
  }

  /** Why the first attempt ended. */
  private static String interruption(ServiceProcess service, String run)
      throws InterruptedException {
    return service.client.history(run).value().stream()
        .filter(entry -> entry.event().equals("interrupted"))
        .map(LifecycleEntry::detail)
        .findFirst()
        .orElseThrow();
  }

  private static String digest(ServiceProcess service, String run) throws IOException {
    return new ObjectMapper()
        .readTree(service.directory(run).resolve("summary.json").toFile())
        .get("digest")
        .asText();
  }

  /** Of the same recipe, trained by the plain loop in this process. */
  private String digestOfLoop(String... overrides) {
    return DIGESTS.computeIfAbsent(
        List.of(overrides),
        all -> {
          RunConfig config = new RecipeLoader().load("digits", all).config();
          PreparedRun run = PreparedRun.of(config, DataHome.of(home));
          return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
        });
  }
}
