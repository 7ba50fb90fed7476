package io.espalier.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.CommandRun;
import io.espalier.cli.serve.RunningService;
import io.espalier.cli.serve.ServeSettings;
import io.espalier.service.RunState;
import io.espalier.service.client.ServiceAccess;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.SubmissionRequest;
import io.espalier.service.data.DataRoom;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.run.Retention;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, a real service, and real runs on what was uploaded. */
final class DataCommandsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path home;
  private static RunningService service;
  private static ServiceClient client;

  @BeforeAll
  static void serve() throws IOException {
    ServeSettings settings =
        new ServeSettings(
            home,
            new ServeSettings.Api(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                false),
            new ServeSettings.Capacity(2, 2_048, Optional.empty(), List.of()),
            new ServeSettings.Data(
                List.of(Files.createDirectory(home.resolve("data"))),
                new DataRoom.Limits(1 << 20, 1 << 20)),
            new Retention(100, Optional.empty()),
            NoticeSettings.NONE,
            ServeSettings.Peers.NONE);
    service = RunningService.launch(settings);
    String token = Files.readString(settings.directory().resolve("token")).strip();
    client =
        ServiceClient.of(
            new ServiceAccess(service.address(), Optional.of(token), Optional.empty()));
  }

  @AfterAll
  static void end() throws Exception {
    service.close();
  }

  @Test
  void folder_isUploaded_trainedOn_andKeptWhileARunUsesIt() throws Exception {
    Path folder = home.resolve("mine");
    table(Files.createDirectories(folder.resolve("tables")).resolve("points.csv"), 200);

    CommandRun uploaded = espalier("data", "upload", "points", folder.toString());
    CommandRun again = espalier("data", "upload", "points", folder.toString());
    String run = submit("points/tables/points.csv", 3);
    awaitState(run, RunState.FINISHED);
    String endless = submit("points/tables/points.csv", 1_000_000);
    CommandRun kept = espalier("data", "delete", "points");
    client.act(endless, ServiceClient.Action.CANCEL);
    awaitState(endless, RunState.CANCELLED);
    CommandRun deleted = espalier("data", "delete", "points");

    assertThat(uploaded.exitCode()).as(uploaded.err()).isZero();
    assertThat(uploaded.out())
        .contains("uploaded   points", "files      1, ", "recipe     data.path = points");
    assertThat(again.out()).contains("unchanged  points");
    assertThat(kept.exitCode()).isEqualTo(2);
    assertThat(kept.err()).contains("unfinished runs").contains("runs=" + endless);
    assertThat(deleted.out()).isEqualTo("deleted    points\n");
    assertThat(home.resolve("data/points")).doesNotExist();
  }

  @Test
  void file_isUploaded_listed_andNamedByItsName() throws Exception {
    Path file = table(home.resolve("local.csv"), 100);

    CommandRun uploaded = espalier("data", "upload", "table.csv", file.toString(), "--json");
    CommandRun listed = espalier("data", "list");
    awaitState(submit("table.csv", 1), RunState.FINISHED);
    CommandRun deleted = espalier("data", "delete", "table.csv");

    assertThat(uploaded.out()).contains("\"name\" : \"table.csv\"", "\"kind\" : \"file\"");
    assertThat(listed.out()).contains("table.csv", "file", "owner");
    assertThat(deleted.exitCode()).as(deleted.err()).isZero();
    assertThat(espalier("data", "list").err()).contains("no data sets");
  }

  @Test
  void uploadWithoutRoom_isRefusedWithTheReason_beforeItIsSent() throws Exception {
    Path large = Files.write(home.resolve("large.bin"), new byte[(1 << 20) + 1]);

    CommandRun refused = espalier("data", "upload", "large.bin", large.toString());

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("at most 1,048,576 bytes", "--upload-limit");
    assertThat(client.dataSets().value()).noneMatch(each -> each.name().equals("large.bin"));
  }

  @Test
  void link_isRefused_withoutAskingTheService() throws Exception {
    Path folder = Files.createDirectories(home.resolve("linked"));
    Files.createSymbolicLink(folder.resolve("passwd"), Path.of("/etc/passwd"));

    CommandRun refused = espalier("data", "upload", "linked", folder.toString());

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("is a link", "replace it by a copy");
  }

  private static Path table(Path file, int rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,y,side"));
    for (int i = 0; i < rows; i++) {
      lines.add("%d,%d,%s".formatted(i % 17, i % 5, i % 17 > 8 ? "right" : "left"));
    }
    return Files.write(file, lines);
  }

  private static String submit(String path, int epochs) throws InterruptedException {
    String recipe =
        "name = p, data { kind = csv, path = \"%s\", label = side, test = 20%%, batch-size = 8 }, model = mlp, train { epochs = %d, trainers = 1, evaluate-every = none }"
            .formatted(path, epochs);
    return client
        .submit(
            new SubmissionRequest(
                recipe,
                Optional.of("p.conf"),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                path + epochs))
        .value()
        .run();
  }

  private static void awaitState(String run, RunState state) throws InterruptedException {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    var status = client.status(run).value();
    while (status.state() != state && System.nanoTime() < untilNs) {
      Thread.sleep(50);
      status = client.status(run).value();
    }
    assertThat(status.state()).as(status.toString()).isEqualTo(state);
  }

  private static CommandRun espalier(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", service.address().toString()));
    all.addAll(List.of("--token-file", home.resolve("service/token").toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }
}
