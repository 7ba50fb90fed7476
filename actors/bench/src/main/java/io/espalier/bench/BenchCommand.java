package io.espalier.bench;

import io.espalier.bench.chaos.BenchChaosCommand;
import io.espalier.bench.dashboard.BenchDashboardCommand;
import io.espalier.bench.federated.BenchFederatedCommand;
import io.espalier.bench.gateway.BenchGatewayCommand;
import io.espalier.bench.idle.BenchIdleCommand;
import io.espalier.bench.masks.BenchMasksCommand;
import io.espalier.bench.memory.BenchMemoryCommand;
import io.espalier.bench.recipes.BenchRecipesCommand;
import io.espalier.bench.shrink.BenchShrinkCommand;
import io.espalier.bench.step.BenchStepCommand;
import io.espalier.bench.telemetry.BenchTelemetryCommand;
import io.espalier.bench.wire.BenchWireCommand;
import io.espalier.cli.AddedCommand;
import picocli.CommandLine.Command;

/** {@code espalier bench}: one sub-command per table. */
@Command(
    name = "bench",
    description =
        "Measure the tables of the README; a bench that was stopped goes on where it was.",
    subcommands = {
      BenchRecipesCommand.class,
      BenchStepCommand.class,
      BenchMasksCommand.class,
      BenchMemoryCommand.class,
      BenchTelemetryCommand.class,
      BenchChaosCommand.class,
      BenchFederatedCommand.class,
      BenchGatewayCommand.class,
      BenchWireCommand.class,
      BenchIdleCommand.class,
      BenchDashboardCommand.class,
      BenchShrinkCommand.class
    },
    synopsisSubcommandLabel = "NAME")
public final class BenchCommand implements AddedCommand {}
