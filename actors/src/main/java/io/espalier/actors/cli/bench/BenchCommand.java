package io.espalier.actors.cli.bench;

import io.espalier.actors.cli.bench.chaos.BenchChaosCommand;
import io.espalier.actors.cli.bench.dashboard.BenchDashboardCommand;
import io.espalier.actors.cli.bench.federated.BenchFederatedCommand;
import io.espalier.actors.cli.bench.gateway.BenchGatewayCommand;
import io.espalier.actors.cli.bench.idle.BenchIdleCommand;
import io.espalier.actors.cli.bench.masks.BenchMasksCommand;
import io.espalier.actors.cli.bench.memory.BenchMemoryCommand;
import io.espalier.actors.cli.bench.shrink.BenchShrinkCommand;
import io.espalier.actors.cli.bench.step.BenchStepCommand;
import io.espalier.actors.cli.bench.telemetry.BenchTelemetryCommand;
import io.espalier.actors.cli.bench.wire.BenchWireCommand;
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
public final class BenchCommand {}
