package io.espalier.bench;

import io.espalier.bench.accuracy.AccuracyBenches;
import io.espalier.bench.chaos.BenchChaosCommand;
import io.espalier.bench.cost.CostBenches;
import io.espalier.bench.gateway.GatewayBenches;
import io.espalier.bench.hostile.BenchHostileCommand;
import io.espalier.bench.scores.BenchScoresCommand;
import io.espalier.bench.service.ServiceBenches;
import io.espalier.bench.units.BenchUnitsCommand;
import io.espalier.cli.AddedCommand;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
    name = "bench",
    description = "Measures the tables of the README; a stopped bench goes on where it was.",
    synopsisSubcommandLabel = "NAME")
public final class BenchCommand implements AddedCommand {
  @Override
  public List<Object> subcommands() {
    return Stream.of(
            AccuracyBenches.commands(),
            CostBenches.commands(),
            ServiceBenches.commands(),
            GatewayBenches.commands(),
            List.<Object>of(
                new BenchScoresCommand(),
                new BenchUnitsCommand(),
                new BenchChaosCommand(),
                new BenchHostileCommand()))
        .flatMap(List::stream)
        .toList();
  }
}
