package io.espalier.cli.serve;

import io.espalier.cli.Espalier;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.SubmissionRequest;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** {@code espalier serve} as a process of its own, with a home of its own. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long LOOK_MS = 50;

  final ChildJvm process;
  private final Path directory;
  final ServiceClient client;

  private ServiceProcess(ChildJvm process, Path directory, ServiceClient client) {
    this.process = process;
    this.directory = directory;
    this.client = client;
  }

  /** Starts it, and returns when it takes requests. */
  static ServiceProcess start(Path home, String... options)
      throws IOException, InterruptedException {
    return start(home, List.of(), options);
  }

  /** Starts it with more classes than those of this process. */
  static ServiceProcess start(Path home, List<Path> moreClasses, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
    arguments.addAll(List.of(options));
    Path log = home.resolve("serve.log");
    int before = Files.exists(log) ? Files.readString(log).split("listening ", -1).length - 1 : 0;
    ChildJvm process =
        ChildJvm.start(Espalier.class, arguments, home, log, Path.of(""), moreClasses);
    try {
      process.awaitPrinted("listening ", before + 1);
      return of(process, home);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private static ServiceProcess of(ChildJvm process, Path home) throws IOException {
    Path directory = home.resolve("service");
    URI address = URI.create(Files.readString(directory.resolve("address")).strip());
    String token = Files.readString(directory.resolve("token")).strip();
    return new ServiceProcess(
        process,
        directory,
        ServiceClient.of(new ServiceAccess(address, Optional.of(token), Optional.empty())));
  }

  /** Submits a shipped recipe, and tells the run's id. */
  String submit(String recipe, String key, String... overrides) throws InterruptedException {
    return client
        .submit(
            new SubmissionRequest(
                recipe,
                Optional.empty(),
                List.of(overrides),
                OptionalInt.empty(),
                OptionalInt.empty(),
                key))
        .value()
        .run();
  }

  /** Waits until a run stands so. */
  RunStatus await(String run, Predicate<RunStatus> condition)
      throws InterruptedException, IOException {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    RunStatus status = client.status(run).value();
    while (!condition.test(status)) {
      boolean hopeless = status.state() == RunState.FAILED || status.state() == RunState.CANCELLED;
      if (hopeless || System.nanoTime() > untilNs) {
        throw new AssertionError("run: %s%n%s".formatted(status, process.printed()));
      }
      Thread.sleep(LOOK_MS);
      status = client.status(run).value();
    }
    return status;
  }

  Path directory(String run) {
    return directory.resolve("runs").resolve(run);
  }

  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
