package io.espalier.actors.federation.server;

import io.espalier.actors.federation.client.ClientEnd;
import io.espalier.actors.federation.client.ClientEvent;
import io.espalier.actors.federation.client.ClientSettings;
import io.espalier.actors.federation.client.EdgeProcess;
import io.espalier.actors.federation.client.access.PlainAccess;
import io.espalier.actors.federation.client.access.ServerAccess;
import io.espalier.actors.federation.client.state.StateDirectory;
import io.espalier.actors.federation.link.LinkSettings;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.data.LocalData;
import io.espalier.trainer.federated.data.LocalPart;
import io.espalier.trainer.federated.data.LocalSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that looks for its server all the time, in this process, and what happens to it. */
final class EdgeDevice implements AutoCloseable {
  private static final ClientSettings.Times IMPATIENT =
      new ClientSettings.Times(
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Optional.of(Duration.ofMinutes(2)),
          Duration.ofMillis(200));

  final String name;
  final List<ClientEvent> events = new CopyOnWriteArrayList<>();
  private final ServerAccess access;
  private final StateDirectory state;
  private final EdgeProcess process;

  /**
   * @param part of the digits, such as {@code 1/2}
   * @param examples of all parts together
   */
  EdgeDevice(String name, InetSocketAddress server, String part, int examples, Path directory)
      throws IOException {
    this(name, server, part, examples, directory, OptionalLong.empty());
  }

  /** One with so many bytes of memory to train in. */
  EdgeDevice(
      String name,
      InetSocketAddress server,
      String part,
      int examples,
      Path directory,
      OptionalLong memoryCap)
      throws IOException {
    this.name = name;
    access = new PlainAccess(LinkSettings.loopback(server, name));
    state = StateDirectory.open(directory);
    LocalData data =
        new LocalData(
            LocalSource.of("digits", Optional.empty(), Optional.empty()),
            LocalPart.of(
                Optional.of(part),
                OptionalDouble.empty(),
                OptionalInt.of(examples),
                OptionalLong.empty()),
            DataHome.of(directory));
    process =
        EdgeProcess.start(
            new ClientSettings(
                access,
                state,
                data,
                1,
                memoryCap,
                "test",
                IMPATIENT,
                new SplittableRandom(1),
                events::add));
  }

  /** Rounds of all events of a kind, in order. */
  <T extends ClientEvent> List<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  ClientEnd await() {
    return process.await();
  }

  @Override
  public void close() {
    process.close();
    access.close();
    state.close();
  }
}
