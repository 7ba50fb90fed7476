package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.Espalier;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a real service, trained for real, outlive its process. */
@Tag("slow")
class KilledServiceRunsTest {
  @TempDir private Path directory;

  @Test
  void service_killedInTheMiddle_finishesAllRunsWithTheBitsOfUninterruptedOnes() throws Exception {
    // Given
    List<Outcome> expected = new ArrayList<>();
    try (Machine machine = new Machine(directory.resolve("calm"))) {
      for (String run : machine.submitAll()) {
        expected.add(machine.outcome(run));
      }
    }
    try (Machine machine = new Machine(directory.resolve("killed"))) {
      List<String> runs = machine.submitAll();
      machine.awaitStarts(runs);

      // When
      machine.killAndServe();
      machine.service.await(runs.get(0), status -> status.reached().step() > 0);
      machine.killAndServe();

      // Then
      for (int i = 0; i < runs.size(); i++) {
        String run = runs.get(i);
        assertThat(machine.outcome(run)).as("outcome of run %s", run).isEqualTo(expected.get(i));
        assertThat(machine.history(run))
            .as("history of run %s", run)
            .containsSubsequence("submitted", "started", "interrupted", "started", "finished");
      }
      assertThat(machine.submitAll()).as("submissions of the same keys").isEqualTo(runs);
    }
  }

  /**
   * What an uninterrupted run and an interrupted one have in common.
   *
   * @param updates accepted results of a federation's clients; 0 for other runs
   */
  private record Outcome(String digest, String accuracy, int maskHash, int updates) {}

  /** A service with its home, and two devices of its federation. */
  private static final class Machine implements AutoCloseable {
    private final Path home;
    private final int gateway;
    private final List<ChildJvm> devices = new ArrayList<>();
    private ServiceProcess service;

    Machine(Path home) throws IOException, InterruptedException {
      this.home = Files.createDirectories(home);
      this.gateway = freePort();
      service = start();
      for (int i = 1; i <= 2; i++) {
        devices.add(device(i));
      }
    }

    private ServiceProcess start() throws IOException, InterruptedException {
      return ServiceProcess.start(
          home, "--gateway", "127.0.0.1:" + gateway, "--gateway-plaintext", "--trainers", "4");
    }

    /** The bits of a federation depend on who takes part: no round goes without a device. */
    List<String> submitAll() throws InterruptedException {
      String often = "train.checkpoint-every=50";
      return List.of(
          service.submit(
              "fed-digits",
              "key-1",
              "federation.cohort=2",
              "federation.quorum=100%",
              "federation.rounds=80",
              "federation.server-epochs=1"),
          service.submit("digits", "key-2", "train.epochs=600", "train.trainers=1", often),
          service.submit("digits", "key-3", "train.epochs=600", "train.trainers=2", often));
    }

    /** Waits until all runs are on their way. */
    void awaitStarts(List<String> runs) throws IOException, InterruptedException {
      for (String run : runs) {
        service.await(run, status -> status.state() == RunState.RUNNING);
      }
    }

    void killAndServe() throws IOException, InterruptedException {
      service.kill();
      service = start();
    }

    Outcome outcome(String run) throws IOException, InterruptedException {
      RunStatus status = service.await(run, each -> each.state() == RunState.FINISHED);
      Path of = service.directory(run);
      JsonNode summary = new ObjectMapper().readTree(of.resolve("summary.json").toFile());
      return new Outcome(
          summary.path("digest").asText(),
          status.reached().accuracy().toString(),
          Arrays.hashCode(Files.readAllBytes(of.resolve("masks.safetensors"))),
          summary.path("updatesAccepted").asInt());
    }

    List<String> history(String run) throws InterruptedException {
      return service.client.history(run).value().stream().map(LifecycleEntry::event).toList();
    }

    private ChildJvm device(int number) throws IOException {
      return ChildJvm.start(
          Espalier.class,
          List.of(
              "edge",
              "--plaintext",
              "--server",
              "127.0.0.1:" + gateway,
              "--name",
              "device-" + number,
              "--data",
              "digits",
              "--part",
              number + "/2",
              "--identity",
              home.resolve("identity").toString()),
          Files.createDirectories(home.resolve("edge-home")),
          home.resolve("device-" + number + ".log"));
    }

    private static int freePort() throws IOException {
      try (ServerSocket probe = new ServerSocket(0)) {
        return probe.getLocalPort();
      }
    }

    @Override
    public void close() {
      devices.forEach(ChildJvm::close);
      service.close();
    }
  }
}
