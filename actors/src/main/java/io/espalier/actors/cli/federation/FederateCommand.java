package io.espalier.actors.cli.federation;

import picocli.CommandLine.Command;

/** {@code espalier federate}: the server's side of a federation. */
@Command(
    name = "federate",
    description = {
      "Set up a federation: who certifies its devices, and which may take part.",
      "",
      "Begin with init; each device needs a token and 'espalier enrol'."
    },
    subcommands = {
      InitCommand.class,
      TokenCommand.class,
      ClientsCommand.class,
      RevokeCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class FederateCommand {}
