package io.espalier.bench.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.configs.file.Json;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.RunEventStream;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.SubmissionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** {@code espalier serve} in a separate process with a separate home. Not thread-safe. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String SYNC = "io.espalier.sync.completed.v1";

  private final ChildProcess process;
  private final ServiceClient client;
  private final Path runs;
  private Optional<RunEventStream> listener = Optional.empty();

  private ServiceProcess(ChildProcess process, Path service)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    this.process = process;
    this.runs = service.resolve("runs");
    Path address = service.resolve("address");
    await("listen", () -> Files.isRegularFile(address));
    client =
        ServiceClient.of(
            new ServiceAccess(
                URI.create(Files.readString(address).strip()),
                Optional.of(Files.readString(service.resolve("token")).strip()),
                Optional.empty()));
    await("be ready", client::isReady);
  }

  /** Starts a service and waits until it accepts requests; throws if it ends or is too slow. */
  static ServiceProcess start(BenchDirectory scratch, String... options)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
    arguments.addAll(List.of(options));
    ChildProcess process = ChildProcess.espalier(scratch, "serve", List.of(), arguments);
    return new ServiceProcess(process, scratch.home().resolve("service"));
  }

  void enter(IdleResult.Scenario scenario)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    switch (scenario) {
      case NO_RUN_YET -> {}
      case RUN_ENDED -> {
        String run = submit("bench", List.of());
        await("end its run", () -> state(run) == RunState.FINISHED);
      }
      case PAUSED_AND_LISTENED -> {
        String run = submit("bench", List.of("train.epochs=100000"));
        await("train", () -> state(run) == RunState.RUNNING);
        client.act(run, ServiceClient.Action.PAUSE);
        await("pause its run", () -> state(run) == RunState.PAUSED);
        listener = Optional.of(client.events(run, 0));
        drain(listener.get());
      }
    }
  }

  /** Trains a short run; returns the seconds from the start of its attempt to its first step. */
  double secondsToFirstStep(String key)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    String run = submit(key, List.of("train.epochs=1", "train.sync-every=1"));
    await("end its run", () -> state(run) == RunState.FINISHED);
    Instant started =
        client.history(run).value().stream()
            .filter(entry -> entry.event().equals("started"))
            .map(LifecycleEntry::time)
            .findFirst()
            .orElseThrow();
    try (Stream<String> lines = Files.lines(runs.resolve(run).resolve("events.jsonl"))) {
      Instant stepped =
          lines
              .map(ServiceProcess::event)
              .filter(event -> event.path("type").asText().equals(SYNC))
              .filter(event -> event.path("data").path("step").asLong() > 0)
              .map(event -> Instant.parse(event.path("time").asText()))
              .findFirst()
              .orElseThrow();
      return Duration.between(started, stepped).toNanos() / 1e9;
    }
  }

  /** Waits until the first worker has written the classes for later ones. */
  void awaitArchive() throws IOException, InterruptedException, ChildProcess.FailedException {
    await("write its archive of classes", this::hasArchive);
  }

  private boolean hasArchive() throws IOException {
    Path classes = runs.resolve("../../classes");
    if (!Files.isDirectory(classes)) {
      return false;
    }
    try (Stream<Path> files = Files.list(classes)) {
      return files.anyMatch(file -> file.toString().endsWith(".jsa"));
    }
  }

  private static JsonNode event(String line) {
    try {
      return Json.LENIENT.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessUse look() throws IOException {
    return ProcessUse.of(process.process().pid());
  }

  @Override
  public void close() {
    listener.ifPresent(RunEventStream::close);
    process.terminate(LIMIT);
  }

  private String submit(String key, List<String> overrides) throws InterruptedException {
    return client
        .submit(
            new SubmissionRequest(
                "digits",
                Optional.empty(),
                overrides,
                OptionalInt.empty(),
                OptionalInt.empty(),
                key))
        .value()
        .run();
  }

  private RunState state(String run)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    RunStatus status = client.status(run).value();
    if (status.state() == RunState.FAILED) {
      throw process.failed(
          "train a shipped recipe: cause=" + status.standing().cause().orElse("unknown"));
    }
    return status.state();
  }

  private static void drain(RunEventStream events) throws InterruptedException {
    boolean more = true;
    while (more) {
      more = events.next(Duration.ofSeconds(2)).isPresent();
    }
  }

  private void await(String rule, ChildProcess.Condition condition)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    process.await(rule, () -> holds(condition), LIMIT);
  }

  private static boolean holds(ChildProcess.Condition condition)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    try {
      return condition.holds();
    } catch (ServiceException e) {
      if (e.isPassing()) {
        return false;
      }
      throw e;
    }
  }
}
