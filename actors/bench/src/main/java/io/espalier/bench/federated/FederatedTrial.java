package io.espalier.bench.federated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.bench.harness.FailedProcessException;
import io.espalier.bench.harness.Measurements;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One federation of real processes on this machine's loopback: a server, and clients that enrol
 * with tokens and talk to it over TLS with their certificates.
 */
final class FederatedTrial {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SHORT = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofHours(2);
  private static final Pattern LISTENING = Pattern.compile("listening (\\S+) ");
  private static final Pattern TOKEN = Pattern.compile("(?m)^(\\S{40,})$");

  private final BenchFederatedCommand.Setting setting;
  private final ClientProcesses crew;
  private final FederatedRow row;
  private final long seed;
  private final String name;

  FederatedTrial(
      BenchFederatedCommand.Setting setting, ClientProcesses crew, FederatedRow row, long seed) {
    this.setting = setting;
    this.crew = crew;
    this.row = row;
    this.seed = seed;
    this.name = row.name().toLowerCase(Locale.ROOT) + "-" + seed;
  }

  /** Names everything that decides the result. */
  static String key(BenchFederatedCommand.Setting setting, FederatedRow row, long seed) {
    return "%s/%d/%s".formatted(row, seed, setting);
  }

  FederatedResult run() throws IOException, InterruptedException, FailedProcessException {
    long startNs = System.nanoTime();
    try (crew) {
      crew.run(name + "-init", command("federate", "init"), SHORT);
      crew.start(name, server());
      String address = crew.heard(name, LISTENING, SHORT);
      for (int client = 1; client <= setting.clients(); client++) {
        enrol(client, address);
        crew.start(client(client), edge(client, address));
      }
      crew.await(name, LONG);
      long largest =
          IntStream.rangeClosed(1, setting.clients())
              .mapToLong(client -> crew.peak(client(client)))
              .max()
              .orElseThrow();
      return result(largest, crew.peak(name), (System.nanoTime() - startNs) / 1e9);
    }
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
      throws IOException, InterruptedException, FailedProcessException {
    String tokens = client(client) + "-token";
    crew.run(tokens, command("federate", "token", "--name", client(client)), SHORT);
    var token = TOKEN.matcher(Files.readString(crew.log(tokens)));
    if (!token.find()) {
      throw new FailedProcessException("a token must be printed: log=" + crew.log(tokens));
    }
    crew.run(
        client(client) + "-enrol",
        new ArrayList<>(
            List.of(
                "enrol",
                "--server",
                address,
                "--token",
                token.group(1),
                "--identity",
                identity(client).toString())),
        SHORT);
  }

  private List<String> edge(int client, String address) {
    return new ArrayList<>(
        List.of(
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
            String.valueOf(setting.alpha())));
  }

  /** A command of the federation's owner; each trial has an authority of its own. */
  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--authority", crew.place(name + "-authority").toString()));
    return command;
  }

  private String client(int number) {
    return name + "-client-" + number;
  }

  private Path identity(int client) {
    return crew.place(client(client) + "-identity");
  }

  private Path directory() {
    return crew.place(name);
  }

  private FederatedResult result(long clientBytes, long serverBytes, double seconds)
      throws IOException {
    JsonNode summary = JSON.readTree(directory().resolve("summary.json").toFile());
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(directory().resolve("events.jsonl"))) {
      JsonNode event = JSON.readTree(line);
      if (event.path("type").asText().equals("io.espalier.round.completed.v1")) {
        rounds.add(event.path("data"));
      }
    }
    List<Double> selection = bytes(rounds, RoundCompleted.SELECTION::equals);
    return new FederatedResult(
        key(setting, row, seed),
        row,
        seed,
        summary.get("accuracy").asDouble(),
        summary.get("loss").asDouble(),
        1 - summary.get("sparsity").asDouble(),
        median(bytes(rounds, RoundCompleted.ORDINARY::equals)),
        median(bytes(rounds, RoundCompleted.ADJUSTMENT::equals)),
        selection.stream().mapToLong(Double::longValue).sum(),
        rounds.get(rounds.size() - 1).get("bytesDense").asLong(),
        clientBytes,
        serverBytes,
        seconds);
  }

  private static List<Double> bytes(List<JsonNode> rounds, Predicate<String> kind) {
    return rounds.stream()
        .filter(round -> kind.test(round.get("kind").asText()))
        .map(round -> round.get("bytesUp").asDouble() + round.get("bytesDown").asDouble())
        .toList();
  }

  private static long median(List<Double> bytes) {
    return bytes.isEmpty() ? 0 : Math.round(Measurements.of(bytes).median());
  }
}
