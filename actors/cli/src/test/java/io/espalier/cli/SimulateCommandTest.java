package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {
  private static final String NO_BROKER = "127.0.0.1:1";

  @TempDir private Path directory;

  @Test
  void simulate_playsItsRoundsAndLeavesARunThatOtherCommandsRead() {
    // Given a directory for the run
    Path out = directory.resolve("run");

    // When a small federation is played
    CommandRun run =
        simulate(out, "--clients=6", "--density-caps=1:0.5,0.05:0.5", "-D", "federation.rounds=3");

    // Then there is a line for each round, and what the run left can be read
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anyMatch(
            line ->
                line.matches(
                    "clients   6 with \\d+ to \\d+ examples each; density cap: 0.05 of 3, 1.0 of"
                        + " 3"))
        .anyMatch(line -> line.matches("round norms  3/3  density .*"))
        .anyMatch(
            line ->
                line.matches(
                    "round 3/3  4/4  loss [\\d.]+  accuracy [\\d.]+%  density 10.0%  [\\d.]+ MB"
                        + "  [\\d,]+ s"))
        .allMatch(line -> line.length() <= 80 || line.contains(directory.toString()))
        .anyMatch(line -> line.startsWith("result    accuracy "))
        .anyMatch(line -> line.equals("report    " + out.resolve("report.html")));
    assertThat(CommandRun.of("evaluate", out.toString()).exitCode()).isZero();
    assertThat(CommandRun.of("inspect", out.toString()).exitCode()).isZero();
    assertThat(CommandRun.of("report", out.toString()).exitCode()).isZero();
    Path sparse = directory.resolve("sparse.safetensors");
    assertThat(
            CommandRun.of("export", out.toString(), "--format=sparse", "--output=" + sparse)
                .exitCode())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--clients=0|clients must be from 1 to 1000000: clients=0",
        "--clients=5 --dirichlet=0|dirichlet must be from 1e-9 to 1e9: dirichlet=0.0",
        "--clients=5 --dirichlet=1 --iid|give either --dirichlet or --iid",
        "--clients=5 --examples=4|examples must be one for each client at least: examples=4",
        "--clients=5 --examples=9999|must have an example for each client, and as many as are asked"
            + " for: clients=5, examples=9999",
        "--clients=5 --density-caps=1:0.5|density-caps must be shares that add up to 1",
        "--clients=5 --density-caps=2:1|density cap must be above 0 and up to 1: density cap=2.0",
        "--clients=5 --density-caps=half|a tier must be a density cap and a share, such as 0.1:0.5:"
            + " tier=half",
        "--clients=5 --widths=1:0.5|widths must be shares that add up to 1",
        "--clients=5 --widths=half|a tier must be a width and a share, such as 0.1:0.5: tier=half",
        "--clients=5 --widths=0.5:1|federation.widths: must have the widths of all clients:"
            + " width=0.5, widths=[1.0]",
        "--clients=5 --widths=1:1 --memory-caps=1MB:1|give either --widths or --memory-caps",
        "--clients=5 --memory-caps=1MB:0.5|memory-caps must be shares that add up to 1",
        "--clients=5 --memory-caps=1MB|a tier must be a memory cap and a share, such as 64MB:0.5:"
            + " tier=1MB",
        "--clients=5 --memory-caps=1MB:half|a tier must be a memory cap and a share, such as"
            + " 64MB:0.5: tier=1MB:half",
        "--clients=5 --memory-caps=1000:1|a size must be above 0 with its unit, such as 64MB or"
            + " 512KiB: size=1000",
        "--clients=5 --memory-caps=1KB:1|federation.widths: must have a network that the smallest"
            + " clients have memory for: memory-cap=1000 bytes, needed=",
        "--clients=5 --availability=0|availability must be above 0 and up to 1",
        "--clients=5 --availability=none.csv|none.csv",
        "--clients=5 --speeds=-1|speeds must be from 0 to 10",
        "--clients=5 --hostile=2|hostile clients must be a number, an attack and maybe the"
            + " examples",
        "--clients=5 --hostile=two:scale|hostile=two:scale",
        "--clients=5 --hostile=2:shout|an attack must be sign-flip, scale or label-flip:"
            + " attack=shout",
        "--clients=5 --hostile=0:scale|hostile clients must be 1 or more: hostile clients=0",
        "--clients=5 --hostile=6:scale|hostile must be no more than all clients: hostile=6",
        "--clients=5 --hostile=1:scale:100001|federation.largest-examples: must admit the examples"
            + " that hostile clients claim",
        "--clients=5 -D federation.aggregation.kind=krum -D federation.aggregation.faulty=1|must be"
            + " at least as many clients as federation.aggregation takes to stand a false one:"
            + " cohort=4, aggregation=krum, smallest=5",
        "--clients=5 --drop-out=1|drop-out must be at least 0 and below 1",
        "--clients=1|there must be as many clients as a round needs: clients=1, quorum=2",
        "--iid|--clients N must be given to start a simulation",
      })
  void simulate_withOptionsThatCannotBe_isRefusedBeforeAnythingIsWritten(
      String options, String message) {
    Path out = directory.resolve("run");

    CommandRun run = simulate(out, options.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(out).doesNotExist();
  }

  @Test
  void simulate_aRecipeWithoutFederation_isRefused() {
    CommandRun run = CommandRun.of("simulate", "digits", "--clients=5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("federation: must name an algorithm");
  }

  @Test
  void train_aFederation_isSentToSimulate() {
    CommandRun run = CommandRun.of("train", "fed-digits", "--out=" + directory.resolve("run"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("federation: must be none", "espalier simulate");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void resume_withOptions_isRefused() {
    CommandRun run =
        CommandRun.of("simulate", "--resume=" + directory.resolve("run"), "--clients=5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--resume takes recipe, clients and place from its directory");
  }

  @Test
  void trace_isKeptWithTheRun() throws IOException {
    // Given a trace in which all go before the end
    Path trace =
        Files.writeString(
            directory.resolve("day.csv"), "client,from,until\n1,0,30\n2,0,30\n3,0,30\n");
    Path out = directory.resolve("run");

    // When it is played
    CommandRun run =
        simulate(out, "--clients=3", "--availability=" + trace, "-D", "federation.candidates=1");

    // Then it fails when nobody is left, and could go on without the file
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("a round needs its quorum of clients")
        .contains("espalier simulate --resume " + out);
    assertThat(out.resolve("simulation/availability.csv")).hasSameTextualContentAs(trace);
    Files.delete(trace);
    CommandRun resumed = CommandRun.of("simulate", "--resume=" + out, "--kafka", NO_BROKER);
    assertThat(resumed.exitCode()).isEqualTo(1);
    assertThat(resumed.err()).contains("a round needs its quorum of clients");
  }

  private static CommandRun simulate(Path out, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("simulate", "fed-digits", "--out=" + out, "--kafka", NO_BROKER));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
