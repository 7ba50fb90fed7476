package io.espalier.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.console.JsonOutput;
import io.espalier.console.ProgramName;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "runs",
    description = {
      "Lists the runs of a service, the newest first, or shows one with its history.",
      "",
      "Each line shows the run's id, its state, how far it is, the newest accuracy and sparsity,"
          + " how long ago it was submitted, and what it waits for or why it failed.",
      "",
      "With --local it lists the runs that this Espalier home has started, with or without a"
          + " service, or those named; with --compare beside each other, by the settings in which"
          + " they differ and their figures."
    },
    sortOptions = false)
final class RunsCommand implements Callable<Integer> {
  private static final int MOST = 500;
  static final String NONE_MATCHES =
      "no run has that state, name, owner and project; leave them away to list all";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN",
      description =
          "Id of a run, or as much of its beginning as makes it clear. With --local any number of"
              + " them, of run directories, and of directories of such ones.")
  private List<String> named = new ArrayList<>();

  @Option(
      names = "--local",
      description = "List the runs of this machine by their files; no service is asked.")
  private boolean local;

  @Option(
      names = "--compare",
      description = "With --local: compare the runs, up to " + RunComparison.MOST_RUNS + ".")
  private boolean compare;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      converter = StateConverter.class,
      completionCandidates = StateConverter.Words.class,
      description = "Only runs in these states, with commas: ${COMPLETION-CANDIDATES}.")
  private Set<RunState> states = new HashSet<>();

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      description = "Only runs whose name or id contains this.")
  private String name = "";

  @Option(names = "--owner", paramLabel = "OWNER", description = "Only runs of this owner.")
  private Optional<String> owner = Optional.empty();

  @Option(names = "--project", paramLabel = "PROJECT", description = "Only runs of this project.")
  private Optional<String> project = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Most runs to list, up to " + MOST + " (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Mixin private ServerOptions server;

  @Option(
      names = "--json",
      description = "Print what the service answers, or the same of local runs, as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit < 1 || limit > MOST) {
      throw new ParameterException(
          spec.commandLine(), "--limit must be 1 to %d: limit=%d".formatted(MOST, limit));
    }
    requireOptionsThatFit();
    RunQuery query = new RunQuery(states, name, limit, Optional.empty()).of(owner, project);
    if (local) {
      printLocal(query);
    } else if (named.isEmpty()) {
      printAll(server.client().list(query));
    } else {
      ServiceClient client = server.client();
      printOne(client, client.find(named.get(0)));
    }
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private void printLocal(RunQuery query) throws IOException {
    LocalListing listing = new LocalListing(query, json, spec.commandLine().getOut(), this::tell);
    if (compare) {
      listing.compare(named);
    } else {
      listing.list(named);
    }
  }

  private void requireOptionsThatFit() {
    if (local && server.isNamed()) {
      throw new ParameterException(
          spec.commandLine(),
          "--local asks no service: leave --server, --token-file and --ca away, or --local");
    }
    if (local && (owner.isPresent() || project.isPresent())) {
      throw new ParameterException(
          spec.commandLine(),
          "runs of this machine have no owner: leave --owner and --project away, or --local");
    }
    if (compare && !local) {
      throw new ParameterException(
          spec.commandLine(), "--compare needs --local: fetch runs of a service first");
    }
    if (!local && named.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "a service shows one run at a time: RUN=%s; name one, or compare local ones with --local --compare"
              .formatted(String.join(" ", named)));
    }
  }

  private void printOne(ServiceClient client, String id) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Response<RunStatus> status = client.status(id);
    Response<List<LifecycleEntry>> history = client.history(id);
    out.println(
        json
            ? JsonOutput.text(withHistory(status.json(), history.json()))
            : RunTexts.details(status.value(), history.value()));
  }

  private static JsonNode withHistory(JsonNode status, JsonNode history) {
    return status instanceof ObjectNode object ? object.set("history", history) : status;
  }

  private void printAll(Response<RunPage> page) {
    PrintWriter out = spec.commandLine().getOut();
    List<RunStatus> runs = page.value().runs();
    if (json) {
      out.println(JsonOutput.text(page.json()));
    } else if (runs.isEmpty()) {
      tell(
          states.isEmpty() && name.isEmpty() && owner.isEmpty() && project.isEmpty()
              ? ProgramName.inHints("no runs yet; hand one in with 'espalier submit RECIPE'")
              : NONE_MATCHES);
    } else {
      out.println(RunTexts.table(runs, Instant.now()));
      if (page.value().next().isPresent()) {
        tell("%d of %d; --limit shows more".formatted(runs.size(), page.value().total()));
      }
    }
  }

  /** Says something beside the list, which comes first on a terminal. */
  private void tell(String line) {
    spec.commandLine().getOut().flush();
    spec.commandLine().getErr().println(line);
  }
}
