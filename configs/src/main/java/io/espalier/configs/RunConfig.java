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

  /** Characters that change the text direction beyond the text's own end. */
  private static final Pattern TURNED = Pattern.compile("[\\u202A-\\u202E\\u2066-\\u2069]");

  public RunConfig {
    tags = List.copyOf(tags);
    new Rules()
        .require("name", name, isPrintable(name, 100), "1 to 100 printable characters")
        .require(
            "tags",
            tags,
            tags.size() <= MOST_TAGS
                && tags.stream().allMatch(tag -> isPrintable(tag, LONGEST_TAG)),
            "at most %d, each of 1 to %d printable characters".formatted(MOST_TAGS, LONGEST_TAG))
        .verify();
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

  /** Examples of one trainer's optimizer step. */
  public int stepExamples() {
    return data.batchSize() * train.step().accumulate();
  }

  /** This run with another network. */
  public RunConfig withModel(ModelConfig other) {
    return new RunConfig(name, tags, seed, data, other, train, prune, federation, parent);
  }

  /** This run with {@code rounds} epochs of one step each, for clocks that count rounds. */
  public RunConfig countingRounds(int rounds) {
    return new RunConfig(
        name,
        tags,
        seed,
        data,
        model,
        train.with(train.clock().with(rounds, new Span.Steps(1))),
        prune,
        federation,
        parent);
  }
}
