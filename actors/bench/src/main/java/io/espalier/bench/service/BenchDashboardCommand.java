package io.espalier.bench.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.BrokerWorker;
import io.espalier.cli.serve.DashboardProcess;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "dashboard",
    description = {
      "Measures the live page in a browser without a screen: first paint and list of 200 runs,"
          + " first draw of a run with 200 series, and, while four runs train, the time from an"
          + " event to its pixel and the longest task.",
      "",
      "Needs Chromium (Debian package chromium). The broker has a process of its own, and nothing"
          + " of your home is touched. Takes about three minutes."
    },
    sortOptions = false)
final class BenchDashboardCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int MOST_RUNS = 900;
  private static final int LEAST_SERIES = EndedRuns.OTHER_SERIES + 1;

  @Option(
      names = "--browser",
      paramLabel = "PATH",
      defaultValue = "chromium",
      description = "Chromium or Chrome, as a path or a name (default: ${DEFAULT-VALUE}).")
  private String browser = "chromium";

  @Option(
      names = "--runs",
      defaultValue = "200",
      description = "Runs that have ended (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--series",
      defaultValue = "200",
      description = "Series of each of them (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often list and run are drawn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long the list, then a run, is watched live (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(
        rounds > 0 && runs >= rounds && runs <= MOST_RUNS && series >= LEAST_SERIES && seconds > 0,
        "--rounds must be 1 or more, --runs from --rounds to %d, --series %d or more, --seconds 1"
            + " or more: rounds=%d, runs=%d, series=%d, seconds=%d",
        MOST_RUNS,
        LEAST_SERIES,
        rounds,
        runs,
        series,
        seconds);
    Path program = Browser.find(browser);
    try (BenchDirectory scratch = BenchDirectory.in(output.directory())) {
      BrokerWorker.Started broker = BrokerWorker.start(scratch.home());
      scratch.onClose(broker::close);
      output.say("%,d runs with %,d series …", runs, series);
      var history = new EndedRuns(scratch.root(), broker.access(), series);
      for (int number = 0; number < runs; number++) {
        history.publish(number);
      }
      var page = new MeasuringPage();
      DashboardProcess dashboard =
          DashboardProcess.start(
              scratch.home(), Optional.empty(), HttpSettings.loopback(0), page.endpoints());
      scratch.onClose(dashboard::close);
      Browser opened = Browser.open(program, address(dashboard), scratch.root().resolve("browser"));
      scratch.onClose(opened::close);
      output.say("drawing the list and a run, %d times …", rounds);
      output.add(DrawTimes.of(await(page, opened), runs, series).figures());
      output.say("%d runs publish events, %d s for each view …", LiveRuns.COUNT, seconds);
      LiveRuns live = LiveRuns.start(scratch.root(), broker.access());
      scratch.onClose(live::close);
      output.add(ViewLatencies.of(await(page, opened), "list of runs").figures());
      output.add(ViewLatencies.of(await(page, opened), "page of a run").figures());
    }
    output.finish();
    return ExitCode.OK;
  }

  private URI address(DashboardProcess dashboard) {
    return dashboard
        .server()
        .resolve(
            "%s?runs=%d&rounds=%d&seconds=%d&history=history-%%7Bn%%7D&live=%s"
                .formatted(MeasuringPage.PATH, runs, rounds, seconds, LiveRuns.run(0)));
  }

  private static JsonNode await(MeasuringPage page, Browser browser)
      throws IOException, InterruptedException {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < untilNs) {
      Optional<JsonNode> result = page.next(LOOK);
      if (result.isPresent()) {
        return measured(result.get());
      }
      browser.requireAlive();
    }
    throw new CommandRefusedException(
        "the browser must send its results within %d s: it sent nothing; try another with --browser PATH"
            .formatted(LIMIT.toSeconds()));
  }

  private static JsonNode measured(JsonNode result) {
    if (result.path("phase").asText().equals("failed")) {
      throw new CommandRefusedException(result.path("problem").asText());
    }
    return result;
  }
}
