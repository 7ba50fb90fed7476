package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come back to the next attempt one after the other; the test moves the clock. */
final class ReturningClientsTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 2, cohort = 2, quorum = 50%, deadline = 60s }";

  @TempDir private Path directory;
  private final LinkThreads threads = LinkThreads.start(1);
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final ResolvedRecipe recipe =
      new RecipeLoader().parse("sample", SampleHost.RECIPE + FEDERATION, List.of());
  private final PreparedFederation federation =
      PreparedFederation.of(recipe.config(), DataHome.of(Path.of("target")));
  private RunDirectory run;
  private FederationSession session;
  private long nowMs = 1_000;

  @BeforeEach
  void open() throws IOException {
    run = RunDirectory.create(directory.resolve("run"), recipe.text());
    Files.createDirectories(rounds());
    session =
        FederationSession.start(
            federation,
            new RunSession.Request(
                federation.values(),
                recipe.text(),
                run,
                directory.resolve("home"),
                BrokerAccess.external(
                    Optional.of("127.0.0.1:1"), Optional.empty(), Map.<String, String>of()),
                events::add,
                notice -> {},
                warning -> {}));
  }

  @AfterEach
  void close() {
    session.close();
    run.close();
    threads.close();
  }

  @Test
  void attempt_thatMergesARoundFromDisk_givesAllClientsTheDeadlineToComeBack() throws IOException {
    // Given a round whose results are on disk, and a server that ends before it merges them
    RoundController first = attempt();
    Attendance anna = attend(first, "anna");
    Attendance berta = attend(first, "berta");
    first.advance();
    for (Attendance each : List.of(anna, berta)) {
      assertThat(report(first, each)).isInstanceOf(UploadVerdict.Accepted.class);
    }

    // When the next one merges them, and the clients come back after half of the deadline
    RoundController second = attempt();
    Due alone = second.advance();
    nowMs += 30_000;
    Attendance early = attend(second, "anna");
    Due waiting = second.advance();
    int startedWithoutBerta = started("2").size();
    Attendance late = attend(second, "berta");
    second.advance();

    // Then the round begins with both
    assertThat(alone).isEqualTo(new Due.Later(60_000));
    assertThat(waiting).isEqualTo(new Due.Later(30_000));
    assertThat(startedWithoutBerta).isZero();
    assertThat(started("2")).extracting(RoundStarted::invited).containsExactly(2);
    assertThat(early.task().getRound()).isEqualTo("2");
    assertThat(late.task().getRound()).isEqualTo("2");
  }

  @Test
  void attempt_whoseDeadlinePassed_goesOnWithAQuorum() throws IOException {
    // Given
    RoundController rounds = attempt();
    Attendance anna = attend(rounds, "anna");
    rounds.advance();

    // When
    nowMs += 60_000;
    rounds.advance();

    // Then
    assertThat(started("1")).extracting(RoundStarted::invited).containsExactly(1);
    assertThat(anna.task().getRound()).isEqualTo("1");
  }

  private Path rounds() {
    return run.path().resolve("rounds");
  }

  private RoundController attempt() throws IOException {
    return new RoundController(
        federation,
        session,
        new RoundStore(rounds(), run.runEpoch()),
        new ConnectedClients(session.networks(), "sample", recipe.text(), session::record),
        () -> new WireBytes(0, 0),
        new PayloadCatalog(),
        () -> nowMs);
  }

  private static Attendance attend(RoundController rounds, String name) throws IOException {
    Attendance attendance = new Attendance(name, new ArrayList<>());
    rounds.clients().attend(attendance, Hello.newBuilder().setDensityCap(1).build());
    rounds.ready(attendance, Ready.newBuilder().setExamples(SampleClient.EXAMPLES).build());
    return attendance;
  }

  private UploadVerdict report(RoundController rounds, Attendance client) throws IOException {
    Link unused =
        Link.of(
            LinkSettings.loopback(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), client.client()),
            threads);
    try (SampleClient writer = new SampleClient(federation, unused)) {
      MaskSet holds = session.course().model().masks().masks();
      byte[] result = writer.result(holds, .01f, SampleClient.EXAMPLES);
      UploadHeader header = writer.header(client.task(), result).build();
      return rounds.complete(
          client.client(), header, Files.write(directory.resolve(client.client()), result));
    }
  }

  private List<RoundStarted> started(String round) {
    return events.stream()
        .filter(RoundStarted.class::isInstance)
        .map(RoundStarted.class::cast)
        .filter(event -> event.round().equals(round))
        .toList();
  }

  /** A stream that only notes what is sent. */
  private record Attendance(String client, List<FromServer> sent) implements ClientSession {
    @Override
    public int protocolVersion() {
      return 1;
    }

    @Override
    public void send(FromServer message) {
      sent.add(message);
    }

    @Override
    public void end(FromServer last) {
      sent.add(last);
    }

    Task task() {
      return sent.stream()
          .filter(FromServer::hasTask)
          .reduce((earlier, later) -> later)
          .orElseThrow()
          .getTask();
    }
  }
}
