package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.serve.RunningService;
import io.espalier.cli.serve.ServeSettings;
import io.espalier.configs.file.EspalierHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ServeCommandTest {
  private static final Path DIRECTORY = EspalierHome.path().resolve("service");

  @TempDir private Path directory;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private Optional<ServeSettings> launched = Optional.empty();
  private String published = "";

  @Test
  void serve_publishesItsAddressWhileItRuns() {
    end.complete(null);

    CommandRun run = serve();

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "listening http://127.0.0.1:7071\n",
            "dashboard http://127.0.0.1:7071/dashboard/\n",
            "token     in " + DIRECTORY,
            "espalier submit");
    assertThat(published).isEqualTo("http://127.0.0.1:7071\n");
    assertThat(DIRECTORY.resolve("address")).doesNotExist();
  }

  @Test
  void serve_thatFailsOnTheWay_endsWithItsCause() {
    end.completeExceptionally(new IOException("the node was downed"));

    CommandRun run = serve();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("the node was downed");
  }

  @Test
  void serve_options_becomeSettings() throws IOException {
    end.complete(null);
    Path data = Files.createDirectory(directory.resolve("data"));

    serve(
        "--listen",
        "127.0.0.1:0",
        "--trainers",
        "3",
        "--memory",
        "900",
        "--data",
        data.toString(),
        "--keep-runs",
        "7",
        "--keep-for",
        "30d",
        "--gateway",
        "127.0.0.1:0",
        "--gateway-plaintext",
        "--cluster",
        "cluster.conf");

    ServeSettings settings = launched.orElseThrow();
    assertThat(settings.capacity().trainers()).isEqualTo(3);
    assertThat(settings.capacity().memoryMb()).isEqualTo(900);
    assertThat(settings.data().directories()).containsExactly(data);
    assertThat(settings.retention().keepRuns()).isEqualTo(7);
    assertThat(settings.retention().keepFor()).hasValue(Duration.ofDays(30));
    assertThat(settings.capacity().gateways()).containsExactly("127.0.0.1:0");
    assertThat(settings.peers().authority()).isEmpty();
    assertThat(settings.peers().cluster()).hasValue(Path.of("cluster.conf"));
  }

  @Test
  void serve_withDestinationsOfNotices_namesThem() throws IOException {
    end.complete(null);
    Path file =
        Files.writeString(
            directory.resolve("notify.conf"),
            "destinations.team { kind = mail, host = mx, from = \"a@b.org\", to = [\"c@d.org\"] }");

    CommandRun run = serve("--notify", file.toString());

    assertThat(run.out()).contains("notices   to team\n");
    assertThat(launched.orElseThrow().notices().names()).containsExactly("team");
  }

  @Test
  void serve_withoutOptions_givesRunsTheMachine() {
    end.complete(null);

    serve();

    assertThat(launched.orElseThrow().notices().names()).isEmpty();

    assertThat(launched.orElseThrow().capacity().trainers())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(launched.orElseThrow().capacity().memoryMb()).isPositive();
    assertThat(launched.orElseThrow().data().directories())
        .containsExactly(DIRECTORY.resolve("data"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1024",
    "--isolate, 1024",
    "--worker-memory 300, 300",
    "--no-isolate,",
    "--no-isolate --worker-memory 300,"
  })
  void serve_isolatesAttempts_unlessTold(String options, Integer workerMemoryMb) {
    end.complete(null);

    serve(options.isEmpty() ? new String[0] : options.split(" ", -1));

    assertThat(launched.orElseThrow().capacity().workerMemoryMb())
        .isEqualTo(Optional.ofNullable(workerMemoryMb));
  }

  @ParameterizedTest
  @CsvSource({
    "--listen 0.0.0.0:7070, --tls-certificate and --tls-key",
    "--listen 7070, must be HOST:PORT",
    "--tls-key k.pem, --tls-certificate is missing",
    "--data nowhere, --data must be a directory: data=nowhere",
    "--trainers -1, --trainers must be 0 to",
    "--worker-memory 255, --worker-memory must be 256 to",
    "--keep-runs -1, --keep-runs must be 0 or more",
    "--keep-for soon, such as 90s",
    "--notify nowhere.conf, must be a file that can be read: notify=nowhere.conf",
    "--gateway 0.0.0.0:0 --gateway-plaintext, leave --gateway-plaintext away",
    "--gateway 127.0.0.1:0 --authority nowhere, espalier federate init"
  })
  void serve_whatCannotBe_isRefusedBeforeTheStart(String options, String wayOut) {
    CommandRun run = serve(options.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(wayOut);
    assertThat(launched).isEmpty();
  }

  @Test
  void serve_takenAddress_isRefusedWithWhoHasIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Given
      String address = "127.0.0.1:" + taken.getLocalPort();
      CommandRun foreign = serve("--listen", address);
      Files.createDirectories(DIRECTORY);
      Path published = Files.writeString(DIRECTORY.resolve("address"), "http://" + address + "\n");

      // When
      CommandRun own = serve("--listen", address);

      // Then
      Files.delete(published);
      assertThat(foreign.err())
          .contains("--listen must be an address of this machine that is free");
      assertThat(own.err()).contains("a home has one service at a time", "http://" + address);
      assertThat(launched).isEmpty();
    }
  }

  @Test
  void serve_takenGateway_isRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run =
          serve("--gateway-plaintext", "--gateway", "127.0.0.1:" + taken.getLocalPort());

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--gateway must be an address of this machine that is free");
    }
  }

  @Test
  void token_isMadeListedAndRevoked() throws IOException {
    // Given
    CommandRun.of("serve", "token", "revoke", "ann");

    // When
    CommandRun made = CommandRun.of("serve", "token", "create", "ann", "--role", "operate");
    CommandRun again = CommandRun.of("serve", "token", "create", "ann");
    CommandRun listed = CommandRun.of("serve", "token", "list");
    CommandRun json = CommandRun.of("serve", "token", "list", "--json");
    CommandRun misspelt = CommandRun.of("serve", "token", "revoke", "amn");
    CommandRun revoked = CommandRun.of("serve", "token", "revoke", "ann");

    // Then
    assertThat(made.exitCode()).isZero();
    assertThat(made.out().lines()).singleElement().asString().hasSizeGreaterThan(30);
    assertThat(made.err()).contains("lets ann operate", "token revoke ann");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("name=ann");
    assertThat(listed.out())
        .containsPattern("ann +operate +all +ann +default +never +20.*Z")
        .doesNotContain(made.out());
    assertThat(json.out()).contains("\"name\" : \"ann\"").doesNotContain("sha256");
    assertThat(misspelt.exitCode()).isEqualTo(2);
    assertThat(misspelt.err()).contains("did you mean ann?");
    assertThat(revoked.out()).isEqualTo("revoked ann\n");
    assertThat(CommandRun.of("serve", "token", "list").out()).doesNotContain("ann");
  }

  @Test
  void token_alone_saysWhatThereIs() {
    CommandRun run = CommandRun.of("serve", "token");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("create", "list", "revoke");
  }

  private CommandRun serve(String... options) {
    CommandLine program =
        Espalier.commandLine(
            settings -> {
              launched = Optional.of(settings);
              return new FakeService();
            });
    return CommandRun.of(
        program,
        Stream.concat(
                Stream.of("serve"),
                List.of(options).contains("--listen")
                    ? Stream.of(options)
                    : Stream.concat(Stream.of("--listen", "127.0.0.1:0"), Stream.of(options)))
            .toArray(String[]::new));
  }

  private final class FakeService implements RunningService {
    @Override
    public URI address() {
      return URI.create("http://127.0.0.1:7071");
    }

    @Override
    public CompletionStage<Void> ended() {
      try {
        published = Files.readString(DIRECTORY.resolve("address"));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return end;
    }

    @Override
    public void close() {}
  }
}
