package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
final class EdgeCommandTest {
  @TempDir private Path directory;

  @Test
  void device_thatIsNotEnrolled_isToldHow() {
    CommandRun run =
        CommandRun.of(
            "edge",
            "--server",
            "127.0.0.1:7443",
            "--data",
            "digits",
            "--identity",
            directory.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("espalier: a device must be enrolled: directory=")
        .contains("run 'espalier enrol'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--density-cap=0 | a share must be above 0 and up to 1, such as 10% or 0.1: share=0",
        "--density-cap=101% | share=101%",
        "--memory-cap=64 | a size must be above 0 with its unit, such as 64MB or 512KiB: size=64",
        "--memory-cap=0MB | size=0MB",
        "--memory-cap=1e9GB | size=1e9GB",
        "--memory-cap=99999999999GB | size=99999999999GB",
        "--give-up-after=soon | a time must be a number with a unit",
        "--plaintext | --plaintext and --name must come together",
        "--name=shed | --plaintext and --name must come together",
        "--part=3/2 | --part: must be K/N with K from 1 to N: part=3/2",
        "--dirichlet=1 | --dirichlet: must come with --part K/N"
      })
  void option_thatCannotBe_isRefused(String option, String message) {
    CommandRun run =
        CommandRun.of("edge", "--server", "127.0.0.1:7443", "--data", "digits", option);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void plaintext_toAnotherMachine_isRefused() {
    CommandRun run =
        CommandRun.of(
            "edge", "--server", "192.0.2.1:7443", "--data", "digits", "--plaintext", "--name", "a");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("without TLS the server must be on this machine: server=192.0.2.1:7443");
  }

  @Test
  void device_withoutAServerForTooLong_ends() throws IOException {
    CommandRun run =
        CommandRun.of(
            "edge",
            "--server",
            "127.0.0.1:" + freePort(),
            "--data",
            "digits",
            "--plaintext",
            "--name",
            "shed",
            "--identity",
            directory.toString(),
            "--give-up-after",
            "5s");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("device shed, server 127.0.0.1:", "no connection: ");
    assertThat(run.err())
        .contains(
            "espalier: the server must be there in time: give-up-after=5s; check its address");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
