package io.espalier.actors.cli.bench;

import io.espalier.actors.cli.bench.masks.BenchMasksCommand;
import picocli.CommandLine.Command;

/** {@code espalier bench}: one sub-command per table. */
@Command(
    name = "bench",
    description =
        "Measure the tables of the README; a bench that was stopped goes on where it was.",
    subcommands = {BenchRecipesCommand.class, BenchMasksCommand.class},
    synopsisSubcommandLabel = "NAME")
public final class BenchCommand {}
