package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.ClientStateDirectory;
import io.espalier.federation.trust.EnrolmentToken;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.LoopbackServer;
import io.espalier.federation.trust.ServerAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EnrolCommandTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path directory;
  private LoopbackServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LoopbackServer.start(directory, CLOCK);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void device_beforeItsServerIsThere_waitsForIt() throws IOException {
    // Given
    EnrolmentToken token = server.token("kitchen");
    ServerAddress address = server.address();
    server.close();
    AtomicBoolean restarted = new AtomicBoolean();
    StringWriter err =
        new StringWriter() {
          @Override
          public void flush() {
            if (restarted.compareAndSet(false, true)) {
              restart(address);
            }
          }
        };
    CommandLine commandLine =
        Espalier.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err));

    // When
    int exitCode = commandLine.execute(arguments(address, token));

    // Then
    assertThat(exitCode).isZero();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "waiting for the server: nothing listens at %s yet".formatted(address));
    assertThat(Identity.open(device()).name()).isEqualTo("kitchen");
  }

  @Test
  void device_whoseServerDoesNotCome_isToldSo() throws IOException {
    // Given
    EnrolmentToken token = server.token("kitchen");
    ServerAddress address = server.address();
    server.close();

    // When
    CommandRun run = CommandRun.of(arguments(address, token, "--wait", "1ms"));

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("nothing listens there", "check the address, and that the server runs");
  }

  @Test
  void identity_thatIsThere_isReplacedOnlyIfAsked() throws IOException {
    // Given
    assertThat(enrol("kitchen").exitCode()).isZero();

    // When
    CommandRun refused = enrol("attic");
    String kept = Identity.open(device()).name();
    CommandRun replaced = enrol("attic", "--replace");

    // Then
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "a device's identity must not be replaced unasked: directory="
                + device()
                + "; choose another --identity, or replace it with --replace");
    assertThat(kept).isEqualTo("kitchen");
    assertThat(replaced.exitCode()).isZero();
    assertThat(Identity.open(device()).name()).isEqualTo("attic");
  }

  @Test
  void identity_ofARunningDevice_isNotReplaced() throws IOException {
    // Given
    assertThat(enrol("kitchen").exitCode()).isZero();

    // When
    ClientStateDirectory running = ClientStateDirectory.open(ClientStateDirectory.beside(device()));
    CommandRun run = enrol("attic", "--replace");
    running.close();

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be in use by one process at a time");
    assertThat(Identity.open(device()).name()).isEqualTo("kitchen");
  }

  @Test
  void token_comesFromAFileOrTheInput_once() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("token"), server.token("kitchen").text());
    String[] fromFile = fromFile(file.toString());
    byte[] typed = (server.token("attic").text() + "\n").getBytes(StandardCharsets.UTF_8);

    // When
    CommandRun run = CommandRun.of(fromFile);
    String first = Identity.open(device()).name();
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(typed));
    CommandRun second;
    try {
      second =
          CommandRun.of(
              Stream.concat(Stream.of(fromFile("-")), Stream.of("--replace"))
                  .toArray(String[]::new));
    } finally {
      System.setIn(before);
    }

    // Then
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(first).isEqualTo("kitchen");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(Identity.open(device()).name()).isEqualTo("attic");
  }

  @Test
  void token_missingOrEmpty_isRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));

    CommandRun nothing = CommandRun.of(fromFile(empty.toString()));
    CommandRun none = CommandRun.of("enrol", "--server", server.address().toString());
    CommandRun both =
        CommandRun.of(arguments(server.address(), server.token("a"), "--token-file=-"));

    assertThat(nothing.exitCode()).as(nothing.err()).isEqualTo(2);
    assertThat(nothing.err()).contains("a token file must hold a token", "file=" + empty);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--token-file");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("mutually exclusive");
  }

  private String[] fromFile(String file) {
    return new String[] {
      "enrol",
      "--server",
      server.address().toString(),
      "--token-file",
      file,
      "--identity",
      device().toString()
    };
  }

  private CommandRun enrol(String name, String... more) throws IOException {
    return CommandRun.of(arguments(server.address(), server.token(name), more));
  }

  private void restart(ServerAddress address) {
    try {
      server = LoopbackServer.start(directory, CLOCK, address.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String[] arguments(ServerAddress address, EnrolmentToken token, String... more) {
    return Stream.concat(
            Stream.of(
                "enrol",
                "--server",
                address.toString(),
                "--token",
                token.text(),
                "--identity",
                device().toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private Path device() {
    return directory.resolve("device");
  }
}
