package io.espalier.cli.dashboard;

import io.espalier.cli.serve.RunningService;
import io.espalier.cli.serve.ServeSettings;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.SubmissionRequest;
import io.espalier.service.data.DataRoom;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.Role;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.run.Retention;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A real service with one trainer and two runs: one trains, the other waits. */
final class ServiceStage implements AutoCloseable {
  private final RunningService service;
  private final String operate;
  private final String read;
  private final String running;
  private final String waiting;

  ServiceStage(Path home) throws IOException, InterruptedException {
    ServeSettings settings =
        new ServeSettings(
            home,
            new ServeSettings.Api(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                false),
            new ServeSettings.Capacity(1, 2_048, Optional.empty(), List.of()),
            new ServeSettings.Data(
                List.of(Files.createDirectory(home.resolve("data"))), DataRoom.Limits.DEFAULT),
            new Retention(100, Optional.empty()),
            NoticeSettings.NONE,
            ServeSettings.Peers.NONE);
    service = RunningService.launch(settings);
    AccessTokens tokens = AccessTokens.open(settings.directory(), InstantSource.system());
    operate = tokens.create("operator", Role.OPERATE);
    read = tokens.create("reader", Role.READ);
    ServiceClient client =
        ServiceClient.of(
            new ServiceAccess(service.address(), Optional.of(operate), Optional.empty()));
    running = submit(client, "apple");
    waiting = submit(client, "banana");
  }

  /** A run that lasts longer than any test. */
  private static String submit(ServiceClient client, String name) throws InterruptedException {
    String recipe =
        "name = %s, tags = [fruit], data = digits, model = mlp, train { epochs = 100000, trainers = 1, sync-every = 20, evaluate-every = none }"
            .formatted(name);
    return client
        .submit(
            new SubmissionRequest(
                recipe,
                Optional.of(name + ".conf"),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                name))
        .value()
        .run();
  }

  URI page() {
    return service.address().resolve("/dashboard/");
  }

  /** A token that may steer runs. */
  String operate() {
    return operate;
  }

  /** A token that may look. */
  String read() {
    return read;
  }

  /** Id of the run that trains at first. */
  String running() {
    return running;
  }

  /** Id of the run that waits at first. */
  String waiting() {
    return waiting;
  }

  @Override
  public void close() {
    service.close();
  }
}
