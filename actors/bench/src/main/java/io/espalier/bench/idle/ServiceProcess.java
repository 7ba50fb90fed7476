package io.espalier.bench.idle;

import io.espalier.bench.harness.FailedProcessException;
import io.espalier.cli.console.ChildCommand;
import io.espalier.cli.console.EspalierHome;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.RunEventStream;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Action;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.SubmissionRequest;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** {@code espalier serve} in a process and a home of its own. Not thread-safe. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long POLL_MS = 200;
  private static final int LOG_LINES = 15;

  private final Process process;
  private final Path log;
  private final ServiceClient client;
  private Optional<RunEventStream> listener = Optional.empty();

  private ServiceProcess(Process process, Path home, Path log)
      throws IOException, InterruptedException, FailedProcessException {
    this.process = process;
    this.log = log;
    Path service = home.resolve("service");
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

  /**
   * Starts a service, and waits until it takes requests.
   *
   * @param main the class of this program
   * @param home which must exist
   * @throws FailedProcessException if it ends, or takes too long
   */
  static ServiceProcess start(String main, Path home, Path log)
      throws IOException, InterruptedException, FailedProcessException {
    List<String> command =
        new ArrayList<>(ChildCommand.command(List.of("-Despalier.terminal=false"), main));
    command.addAll(List.of("serve", "--listen", "127.0.0.1:0"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put(EspalierHome.VARIABLE, home.toString());
    builder.environment().remove(BrokerAccess.ADDRESS_VARIABLE);
    builder.environment().remove(BrokerAccess.SETTINGS_VARIABLE);
    Process process = builder.start();
    try {
      return new ServiceProcess(process, home, log);
    } catch (IOException | InterruptedException | FailedProcessException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Brings the service into a situation. */
  void enter(IdleScenario situation)
      throws IOException, InterruptedException, FailedProcessException {
    switch (situation) {
      case NO_RUN_YET -> {}
      case RUN_ENDED -> {
        String run = submit(List.of());
        await("end its run", () -> state(run) == RunState.COMPLETED);
      }
      case PAUSED_AND_LISTENED -> {
        String run = submit(List.of("train.epochs=100000"));
        await("train", () -> state(run) == RunState.RUNNING);
        client.act(run, Action.PAUSE);
        await("pause its run", () -> state(run) == RunState.PAUSED);
        listener = Optional.of(client.events(run, 0));
        drain(listener.get());
      }
    }
  }

  ProcessUse look() throws IOException {
    return ProcessUse.of(process.pid());
  }

  @Override
  public void close() {
    listener.ifPresent(RunEventStream::close);
    process.destroy();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String submit(List<String> overrides) throws InterruptedException {
    return client
        .submit(
            new SubmissionRequest(
                "digits",
                Optional.empty(),
                overrides,
                OptionalInt.empty(),
                OptionalInt.empty(),
                "bench"))
        .value()
        .run();
  }

  private RunState state(String run)
      throws IOException, InterruptedException, FailedProcessException {
    RunStatus status = client.status(run).value();
    if (status.state() == RunState.FAILED) {
      throw failed("train a shipped recipe: cause=" + status.cause().orElse("unknown"));
    }
    return status.state();
  }

  /** Takes what has happened, so that the listener waits for more. */
  private static void drain(RunEventStream events) throws InterruptedException {
    boolean more = true;
    while (more) {
      more = events.next(Duration.ofSeconds(2)).isPresent();
    }
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException, FailedProcessException;
  }

  private void await(String what, Condition condition)
      throws IOException, InterruptedException, FailedProcessException {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (!holds(condition)) {
      if (!process.isAlive() || System.nanoTime() > untilNs) {
        throw failed(what + " within %d s".formatted(LIMIT.toSeconds()));
      }
      Thread.sleep(POLL_MS);
    }
  }

  private static boolean holds(Condition condition)
      throws IOException, InterruptedException, FailedProcessException {
    try {
      return condition.holds();
    } catch (ServiceException e) {
      if (e.isPassing()) {
        return false;
      }
      throw e;
    }
  }

  private FailedProcessException failed(String rule) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return new FailedProcessException(
        "a service must %s: log=%s, which ends:%n  %s"
            .formatted(
                rule,
                log,
                String.join(
                    "\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()))));
  }
}
