package io.espalier.configs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One fully resolved run: everything that decides its bits, nothing of the host. At most 16 tags.
 *
 * @param parent the run whose checkpoint this one goes on from, if it does
 */
public record RunConfig(
    String name,
    List<String> tags,
    long seed,
    DataConfig data,
    ModelConfig model,
    TrainConfig train,
    PruneConfig prune,
    FederationConfig federation,
    Optional<ParentConfig> parent) {
  private static final int MOST_TAGS = 16;
  private static final int LONGEST_TAG = 40;

  private static final String NONE = "none";
  private static final String UNLESS_VALIDATED =
      "unless the run evaluates on a validation split: set data.validation, such as 5%, and"
          + " train.evaluate-every, such as 1 epoch; streams and federations have no such split";

  /** Characters that change the text direction beyond the text's own end. */
  private static final Pattern TURNED = Pattern.compile("[\\u202A-\\u202E\\u2066-\\u2069]");

  public RunConfig {
    tags = List.copyOf(tags);
    boolean federated = !(federation instanceof FederationConfig.None);
    StreamRules.of(data, train, prune, federated)
        .require("name", name, isPrintable(name, 100), "1 to 100 printable characters")
        .require(
            "tags",
            tags,
            tags.size() <= MOST_TAGS
                && tags.stream().allMatch(tag -> isPrintable(tag, LONGEST_TAG)),
            "at most %d, each of 1 to %d printable characters".formatted(MOST_TAGS, LONGEST_TAG))
        .require(
            "prune.mask",
            prune.mask(),
            !federated || prune.mask().traits().federates(),
            "hard in a federation")
        .require(
            "data.only-classes",
            data.onlyClasses(),
            !federated || data.onlyClasses().isEmpty(),
            "left away in a federation, whose clients have the classes of the server's data")
        .require(
            "prune.granularity",
            prune.granularity(),
            !federated || prune.granularity().equals(GranularityConfig.WEIGHT),
            "weight in a federation, where federation.widths says which channels devices have")
        .require(
            "prune.regrowth",
            prune.regrowth(),
            !federated || !prune.regrows(),
            "none in a federation: its algorithm regrows")
        .require(
            "prune.score",
            prune.score(),
            !federated || prune.score().is("magnitude") || prune.score().is("random"),
            "magnitude or random in a federation")
        .require(
            "prune.sparsity",
            prune.sparsity(),
            !(federation instanceof FederationConfig.FedTiny) || prune.sparsity() > 0,
            "above 0 with fedtiny")
        .require(
            "train.keep-best",
            train.keep().best(),
            !train.keep().best() || validates(data, train, federated),
            "false " + UNLESS_VALIDATED)
        .require(
            "train.stop-early",
            train.stopEarly().map(String::valueOf).orElse(NONE),
            train.stopEarly().isEmpty() || validates(data, train, federated),
            "none " + UNLESS_VALIDATED)
        .require(
            "train.objective",
            train.objective(),
            !federated || train.objective().paths().isEmpty(),
            "one that names no file in a federation, whose devices do not have it")
        .require(
            "train.keep-masks",
            "all",
            train.keep().masks() == KeepConfig.Masks.LAST || !federated,
            "last in a federation")
        .verify();
  }

  /** The held-out window of a stream moves, so its evaluations do not compare. */
  private static boolean validates(DataConfig data, TrainConfig train, boolean federated) {
    return !federated
        && !(data.source() instanceof DataConfig.Kafka)
        && data.validation() > 0
        && train.evaluateEvery().isPresent();
  }

  private static boolean isPrintable(String text, int longest) {
    return !text.isBlank()
        && text.length() <= longest
        && text.chars().noneMatch(Character::isISOControl)
        && !TURNED.matcher(text).find();
  }

  public RunConfig(
      String name,
      long seed,
      DataConfig data,
      ModelConfig model,
      TrainConfig train,
      PruneConfig prune) {
    this(
        name,
        List.of(),
        seed,
        data,
        model,
        train,
        prune,
        new FederationConfig.None(),
        Optional.empty());
  }

  /** This run with {@code rounds} epochs of one step each, for clocks that count rounds. */
  public RunConfig countingRounds(int rounds) {
    return new RunConfig(
        name,
        tags,
        seed,
        data,
        model,
        train.withClock(rounds, new Span.Steps(1)),
        prune,
        federation,
        parent);
  }
}
