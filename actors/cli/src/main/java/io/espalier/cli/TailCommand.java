package io.espalier.cli;

import io.espalier.cli.console.KafkaOptions;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.live.EventTail;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tail",
    description = {
      "Prints the events of a run, one per line.",
      "",
      "Those of a run directory come from the directory, those of a name from Kafka."
    },
    sortOptions = false)
final class TailCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "Run directory, or the id or name of a run on Kafka.")
  private String run;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as events come, until Ctrl-C.")
  private boolean follow;

  @Mixin private KafkaOptions kafka;

  @Option(names = "--json", description = "Print each event as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Optional<Path> directory = directory();
    try (EventTail tail = directory.isPresent() ? EventTail.of(directory.get(), follow) : named()) {
      if (print(tail) == 0 && !follow) {
        throw new CommandRefusedException(
            "a run must have events: run=%s has none yet".formatted(run));
      }
    }
    return ExitCode.OK;
  }

  private long print(EventTail tail) {
    PrintWriter out = spec.commandLine().getOut();
    long count = 0;
    while (!out.checkError() && tail.hasNext()) {
      out.println(line(tail.next()));
      count++;
    }
    out.flush();
    return count;
  }

  private String line(Envelope envelope) {
    return json
        ? new String(EventJson.line(envelope), StandardCharsets.UTF_8)
        : EventText.line(envelope);
  }

  private Optional<Path> directory() {
    return Stream.of(Path.of(run), Path.of("runs").resolve(run))
        .filter(path -> Files.isRegularFile(outbox(path)))
        .findFirst();
  }

  private EventTail named() throws IOException {
    if (Files.exists(Path.of(run))) {
      throw new CommandRefusedException(
          "a run directory must hold %s: directory=%s".formatted(Outbox.FILE_NAME, run));
    }
    if (!RunId.isValid(run)) {
      throw new CommandRefusedException(
          "RUN must be a run directory, or the id or name of a run: RUN=%s is no directory, and no id, which has 1 to 200 of A-Z a-z 0-9 . _ and -"
              .formatted(run));
    }
    BrokerAccess broker =
        Broker.find(EspalierHome.path(), kafka.access())
            .orElseThrow(
                () ->
                    new CommandRefusedException(
                        "a run must have a directory here, or a broker must be up: run=%s; name its directory, or a broker with --kafka"
                            .formatted(run)));
    try {
      return EventTail.of(run, broker, follow);
    } catch (IOException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private static Path outbox(Path directory) {
    return directory.resolve(Outbox.FILE_NAME);
  }
}
