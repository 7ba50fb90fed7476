package io.espalier.cli.federation;

import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.console.BytesConverter;
import io.espalier.federation.simulation.Attack;
import io.espalier.federation.simulation.SimulationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

final class PopulationOptions {
  private static final double USUAL_ALPHA = 0.5;
  private static final String ALWAYS = "1";
  private static final String ALIKE = "0";
  private static final BytesConverter SIZES = new BytesConverter();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--clients", paramLabel = "N", description = "Number of clients.")
  private Optional<Integer> clients = Optional.empty();

  @Option(
      names = "--dirichlet",
      paramLabel = "ALPHA",
      description =
          "How alike the clients' labels are, from 0 (one client per label) up (default: 0.5).")
  private Optional<Double> dirichlet = Optional.empty();

  @Option(names = "--iid", description = "Deal the examples at random: all clients are alike.")
  private boolean alike;

  @Option(
      names = "--examples",
      paramLabel = "M",
      description = "Deal only so many of the training examples (default: all).")
  private Optional<Integer> examples = Optional.empty();

  @Option(
      names = "--density-caps",
      paramLabel = "CAP:SHARE",
      split = ",",
      description =
          "Shares of the clients by the part of the network that they can hold, such as"
              + " 1:0.5,0.1:0.5 (default: 1:1).")
  private List<String> caps = new ArrayList<>();

  @Option(
      names = "--widths",
      paramLabel = "WIDTH:SHARE",
      split = ",",
      description =
          "Shares of the clients by the part of the network's channels that their memory holds,"
              + " each one of the recipe's federation.widths, such as 1:0.5,0.25:0.5 (default:"
              + " 1:1). As with --density-caps, the first clients have the first.")
  private List<String> widths = new ArrayList<>();

  @Option(
      names = "--memory-caps",
      paramLabel = "SIZE:SHARE",
      split = ",",
      description =
          "In place of --widths: shares of the clients by the memory that training may take, such"
              + " as 64MB:0.5,2MB:0.5; each has the widest of the recipe's federation.widths that"
              + " fits, as with 'espalier edge --memory-cap' (default: any).")
  private List<String> memoryCaps = new ArrayList<>();

  @Option(
      names = "--availability",
      paramLabel = "P|FILE",
      description =
          "Probability that a client is there in a round, or a CSV file with the columns"
              + " client,from,until in virtual seconds (default: 1).")
  private Optional<String> availability = Optional.empty();

  @Option(
      names = "--speeds",
      paramLabel = "SIGMA|FILE",
      description =
          "Spread of the time per step: its logarithm's standard deviation around 1 second; or a"
              + " CSV file with the columns client,seconds-per-step,bytes-per-second (default: 0;"
              + " without a file, links carry 1 MB/s).")
  private Optional<String> speeds = Optional.empty();

  @Option(
      names = "--drop-out",
      paramLabel = "P",
      description = "Probability that an invited client goes away while it works (default: 0).")
  private Optional<Double> dropOut = Optional.empty();

  @Option(
      names = "--hostile",
      paramLabel = "N:ATTACK[:EXAMPLES]",
      description =
          "False clients, the last N: sign-flip sends the opposite of what it has learned, scale"
              + " 100 times that, label-flip learns wrong labels; with EXAMPLES they claim so many"
              + " (default: none).")
  private Optional<String> hostile = Optional.empty();

  boolean areGiven() {
    return alike
        || !caps.isEmpty()
        || !widths.isEmpty()
        || !memoryCaps.isEmpty()
        || List.of(clients, dirichlet, examples, availability, speeds, dropOut, hostile).stream()
            .anyMatch(Optional::isPresent);
  }

  SimulationPlan plan() {
    if (alike && dirichlet.isPresent()) {
      throw refused("give either --dirichlet or --iid");
    }
    if (!widths.isEmpty() && !memoryCaps.isEmpty()) {
      throw refused("give either --widths or --memory-caps, which choose among the same widths");
    }
    int count =
        clients.orElseThrow(() -> refused("--clients N must be given to start a simulation"));
    try {
      SimulationPlan plan =
          new SimulationPlan(
              count,
              new SimulationPlan.Shards(
                  alike ? Optional.empty() : dirichlet.or(() -> Optional.of(USUAL_ALPHA)),
                  examples),
              new SimulationPlan.Devices(
                  caps.isEmpty()
                      ? List.of(new SimulationPlan.DensityTier(1, 1))
                      : caps.stream().map(this::tier).toList(),
                  widths.isEmpty()
                      ? Optional.empty()
                      : Optional.of(widths.stream().map(this::widthTier).toList()),
                  memoryCaps.isEmpty()
                      ? Optional.empty()
                      : Optional.of(memoryCaps.stream().map(this::memoryTier).toList())),
              new SimulationPlan.Presence(
                  availability.orElse(ALWAYS), speeds.orElse(ALIKE), dropOut.orElse(0.0)));
      return hostile.isPresent() ? plan.with(hostile(hostile.get())) : plan;
    } catch (BrokenRulesException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private SimulationPlan.Hostile hostile(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 2 || parts.length == 3) {
        return new SimulationPlan.Hostile(
            Integer.parseInt(parts[0]),
            Attack.of(parts[1])
                .orElseThrow(
                    () ->
                        refused(
                            "an attack must be sign-flip, scale or label-flip: attack="
                                + parts[1])),
            parts.length == 3 ? Optional.of(Integer.parseInt(parts[2])) : Optional.empty());
      }
    } catch (NumberFormatException e) {
      throw unusableHostile(text);
    }
    throw unusableHostile(text);
  }

  private ParameterException unusableHostile(String text) {
    return refused(
        "hostile clients must be a number, an attack and maybe the examples that they claim, such"
            + " as 1:sign-flip or 1:scale:100000: hostile="
            + text);
  }

  private SimulationPlan.DensityTier tier(String text) {
    double[] pair = pair(text, "a density cap");
    return new SimulationPlan.DensityTier(pair[0], pair[1]);
  }

  private SimulationPlan.WidthTier widthTier(String text) {
    double[] pair = pair(text, "a width");
    return new SimulationPlan.WidthTier(pair[0], pair[1]);
  }

  private SimulationPlan.MemoryTier memoryTier(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 2) {
        return new SimulationPlan.MemoryTier(SIZES.convert(parts[0]), Double.parseDouble(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw unusable(text, "a memory cap", "64MB:0.5");
    } catch (TypeConversionException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    throw unusable(text, "a memory cap", "64MB:0.5");
  }

  private double[] pair(String text, String first) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 2) {
        return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
      }
    } catch (NumberFormatException e) {
      throw unusable(text, first, "0.1:0.5");
    }
    throw unusable(text, first, "0.1:0.5");
  }

  private ParameterException unusable(String text, String first, String example) {
    return refused(
        "a tier must be %s and a share, such as %s: tier=%s".formatted(first, example, text));
  }

  ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
