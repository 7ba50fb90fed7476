package io.espalier.cli.kafka;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.KafkaOptions;
import io.espalier.cli.console.OutputPath;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.telemetry.event.ContractFiles;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.TopicCheck;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "topics",
    description = {
      "Checks Espalier's topics on a broker, or creates them.",
      "",
      "Retention is your choice; other partitions, cleanup policies and limits lose events or their"
          + " order.",
      "With --schemas, writes their description for other programs."
    },
    exitCodeList = {
      "0:all topics are right",
      "1:a topic is missing or differs",
      "2:wrong usage, or no broker answers"
    },
    sortOptions = false)
final class TopicsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--create", description = "Create the topics that are missing.")
  private boolean create;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Replicas of each topic that is created (default: the broker's).")
  private Optional<Short> replicationFactor = Optional.empty();

  @Option(
      names = "--schemas",
      paramLabel = "DIR",
      description =
          "Write the AsyncAPI document and the JSON Schemas of all events, of summary.json and of"
              + " train --json into a directory; asks no broker.")
  private Optional<Path> schemas = Optional.empty();

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    refuseWhatDoesNotGoTogether();
    if (schemas.isPresent()) {
      return writeSchemas(schemas.get());
    }
    BrokerAccess access = broker();
    try (TopicCheck check = TopicCheck.of(access)) {
      List<Topic> created = create ? create(check) : List.of();
      List<TopicFinding> findings = check.findings();
      print(findings, created, access);
      return findings.stream().allMatch(each -> each.state() == State.OK)
          ? ExitCode.OK
          : ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private void refuseWhatDoesNotGoTogether() {
    if (schemas.isPresent() && (create || json)) {
      throw new CommandRefusedException(
          "--schemas must stand alone: it asks no broker; run the command once more without it");
    }
    if (replicationFactor.isPresent() && (!create || replicationFactor.get() < 1)) {
      throw new CommandRefusedException(
          "--replication-factor must be 1 or more and come with --create: --replication-factor=%d, --create=%s"
              .formatted(replicationFactor.get(), create));
    }
  }

  private BrokerAccess broker() {
    Path home = EspalierHome.path();
    return Broker.find(home, kafka.access())
        .orElseThrow(
            () ->
                new CommandRefusedException(
                    "a broker must be up: none runs in home=%s, where one is up during a run; start a run, or name a broker with --kafka"
                        .formatted(home)));
  }

  /** A broker that refuses this may still list its topics. */
  private List<Topic> create(TopicCheck check) {
    try {
      return check.create(replicationFactor);
    } catch (IOException e) {
      spec.commandLine().getErr().println("espalier: " + e.getMessage());
      return List.of();
    }
  }

  private void print(List<TopicFinding> findings, List<Topic> created, BrokerAccess access) {
    spec.commandLine()
        .getOut()
        .println(
            json
                ? JsonOutput.text(FindingText.json(findings, created))
                : FindingText.table(findings, created));
    PrintWriter err = spec.commandLine().getErr();
    TopicAdvice.on(findings, access).forEach(line -> err.println("espalier: " + line));
  }

  private int writeSchemas(Path directory) throws IOException {
    ContractFiles.write(OutputPath.directory(directory, "--schemas"))
        .forEach(file -> spec.commandLine().getOut().println("wrote " + file));
    return ExitCode.OK;
  }
}
