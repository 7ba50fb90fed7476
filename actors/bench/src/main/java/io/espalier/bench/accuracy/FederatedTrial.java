package io.espalier.bench.accuracy;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.Measurements;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One federation of real processes on this machine's loopback: a server, and clients that enrol
 * with tokens and talk to it over TLS with their certificates.
 */
final class FederatedTrial {
  private static final Duration SHORT = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofHours(2);
  private static final Pattern LISTENING = Pattern.compile("listening (\\S+) ");
  private static final Pattern TOKEN = Pattern.compile("(?m)^(\\S{40,})$");

  private final BenchFederatedCommand.Setting setting;
  private final BenchDirectory scratch;
  private final FederatedRow row;
  private final long seed;
  private final String name;
  private final List<ChildProcess> clients = new ArrayList<>();
  private long clientBytes;
  private long serverBytes;

  FederatedTrial(
      BenchFederatedCommand.Setting setting, BenchDirectory scratch, FederatedRow row, long seed) {
    this.setting = setting;
    this.scratch = scratch;
    this.row = row;
    this.seed = seed;
    this.name = row.name().toLowerCase(Locale.ROOT) + "-" + seed;
  }

  FederatedRow row() {
    return row;
  }

  long seed() {
    return seed;
  }

  String key() {
    return "%s/%d/%s".formatted(row, seed, setting);
  }

  FederatedResult run() throws IOException, InterruptedException, ChildProcess.FailedException {
    long startNs = System.nanoTime();
    run(name + "-init", command("federate", "init"));
    try (ChildProcess server = start(name, server())) {
      // Before it listens, it trains on its own examples.
      server.await("listen", () -> printed(name, LISTENING).isPresent(), LONG);
      String address = printed(name, LISTENING).orElseThrow();
      for (int client = 1; client <= setting.clients(); client++) {
        enrol(client, address);
        clients.add(start(client(client), edge(client, address)));
      }
      server.await("end", () -> hasEnded(server), LONG);
      server.await(LONG);
      return result((System.nanoTime() - startNs) / 1e9);
    } catch (ChildProcess.FailedException e) {
      scratch.keep();
      throw e;
    } finally {
      clients.forEach(ChildProcess::close);
    }
  }

  private boolean hasEnded(ChildProcess server) {
    serverBytes = Math.max(serverBytes, peak(server));
    clients.forEach(client -> clientBytes = Math.max(clientBytes, peak(client)));
    return !server.isAlive();
  }

  private static long peak(ChildProcess process) {
    try {
      return process.memory().peakBytes();
    } catch (IOException e) {
      // It has just ended.
      return 0;
    }
  }

  private ChildProcess start(String process, List<String> arguments) throws IOException {
    return ChildProcess.espalier(scratch, process, List.of("-Xms16m"), arguments);
  }

  private void run(String process, List<String> arguments)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    try (ChildProcess started = start(process, arguments)) {
      started.await(SHORT);
    }
  }

  private Optional<String> printed(String process, Pattern pattern) throws IOException {
    var matcher = pattern.matcher(Files.readString(scratch.log(process)));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private List<String> server() {
    List<String> command =
        command(
            "federate", row.recipe(), "--listen", "127.0.0.1:0", "--out", directory().toString());
    List<String> overrides = new ArrayList<>(setting.overrides(seed));
    overrides.addAll(row.overrides(setting));
    overrides.forEach(override -> command.addAll(List.of("-D", override)));
    return command;
  }

  private void enrol(int client, String address)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    String tokens = client(client) + "-token";
    run(tokens, command("federate", "token", "--name", client(client)));
    String token =
        printed(tokens, TOKEN)
            .orElseThrow(
                () ->
                    new ChildProcess.FailedException(
                        "a token must be printed: log=" + scratch.log(tokens)));
    run(
        client(client) + "-enrol",
        List.of(
            "enrol",
            "--server",
            address,
            "--token",
            token,
            "--identity",
            identity(client).toString()));
  }

  private List<String> edge(int client, String address) {
    return List.of(
        "edge",
        "--server",
        address,
        "--identity",
        identity(client).toString(),
        "--data",
        "fashion-mnist",
        "--examples",
        String.valueOf(setting.examples()),
        "--part",
        client + "/" + setting.clients(),
        "--dirichlet",
        String.valueOf(setting.alpha()));
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--authority", scratch.run(name + "-authority").toString()));
    return command;
  }

  private String client(int number) {
    return name + "-client-" + number;
  }

  private Path identity(int client) {
    return scratch.run(client(client) + "-identity");
  }

  private Path directory() {
    return scratch.run(name);
  }

  private FederatedResult result(double seconds) throws IOException {
    JsonNode summary = Json.LENIENT.readTree(directory().resolve("summary.json").toFile());
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(directory().resolve("events.jsonl"))) {
      JsonNode event = Json.LENIENT.readTree(line);
      if (event.path("type").asText().equals("io.espalier.round.completed.v1")) {
        rounds.add(event.path("data"));
      }
    }
    List<Double> selection = bytes(rounds, RoundCompleted.SELECTION);
    return new FederatedResult(
        key(),
        row,
        seed,
        new FederatedResult.FinalModel(
            summary.get("accuracy").asDouble(),
            summary.get("loss").asDouble(),
            1 - summary.get("sparsity").asDouble()),
        new FederatedResult.RoundBytes(
            median(bytes(rounds, RoundCompleted.ORDINARY)),
            median(bytes(rounds, RoundCompleted.ADJUSTMENT)),
            selection.stream().mapToLong(Double::longValue).sum(),
            rounds.get(rounds.size() - 1).get("bytesDense").asLong()),
        new FederatedResult.ProcessCost(clientBytes, serverBytes, seconds));
  }

  private static List<Double> bytes(List<JsonNode> rounds, String kind) {
    return rounds.stream()
        .filter(round -> round.get("kind").asText().equals(kind))
        .map(round -> round.get("bytesUp").asDouble() + round.get("bytesDown").asDouble())
        .toList();
  }

  private static long median(List<Double> bytes) {
    return bytes.isEmpty() ? 0 : Math.round(Measurements.of(bytes).median());
  }
}
