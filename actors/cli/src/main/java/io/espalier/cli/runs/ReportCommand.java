package io.espalier.cli.runs;

import io.espalier.cli.console.OutputPath;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.client.RunFile;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.ReportLink;
import io.espalier.training.run.RunReport;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "report",
    description = {
      "Writes report.html of a run anew from its events; the run need not be finished.",
      "",
      "With --compare the curves and figures of another run, such as a dense one, stand beside.",
      "For a run of a service it prints a link that a browser opens within ten minutes without a"
          + " token, or fetches the report with --fetch."
    },
    sortOptions = false)
final class ReportCommand implements Callable<Integer> {
  private static final String REPORT = "report.html";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "Run directory, or the id of a run of a service, or its beginning.")
  private String run = "";

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Run directory to compare with, such as that of a dense run.")
  private Optional<Path> compared = Optional.empty();

  @Option(
      names = "--fetch",
      description = "Fetch the report of a service's run into a directory with the run's id.")
  private boolean fetch;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (Files.exists(Path.of(run)) || run.contains(File.separator)) {
      out.println("report    " + written(Path.of(run)));
      return ExitCode.OK;
    }
    if (compared.isPresent()) {
      throw new CommandRefusedException(
          "--compare needs a run directory: RUN=%s is none; name one".formatted(run));
    }
    ServiceClient client = client();
    String id = client.find(run);
    if (fetch) {
      out.println("report    " + fetched(client, id));
    } else {
      requireReport(client, id);
      ReportLink link = client.reportLink(id).value();
      out.println("report    " + client.access().server() + link.url());
      spec.commandLine()
          .getErr()
          .println(
              "anyone with this link can read the report until %s"
                  .formatted(link.expires().truncatedTo(ChronoUnit.SECONDS)));
    }
    out.flush();
    return ExitCode.OK;
  }

  private Path written(Path directory) {
    return RunReport.of(directory).write(compared.map(RunReport::of).map(RunReport::verified));
  }

  private ServiceClient client() throws IOException {
    try {
      return server.client();
    } catch (CommandRefusedException e) {
      throw new CommandRefusedException(
          "RUN must be a run directory, or a run of a service: RUN=%s is no directory; %s"
              .formatted(run, e.getMessage()));
    }
  }

  private static Path fetched(ServiceClient client, String id)
      throws IOException, InterruptedException {
    RunFile file = requireReport(client, id);
    Path directory = Files.createDirectories(OutputPath.directory(Path.of(id), "directory"));
    client.fetch(id, file, directory, true);
    return directory.resolve(file.name());
  }

  private static RunFile requireReport(ServiceClient client, String id)
      throws InterruptedException {
    List<RunFile> files = client.files(id).value();
    return files.stream()
        .filter(file -> file.name().equals(REPORT))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandRefusedException(
                    "a run must have ended to have a report: RUN=%s has written %s; follow it with 'espalier watch %s'"
                        .formatted(
                            id,
                            files.isEmpty()
                                ? "nothing"
                                : String.join(", ", files.stream().map(RunFile::name).toList()),
                            id)));
  }
}
